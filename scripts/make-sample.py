#!/usr/bin/python3
"""Make the sample clip, or one of a seeded family of clips to count people in, and its exact ground truth.

  /usr/bin/python3 scripts/make-sample.py [--stills FOLDER]
  /usr/bin/python3 scripts/make-sample.py --kind door --seed 7 --out FOLDER [--seconds 60] [--stills FOLDER]

The first writes public/samples/footpath-sample.mp4 and public/samples/footpath-sample/{seqinfo.ini,gt/gt.txt}, the
second FOLDER/{clip.mp4,seqinfo.ini,gt/gt.txt} (kinds: scripts/sample/family.py). Nothing of the family is kept in the
repository: test/bench/counting.bench.ts makes what it needs.
Needs Debian's packages python3-skimage (which carries the two pictures, numpy and scipy) and ffmpeg.
The same input gives the same clip: the only noise is the background's, from a fixed seed.

The people are cut out of two free pictures (scripts/sample/cut_outs.py, NOTICE). Everything else in the picture is
computed.

Ground truth is in MOTChallenge form: frame, id, left, top, width, height, 1, 1, visibility; frames, ids and
pixels count from 1. A box bounds what the frame's edge and the hedge leave of a person (opacity of at least
half), as if nobody else were there; visibility is the share of it that nobody in front hides.
"""
import argparse
import os
import sys

sys.dont_write_bytecode = True  # no caches among the sources

import numpy as np
from scipy import ndimage
from skimage import io

from sample.clip import Encoder, truth_rows, write_truth
from sample.cut_outs import make_people
from sample.family import KINDS, draw_clip
from sample.textures import foliage, noise

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
WIDTH, HEIGHT, FPS, SECONDS = 640, 360, 25, 18
HORIZON = 146  # row of the eyes of whoever stands upright: the camera is held at that height
NEAR, FAR = 0, 1  # the two lanes, in front of the hedge and behind it

# ---------------------------------------------------------------- the scene

EYES = {'orange': 100, 'blue': 100, 'green': 100, 'navy': 120, 'camel': 120}  # sprite row at that height


def make_scenery():
    """The background and, for the far lane, the hedge in front: colours and opacity."""
    rng = np.random.default_rng(1602)
    big = (HEIGHT * 2, WIDTH * 2)
    y = np.arange(big[0])[:, None] / 2
    scene = np.empty(big + (3,))
    fall = np.clip(y / HORIZON, 0, 1)[..., None]
    scene[:] = np.array([0.50, 0.67, 0.86]) * (1 - fall) + np.array([0.86, 0.90, 0.92]) * fall
    clouds = np.clip(noise(rng, big, 220, 5, stretch=(0.5, 1.4)) * 1.9 - 0.9, 0, 1)[..., None] * 0.75
    scene = scene * (1 - clouds) + np.array([0.97, 0.97, 0.96]) * clouds
    # a far wood, out of focus
    crowns = 62 + 34 * noise(rng, (1, big[1]), 150, 5)[0]
    wood = ndimage.gaussian_filter(
        foliage(rng, big, 11, (0.14, 0.22, 0.13), (0.46, 0.56, 0.30)), (2.5, 2.5, 0))
    wood = wood * 0.72 + np.array([0.62, 0.70, 0.72]) * 0.28
    cover = ndimage.gaussian_filter((y > crowns[None]).astype(float), 2.5)[..., None]
    scene = scene * (1 - cover) + wood * cover
    # a low wall along the far lane
    bricks_y, bricks_x = (y - 150) / 7.5, np.arange(big[1])[None] / 2 / 22
    course = np.floor(bricks_y)
    shifted = bricks_x + 0.5 * (course % 2)
    tones = rng.random((64, 64))[course.astype(int) % 64, np.floor(shifted).astype(int) % 64]
    joint = np.minimum(np.minimum(bricks_y % 1, 1 - bricks_y % 1) * 7.5,
                       np.minimum(shifted % 1, 1 - shifted % 1) * 22)
    brick = (np.array([0.56, 0.36, 0.29]) * (0.78 + 0.3 * tones[..., None])
             * (0.88 + 0.24 * noise(rng, big, 9, 3)[..., None]))
    mortar = np.clip(1 - joint / 0.9, 0, 1)[..., None]
    brick = brick * (1 - mortar) + np.array([0.70, 0.67, 0.62]) * mortar
    coping = ((y > 143) & (y < 151))[..., None]
    brick = np.where(coping, np.array([0.74, 0.72, 0.68]) * (0.9 + 0.14 * noise(rng, big, 14, 3)[..., None]), brick)
    brick = ndimage.gaussian_filter(brick, (1.3, 1.3, 0))
    wall = ndimage.gaussian_filter(((y > 143) & (y < 400)).astype(float) * np.ones(big), 1.2)[..., None]
    scene = scene * (1 - wall) + brick * wall
    # the hedge, its top uneven
    top = 230 + 7 * noise(rng, (1, big[1]), 60, 5)[0]
    leaves = ndimage.gaussian_filter(foliage(rng, big, 6, (0.07, 0.15, 0.06), (0.42, 0.60, 0.20)), (0.7, 0.7, 0))
    leaves *= (1.12 - 0.55 * np.clip((y - top[None]) / 110, 0, 1))[..., None]
    ragged = top[None] + 5 * (noise(rng, big, 10, 3) - 0.5)
    hedge = ndimage.gaussian_filter((y > ragged).astype(float), 1.0)

    def halve(image):
        return image.reshape(HEIGHT, 2, WIDTH, 2, -1).mean((1, 3))

    return halve(scene), halve(leaves), halve(hedge)[..., 0]


# ---------------------------------------------------------------- who walks where

# Of each walk: person, lane, turned round, then (second, x of the sprite's middle in pixels, scale) to pass through.
WALKS = [
    ('orange', NEAR, False, [(0.2, -170, 0.56), (4.2, 190, 0.60), (7.6, 590, 0.66), (9.0, 830, 0.68)]),
    ('navy', FAR, False, [(0.0, 60, 0.36), (3.0, 250, 0.38), (6.0, 480, 0.40), (8.6, 740, 0.42)]),
    ('blue', FAR, False, [(1.2, 740, 0.42), (4.6, 470, 0.41), (9.0, 130, 0.38), (11.4, -110, 0.37)]),
    ('camel', NEAR, True, [(4.8, 800, 0.62), (8.0, 470, 0.60), (9.6, 330, 0.58), (13.2, -150, 0.55)]),
    ('green', FAR, False, [(8.0, -110, 0.38), (10.6, 200, 0.39), (13.0, 230, 0.39), (17.9, 590, 0.42)]),
    ('orange', NEAR, False, [(11.4, 820, 0.66), (14.0, 560, 0.64), (18.0, 90, 0.56)]),
    ('navy', FAR, True, [(11.0, 740, 0.41), (13.0, 520, 0.40), (15.4, 240, 0.38), (17.9, -70, 0.37)]),
]
IDENTITY = {'orange': 1, 'navy': 2, 'blue': 3, 'camel': 4, 'green': 5}


def along(points, time):
    """Place and scale at a time: a smooth monotone curve through the points, or None outside."""
    times, xs, scales = (np.array(column, float) for column in zip(*points))
    if not times[0] <= time <= times[-1]:
        return None
    slopes = np.diff(xs) / np.diff(times)
    tangents = np.concatenate([slopes[:1], (slopes[:-1] + slopes[1:]) / 2, slopes[-1:]])
    i = min(int(np.searchsorted(times, time, 'right')) - 1, len(times) - 2)
    span = times[i + 1] - times[i]
    s = (time - times[i]) / span
    x = ((2 * s**3 - 3 * s**2 + 1) * xs[i] + (s**3 - 2 * s**2 + s) * span * tangents[i]
         + (3 * s**2 - 2 * s**3) * xs[i + 1] + (s**3 - s**2) * span * tangents[i + 1])
    return x, float(np.interp(time, times, scales))


def place(sprite, eyes, x, scale, time, lane):
    """The sprite on a whole frame, with a walker's slight bob and sway."""
    phase = 2 * np.pi * time * (1.7 if lane == NEAR else 1.8)
    top = HORIZON - eyes * scale - abs(np.sin(phase / 2)) * 7 * scale
    left = x + 3 * scale * np.sin(phase / 2) - 256 * scale
    smooth = 0.42 * max(1 / scale - 0.6, 0)
    key = (id(sprite), round(smooth, 1))
    if key not in place.cache:
        place.cache[key] = ndimage.gaussian_filter(sprite, (key[1], key[1], 0))
    y0, y1 = max(int(top) - 2, 0), HEIGHT
    x0, x1 = max(int(left) - 2, 0), min(int(left + 512 * scale) + 3, WIDTH)
    frame = np.zeros((HEIGHT, WIDTH, 4))
    if x1 <= x0:
        return frame
    for channel in range(4):
        frame[y0:y1, x0:x1, channel] = ndimage.affine_transform(
            place.cache[key][..., channel], np.eye(2) / scale,
            ((y0 - top + 0.5) / scale - 0.5, (x0 - left + 0.5) / scale - 0.5),
            output_shape=(y1 - y0, x1 - x0), order=1, mode='constant')
    return frame


place.cache = {}


def draw_sample(stills):
    """Draw every frame of the sample back to front, encode, and write the truth."""
    scene, leaves, hedge = make_scenery()
    people = make_people()
    folder = os.path.join(ROOT, 'public', 'samples')
    encoder = Encoder(os.path.join(folder, 'footpath-sample.mp4'), WIDTH, HEIGHT, FPS, 'veryslow', 25)
    rows = []
    grain = np.random.default_rng(25)
    for number in range(FPS * SECONDS):
        time = number / FPS
        frame = scene.copy()
        present = []  # back to front: identity, opacity after the scenery
        for lane in (FAR, NEAR):
            if lane == NEAR:
                frame = frame * (1 - hedge[..., None]) + leaves * hedge[..., None]
            walkers = [(along(walk[3], time), walk) for walk in WALKS if walk[1] == lane]
            walkers = sorted((w for w in walkers if w[0]), key=lambda w: w[0][1])
            for (x, scale), (name, _, turned, _) in walkers:
                sprite = people[name][:, ::-1] if turned else people[name]
                layer = place(sprite, EYES[name], x, scale, time, lane)
                alpha = layer[..., 3:]
                haze = 0.10 if lane == FAR else 0.0
                if lane == NEAR:  # a soft shade on what is behind
                    shade = ndimage.gaussian_filter(ndimage.shift(alpha[..., 0], (5, 9), order=0), 9)
                    frame *= (1 - 0.28 * shade)[..., None]
                lit = layer[..., :3] * (1 - haze) + np.array([0.75, 0.79, 0.80]) * alpha * haze
                frame = frame * (1 - alpha) + lit
                seen = alpha[..., 0] * (1 - hedge) if lane == FAR else alpha[..., 0]
                present.append((IDENTITY[name], seen))
        rows += truth_rows(number, present)
        frame = frame + grain.normal(0, 0.006, (HEIGHT, WIDTH, 1))
        pixels = (np.clip(frame, 0, 1) * 255 + 0.5).astype(np.uint8)
        encoder.write(pixels)
        stills(number, pixels)
    encoder.close()
    write_truth(os.path.join(folder, 'footpath-sample'), 'footpath-sample', rows, WIDTH, HEIGHT, FPS, FPS * SECONDS)


def main():
    """The sample, or a clip of the family."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument('--kind', choices=sorted(KINDS), help='a clip of the family instead of the sample')
    options.add_argument('--seed', type=int, default=1, help='who walks where, and what the place looks like')
    options.add_argument('--seconds', type=int, default=60, help='length of a clip of the family')
    options.add_argument('--out', help='folder of a clip of the family')
    options.add_argument('--stills', help='also write every 25th frame as PNG into this folder')
    arguments = options.parse_args()

    def stills(number, pixels):
        if arguments.stills and number % 25 == 0:
            os.makedirs(arguments.stills, exist_ok=True)
            io.imsave(os.path.join(arguments.stills, f'{number:04}.png'), pixels, check_contrast=False)

    if not arguments.kind:
        draw_sample(stills)
    elif not arguments.out:
        options.error('--kind needs --out')
    else:
        draw_clip(arguments.kind, arguments.seed, arguments.seconds, arguments.out, stills)


if __name__ == '__main__':
    main()
