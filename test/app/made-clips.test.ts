import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { ensureBuilt } from '../../scripts/build.mjs';
import { clipFolder, gradeClip, NO_CLIPS, PYTHON } from '../bench/made-clips.ts';

/** Places (x, z) on the floor in metres by kind, person and frame of a minute; null where somebody is away. */
const WALKS = `
import json, sys
import numpy as np
from sample.family import FPS, KINDS
from sample.room import Room
from sample.walks import at

Room._paint = lambda *_: None  # walls and floors are not asked for, and take seconds

def people(make_room, make_walks):
    rng = np.random.default_rng(7)
    return make_walks(rng, make_room(rng), 60)[1]

def places(walks):
    return [None if np.isnan(x) else [x, z] for x, z, _ in at(walks, np.arange(60 * FPS) / FPS)]

json.dump({kind: [places(walks) for walks in people(*makers)] for kind, makers in KINDS.items()}, sys.stdout)
`;

test.skipIf(PYTHON === undefined)(
  `nobody walks through anybody in made clips${PYTHON ? '' : `: skipped, ${NO_CLIPS}`}`,
  () => {
    const kinds = JSON.parse(
      execFileSync(PYTHON!, ['-B', '-c', WALKS], {
        cwd: resolve(import.meta.dirname, '../../scripts'),
        encoding: 'utf8',
        maxBuffer: 2 ** 26,
      }),
    ) as Record<string, ([number, number] | null)[][]>;
    const crowded = [
      'aisle',
      'counter',
      'door',
      'pairs-that-cross',
      'returns',
      'shadow',
      'stand-still',
    ];
    expect(Object.keys(kinds).sort()).toEqual([...crowded, 'quiet-shop'].sort());
    for (const [kind, people] of Object.entries(kinds)) {
      const apart = people.flatMap((a, i) =>
        people.slice(0, i).flatMap((b) =>
          a.flatMap((place, frame) => {
            const other = b[frame];
            return place && other ? [Math.hypot(place[0] - other[0], place[1] - other[1])] : [];
          }),
        ),
      );
      // half a metre is kept at thirty moments a second, of which these frames are not
      expect(Math.min(...apart), kind).toBeGreaterThan(0.49);
      if (crowded.includes(kind)) expect(Math.min(...apart), kind).toBeLessThan(1.2);
    }
  },
);

test.skipIf(NO_CLIPS !== undefined)(
  `a made clip of a door is counted from its file at most 2 % wrong${NO_CLIPS ? `: skipped, ${NO_CLIPS}` : ''}`,
  async () => {
    await ensureBuilt(['app', 'cli'], (text) => console.log(text));
    // Six go through in so short a time. How many in a hundred are wrong, docs/accuracy.md says.
    const { product } = gradeClip(clipFolder('door', 4, 16), ['--quality', 'fast']);
    expect(product.crossings).toBeGreaterThan(5);
    expect(product.crossingError).toBeLessThanOrEqual(0.02 * product.crossings);
  },
  600_000,
);
