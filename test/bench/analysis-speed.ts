import { analyze } from '../../src/analytics/analyze.ts';
import { parseScene } from '../../src/analytics/scene.ts';
import { median } from './statistics.ts';

/**
 * Seconds that a scene with a line and a zone takes for a million elements, 200 people of 5000 each: by the clock, which
 * other programs of the machine lengthen, and of the processor, which they do not. Medians of five.
 */
export function secondsForAMillion(): { elapsed: number; processor: number } {
  const n = 5000;
  const paths = Array.from({ length: 200 }, (_, index) => ({
    index,
    timestampsMs: Float64Array.from({ length: n }, (_, k) => 3000 * index + (1000 * k) / 15),
    boxes: Float32Array.from({ length: 4 * n }, (_, k) => {
      const at = Math.sin((k >> 2) / (300 + index));
      return [0.45 + 0.4 * at, 0.4 + 0.1 * at, 0.05, 0.2][k % 4]!;
    }),
  }));
  const scene = parseScene({
    version: 1,
    lines: [
      {
        id: 'line',
        points: [
          [0.5, 0],
          [0.5, 1],
        ],
      },
    ],
    zones: [
      {
        id: 'zone',
        points: [
          [0.6, 0.2],
          [0.9, 0.2],
          [0.9, 0.9],
          [0.6, 0.9],
        ],
      },
    ],
  });
  const video = { frameWidth: 1280, frameHeight: 720, durationMs: 1_000_000 };
  const times = Array.from({ length: 5 }, () => {
    const start = performance.now();
    const used = process.cpuUsage();
    analyze(paths, scene, video);
    const { user, system } = process.cpuUsage(used);
    return { elapsed: (performance.now() - start) / 1000, processor: (user + system) / 1e6 };
  });
  return {
    elapsed: median(times.map((it) => it.elapsed)),
    processor: median(times.map((it) => it.processor)),
  };
}
