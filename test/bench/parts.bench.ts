/**
 * What it costs to detect a video in parts: `footpath detect` on the whole of it and on equal parts one after the other, in
 * turns, and joining them:
 *
 *   npm run bench:parts -- [--parts 2,4,8] [--rounds 3] [VIDEO]
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT, SAMPLE } from './bench-browser.ts';
import { markdownTable, median } from './statistics.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    parts: { type: 'string', default: '2,4,8' },
    rounds: { type: 'string', default: '3' },
  },
});
const video = positionals[0] ?? SAMPLE;
const counts = values.parts.split(',').map(Number);

/** Runs footpath. @returns seconds */
function footpath(...args: string[]): Promise<number> {
  const start = performance.now();
  return new Promise((done, failed) => {
    const run = spawn(process.execPath, [resolve(ROOT, 'cli/footpath.mjs'), ...args], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    run.once('error', failed);
    run.once('close', (code) => {
      if (code === 0) done((performance.now() - start) / 1000);
      else failed(new Error(`footpath ${args.join(' ')} ended with ${code}`));
    });
  });
}

const folder = mkdtempSync(join(tmpdir(), 'fp-parts-bench-'));
const times = new Map<string, number[]>();
const note = (name: string, seconds: number) => {
  times.set(name, [...(times.get(name) ?? []), seconds]);
};
try {
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const count of [1, ...counts]) {
      const out = join(folder, `${round}-${count}`);
      let seconds = 0;
      for (let part = 1; part <= count; part++) {
        const place = ['--part', `${part}/${count}`, '--out', join(out, `${part}`)];
        seconds += await footpath('detect', video, '--backend', 'int8', ...place);
      }
      note(`${count}`, seconds);
      note(
        `${count} joined`,
        await footpath('track', '--from-detections', out, '--out', join(folder, 'people.json')),
      );
      console.error(`round ${round + 1}: ${count} parts, ${seconds.toFixed(1)} s`);
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const whole = median(times.get('1')!);
const rows = [1, ...counts].map((count) => {
  const all = median(times.get(`${count}`)!);
  return [
    String(count),
    all.toFixed(1),
    (all / whole).toFixed(2),
    count === 1 ? '' : ((all - whole) / (count - 1)).toFixed(1),
    median(times.get(`${count} joined`)!).toFixed(1),
  ];
});
const head = ['parts', 'all of them, s', 'against the whole', 'each more, s', 'joining, s'];
console.log(`${availableParallelism()} cores; ${video}\n\n${markdownTable(head, rows)}`);
