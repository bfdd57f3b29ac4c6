"""Whole walking people: a cut-out from the head to the hips or knees, and legs drawn under it."""
import functools
from typing import NamedTuple

import numpy as np
from scipy import ndimage
from skimage import draw

from .cut_outs import ASTRONAUT_HAIR, bare_astronaut, bare_photographer, dress_photographer, dye, shift_suit

PHASES = 8  # pictures of one stride
MIPS = 3  # each half the size of the one before
AT_ONCE = 14  # people whose pictures are kept in memory, 45 MB each
HAIR = ((0.42, 0.36, 0.34), (0.95, 0.62, 0.45), (1, 1, 1))

# Of each cut-out: column of the body's middle, row of the hips' joint, half the distance of the legs, half the width
# of a leg above, and the height of the whole figure, in pixels of the cut-out; a head is an eighth of it.
BUILDS = {'astronaut': (215, 500, 62, 62, 900), 'photographer': (78, 470, 26, 44, 760)}


class Dress(NamedTuple):
    """Clothes of one person's own."""

    build: str
    colours: tuple  # hue, saturation, value of the suit and factors of the hair; or the coat's tint and how light it is
    trousers: tuple
    is_turned: bool


def draw_dress(rng):
    build = 'astronaut' if rng.random() < 0.6 else 'photographer'
    if build == 'astronaut':
        colours = (rng.random(), 0.15 + 0.75 * rng.random(), 0.45 + 0.6 * rng.random(), HAIR[rng.integers(3)])
    else:
        colours = (tuple(0.65 + 0.75 * rng.random(3)), 0.02 + 0.2 * rng.random())
    trousers = np.clip(np.array([0.16, 0.17, 0.22]) + 0.22 * rng.random() + 0.08 * rng.random(3), 0, 1)
    return Dress(build, colours, tuple(trousers), rng.random() < 0.5)


@functools.lru_cache(AT_ONCE)
def make_figure(dress):
    """Somebody in their clothes: pictures by phase and size, premultiplied RGBA."""
    build, colours, trousers, is_turned = dress
    rgb, alpha = _bare(build)
    if build == 'astronaut':
        rgb = dye(shift_suit(rgb, *colours[:3]), ASTRONAUT_HAIR, colours[3])
    else:
        rgb = dress_photographer(rgb, *colours)
    figures = []
    for phase in range(PHASES):
        figure = _with_legs(rgb, alpha, BUILDS[build], phase / PHASES, np.array(trousers))
        figures.append(_mips(figure[:, ::-1] if is_turned else figure))
    return {'phases': figures, 'height': BUILDS[build][4], 'head': 12 if build == 'astronaut' else 60}


@functools.cache
def _bare(build):
    return bare_astronaut() if build == 'astronaut' else bare_photographer()


def _with_legs(rgb, alpha, build, phase, trousers):
    """The cut-out over two legs in a phase of the stride, at half its size: 512 rows, the body's middle in column 256."""
    middle, hips, apart, thick, height = (value / 2 for value in build)
    canvas = np.zeros((512, 512, 4), np.float32)
    swing = np.sin(2 * np.pi * phase)
    for side in (-1, 1):
        reach = side * swing
        foot = height - 8 - 13 * max(reach, 0)
        at = 256 + side * apart
        knee = at + 6 * reach, (hips + foot) / 2 - 3 * max(reach, 0)
        ankle = at + 13 * reach
        leg = [(at - thick, hips - 20), (at + thick, hips - 20), (knee[0] + 0.8 * thick, knee[1]),
               (ankle + 0.62 * thick, foot), (ankle - 0.62 * thick, foot), (knee[0] - 0.8 * thick, knee[1])]
        shoe = [(ankle - 0.75 * thick, foot - 5), (ankle + 0.75 * thick, foot - 5),
                (ankle + 0.9 * thick, foot + 8), (ankle - 0.9 * thick, foot + 8)]
        _paint(canvas, leg, trousers * (0.85 + 0.12 * reach), thick)
        _paint(canvas, shoe, np.array([0.10, 0.09, 0.09]), thick)
    fade = np.clip((512 - np.arange(512)) / 10, 0, 1)[:, None]
    top = _half(np.dstack([rgb * (alpha * fade)[..., None], alpha * fade]))
    body = canvas[:256, int(256 - middle):int(256 - middle) + 256]
    body[:] = top + body * (1 - top[..., 3:])
    return canvas


def _paint(canvas, polygon, colour, thick):
    """A polygon over what is there: darker towards both sides, as what is round."""
    xs, ys = zip(*polygon)
    x0, x1 = int(min(xs) - 2 * thick), int(max(xs) + 2 * thick)
    y0, y1 = int(min(ys)) - 4, min(int(max(ys)) + 4, canvas.shape[0])
    mask = draw.polygon2mask((y1 - y0, x1 - x0), [(y - y0, x - x0) for x, y in polygon]).astype(np.float32)
    mask = ndimage.gaussian_filter(mask, 1)
    lit = np.clip(colour * (0.55 + 0.55 * ndimage.gaussian_filter(mask, thick / 3)[..., None]), 0, 1)
    part = canvas[y0:y1, x0:x1]
    part *= 1 - mask[..., None]
    part += np.dstack([lit * mask[..., None], mask])


def _half(picture):
    size = picture.shape[0] // 2
    return picture.reshape(size, 2, size, 2, 4).mean((1, 3), dtype=np.float32)


def _mips(figure):
    mips = [figure]
    for _ in range(MIPS):
        mips.append(_half(mips[-1]))
    return mips


def draw_figure(shape, figure, x, foot, tall, phase):
    """The part of a figure that lies in a picture: feet at (x, foot), `tall` pixels from head to feet.

    Returns the rows and columns it takes as slices, and premultiplied RGBA; None out of the picture.
    """
    scale = 2 * tall / (figure['height'] - figure['head'])
    level = int(np.clip(np.floor(-np.log2(max(scale, 1e-3))), 0, MIPS))
    mip = figure['phases'][int(phase * PHASES) % PHASES][level]
    scale *= 2**level
    top = foot - figure['height'] / 2 / 2**level * scale
    left = x - 256 / 2**level * scale
    size = mip.shape[0] * scale
    y0, y1 = max(int(top) - 1, 0), min(int(top + size) + 2, shape[0])
    x0, x1 = max(int(left) - 1, 0), min(int(left + size) + 2, shape[1])
    if x1 <= x0 or y1 <= y0:
        return None
    part = np.dstack([
        ndimage.affine_transform(
            mip[..., channel], np.eye(2) / scale,
            ((y0 - top + 0.5) / scale - 0.5, (x0 - left + 0.5) / scale - 0.5),
            output_shape=(y1 - y0, x1 - x0), order=1, mode='constant')
        for channel in range(4)])
    return (slice(y0, y1), slice(x0, x1)), part
