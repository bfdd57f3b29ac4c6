import { expect, test } from 'vitest';
import { ensureBuilt } from '../../scripts/build.mjs';
import { clipFolder, gradeClip, NO_CLIPS } from '../bench/made-clips.ts';

test.skipIf(NO_CLIPS !== undefined)(
  `a made clip of a door is counted from its file at most 2 % wrong${NO_CLIPS ? `: skipped, ${NO_CLIPS}` : ''}`,
  async () => {
    await ensureBuilt(['app', 'cli'], (text) => console.log(text));
    const { product } = gradeClip(clipFolder('door', 1, 30), ['--quality', 'fast']);
    expect(product.crossings).toBeGreaterThan(5);
    expect(product.crossingError).toBeLessThanOrEqual(0.02 * product.crossings);
  },
  600_000,
);
