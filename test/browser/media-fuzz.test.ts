import { beforeAll, describe, expect, inject, test } from 'vitest';
import { commands } from 'vitest/browser';
import { cutVideo, toContainer } from '../fixtures/copy-video.ts';
import { makeVideo } from '../fixtures/make-video.ts';
import { MUTATIONS, mutate } from '../fixtures/mutate-video.ts';
import { type ReadVideo, readVideo } from '../fixtures/read-video.ts';

/** More than the slowest file takes on a busy machine; a file that hangs takes longer. */
const LIMIT_MS = 30_000;
/** Damaged files of each container and kind of damage: a few in every run, many in a run of their own. */
const SEEDS = inject('fuzz');

type Bytes = Uint8Array<ArrayBuffer>;
const CONTAINERS = ['mp4', 'fragmented mp4', 'mkv', 'live mkv', 'ts', 'webm'] as const;
const corpus = new Map<string, Bytes>();

beforeAll(async () => {
  const sample = await (await fetch('/samples/footpath-sample.mp4')).arrayBuffer();
  const mp4 = await cutVideo(new Uint8Array(sample), FRAMES);
  for (const container of CONTAINERS) {
    if (container === 'mp4') corpus.set(container, mp4);
    else if (container === 'webm')
      corpus.set(container, new Uint8Array(await (await makeVideo({ seconds: 2 })).arrayBuffer()));
    else corpus.set(container, await toContainer(mp4, container));
  }
});

const FRAMES = 60;
/** What must not come of a damaged file. */
const UNTOLD = 'frames missing, and nothing told';

/** What came of a damaged file. */
function outcomeOf({ failure, samples, report }: ReadVideo): string {
  if (failure) return failure.kind;
  if (report!.framesDamaged > 0 || report!.partsUnread) return 'read, its damage told';
  return samples.length < FRAMES ? UNTOLD : 'read';
}

/** Reads a file, and asserts what holds of every file whatsoever. */
async function readAnything(bytes: Bytes, name: string): Promise<ReadVideo> {
  const late = new Promise<'late'>((resolve) => setTimeout(() => resolve('late'), LIMIT_MS));
  const read = await Promise.race([readVideo(new Blob([bytes])), late]);
  if (read === 'late') throw new Error(`${name} takes longer than ${LIMIT_MS / 1000} seconds`);
  const { samples, report, info, failure } = read;
  const times = samples.map(({ timeSeconds }) => timeSeconds);
  expect(
    times.every((time, k) => Number.isFinite(time) && (k === 0 || time > times[k - 1]!)),
    `${name}: rising times`,
  ).toBe(true);
  if (report) {
    const { framesExpected, framesDecoded, framesDamaged } = report;
    expect(framesDecoded + framesDamaged, `${name}: every frame accounted for`).toBe(
      framesExpected,
    );
    expect(samples.length, name).toBeLessThanOrEqual(framesDecoded);
  }
  if (info) {
    expect(Number.isSafeInteger(info.durationMs), `${name}: ${info.durationMs} ms`).toBe(true);
    expect(info.frameRate, name).toBeLessThanOrEqual(1000);
    expect(info.expectedSamples, name).toBeGreaterThan(0);
  }
  if (failure) expect(failure.message.length, name).toBeGreaterThan(40);
  else expect(samples.length, `${name}: a success has pictures`).toBeGreaterThan(0);
  return read;
}

/** Sizes and times of the frames that FFmpeg shows, milliseconds from the first; undefined where it is not installed. */
async function framesOfFFmpeg(bytes: Bytes) {
  let text = '';
  for (let at = 0; at < bytes.length; at += 2 ** 15) {
    text += String.fromCharCode(...bytes.subarray(at, at + 2 ** 15));
  }
  return commands.probeFrames(btoa(text));
}

describe.each(CONTAINERS)('%s', (container) => {
  test('whole, has the frames, times and sizes that FFmpeg shows', async () => {
    const bytes = corpus.get(container)!;
    const { samples, failure } = await readAnything(bytes, container);
    expect(failure?.message).toBeUndefined();
    expect(samples).toHaveLength(FRAMES);
    const theirs = await framesOfFFmpeg(bytes);
    if (!theirs) return console.log('skipped: ffprobe is not installed');
    expect(theirs.map(({ width, height }) => `${width}x${height} r0`)).toEqual(
      samples.map(({ shape }) => shape),
    );
    theirs.forEach(({ ms }, k) => {
      expect(Math.abs(ms - samples[k]!.timestampMs), `frame ${k}`).toBeLessThanOrEqual(2);
    });
  });

  test.each(Object.keys(MUTATIONS))(
    '%s: a result or a failure that says why',
    { timeout: SEEDS * (LIMIT_MS + 10_000) },
    async (kind) => {
      const original = corpus.get(container)!;
      const outcomes = new Map<string, number>();
      for (let seed = 1; seed <= SEEDS; seed++) {
        const name = `${container}, ${kind}, seed ${seed}`;
        const bytes = mutate(original, kind, seed);
        const read = await readAnything(bytes, name);
        const outcome = outcomeOf(read);
        // An index may be wrong in ways that nothing else in the file contradicts; these have none, or one a second.
        if (SEEDS === 1 && container !== 'mp4') expect(outcome, name).not.toBe(UNTOLD);
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
        if (seed % 8 === 1) {
          const again = await readVideo(new Blob([bytes]));
          expect(again.samples, `${name}: the same again`).toEqual(read.samples);
          expect(again.failure?.message, name).toBe(read.failure?.message);
        }
        if (SEEDS > 1) await compare(bytes, read, name);
      }
      if (SEEDS > 1) {
        const counts = [...outcomes].map(([outcome, count]) => `${outcome} ${count}`);
        console.log(`${container}, ${kind}: ${counts.join(', ')}`);
      }
    },
  );
});

/** Tells of files that are called whole here, and of which FFmpeg shows more or other frames. */
async function compare(bytes: Bytes, { samples, report, failure }: ReadVideo, name: string) {
  if (failure || report?.framesDamaged !== 0) return;
  const theirs = await framesOfFFmpeg(bytes);
  if (!theirs || theirs.length <= samples.length) return;
  console.log(`${name}: ${samples.length} frames here, ${theirs.length} by FFmpeg`);
}
