/** A whole job on a video whose size changes on the way, as calls and broadcasts are recorded. */
import { canEncodeVideo } from 'mediabunny';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { PersonTracking } from '../../src/client/api.ts';
import { createPersonTracking } from '../../src/client/person-tracking.ts';
import { motRows } from '../../src/export/mot-rows.ts';
import { parseMot, parseMotTruth } from '../../src/metrics/mot-text.ts';
import { scoreTracking, trackingFigures } from '../../src/metrics/tracking-score.ts';
import { joinVideos, scaleVideo } from '../fixtures/copy-video.ts';
import { readVideo } from '../fixtures/read-video.ts';

/** The sample, 25 frames a second, and when its size changes. */
const SIZE = { width: 640, height: 360 };
const CHANGE_SECONDS = 4;
const END_SECONDS = 8;
const FRAMES = END_SECONDS * 25;
/** Frames from one sample to the next. */
const STEP = 5;

let sample: Uint8Array<ArrayBuffer>;
let truth: string;
beforeAll(async () => {
  sample = new Uint8Array(await (await fetch('/samples/footpath-sample.mp4')).arrayBuffer());
  truth = await (await fetch('/samples/footpath-sample/gt/gt.txt')).text();
});
const open: PersonTracking[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((tracking) => tracking.close()));
});

async function changing(codec: 'vp9' | 'avc', sizes: (typeof SIZE)[]) {
  const times = [0, CHANGE_SECONDS, END_SECONDS];
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for (const [i, size] of sizes.entries()) {
    parts.push(await scaleVideo(sample, { from: times[i]!, to: times[i + 1]!, ...size, codec }));
  }
  // Transport streams are joined as they are: each picture that can be begun with says its own size.
  return new Blob(codec === 'avc' ? parts : [await joinVideos(parts)]);
}

/** Runs a job and grades what it found in ratios of each frame, on the grid. */
async function grade(Body: Blob) {
  const tracking = createPersonTracking({
    database: `test-${crypto.randomUUID()}`,
    assets: '/',
    backend: 'int8',
    quality: 'fast',
    sampleRate: 25 / STEP,
  });
  open.push(tracking);
  await tracking.putObject({ Bucket: 'videos', Key: 'video', Body });
  const Video = { S3Object: { Bucket: 'videos', Name: 'video' } };
  const { JobId } = await tracking.startPersonTracking({ Video });
  const job = await tracking.waitForJob(JobId);
  expect(job.failure?.message).toBeUndefined();
  expect(job.report?.decode).toMatchObject({ framesDecoded: FRAMES, framesDamaged: 0 });
  expect(job.metadata).toMatchObject({ FrameWidth: SIZE.width, FrameHeight: SIZE.height });
  const paths = await tracking.getPaths(JobId);
  const lines = truth.split('\n').filter((line) => {
    const frame = Number(line.split(',')[0]);
    return frame <= FRAMES && (frame - 1) % STEP === 0;
  });
  const figures = trackingFigures(
    scoreTracking(
      parseMotTruth(lines.join('\n'), 'truth'),
      parseMot([...motRows(paths, SIZE)].join(''), 'results'),
      FRAMES,
    ),
  );
  return { people: job.people, figures };
}

describe.each(['vp9', 'avc'] as const)('%s', (codec) => {
  test('people keep their numbers and their boxes over it', async ({ skip }) => {
    if (!(await canEncodeVideo(codec))) return skip(`this browser cannot make ${codec} videos`);
    const file = await changing(codec, [SIZE, { width: 960, height: 540 }]);
    const { samples, info, failure } = await readVideo(file);
    expect(failure?.message).toBeUndefined();
    expect(info).toMatchObject(SIZE);
    expect(samples).toHaveLength(FRAMES);
    expect(samples.at(-1)!.size).toEqual({ width: 960, height: 540 });
    const same = await grade(await changing(codec, [SIZE, SIZE]));
    const changed = await grade(file);
    console.log(codec, 'same size:', same, 'changed:', changed);
    expect(same.figures.IDF1).toBeGreaterThan(50);
    // The picture itself is another one: as good, not the same.
    expect(changed.figures.HOTA).toBeGreaterThan(same.figures.HOTA - 3);
    expect(changed.figures.IDF1).toBeGreaterThan(same.figures.IDF1 - 3);
  });
});
