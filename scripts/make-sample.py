#!/usr/bin/python3
"""Make the sample clip and its exact ground truth.
Long because the clip and its truth come from the same pass: a part of one without the other would not match.

  /usr/bin/python3 scripts/make-sample.py [--stills FOLDER]

writes public/samples/footpath-sample.mp4 and public/samples/footpath-sample/{seqinfo.ini,gt/gt.txt}.
Needs Debian's packages python3-skimage (which carries the two pictures, numpy and scipy) and ffmpeg.
The same input gives the same clip: the only noise is the background's, from a fixed seed.

The people are cut out of two free pictures, see NOTICE:
  astronaut.png  Eileen Collins, NASA, public domain
  camera.png     a photographer by Lav Varshney, CC0
Everything else in the picture is computed here.

Ground truth is in MOTChallenge form: frame, id, left, top, width, height, 1, 1, visibility; frames, ids and
pixels count from 1. A box bounds what the frame's edge and the hedge leave of a person (opacity of at least
half), as if nobody else were there; visibility is the share of it that nobody in front hides.
"""
import argparse
import os
import subprocess

import numpy as np
import skimage
from scipy import ndimage
from skimage import color, draw, io

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PICTURES = os.path.join(os.path.dirname(skimage.__file__), 'data')
WIDTH, HEIGHT, FPS, SECONDS = 640, 360, 25, 18
HORIZON = 146  # row of the eyes of whoever stands upright: the camera is held at that height
NEAR, FAR = 0, 1  # the two lanes, in front of the hedge and behind it

# ---------------------------------------------------------------- cutting people out

ASTRONAUT = [
    (155, 71), (158, 57), (165, 46), (176, 38), (190, 32), (197, 25), (211, 18), (230, 15), (248, 17),
    (267, 23), (281, 32), (293, 47), (300, 66), (301, 87), (298, 105), (292, 119), (284, 128), (277, 131),
    (270, 136), (265, 139), (263, 145), (260, 156), (257, 166), (256, 174), (270, 179), (284, 192),
    (295, 206), (302, 222), (305, 236), (323, 244), (335, 255), (343, 269), (350, 284), (355, 298),
    (359, 319), (363, 334), (362, 349), (370, 348), (382, 345), (403, 344), (424, 348), (445, 360),
    (464, 377), (478, 396), (488, 417), (493, 441), (496, 452), (504, 459), (511, 474), (511, 511),
    (36, 511), (33, 499), (27, 474), (23, 450), (22, 431), (19, 417), (21, 399), (24, 370), (27, 347),
    (31, 323), (37, 305), (40, 291), (47, 277), (54, 265), (66, 248), (80, 237), (94, 227), (105, 216),
    (114, 207), (113, 199), (115, 188), (120, 184), (124, 178), (129, 166), (138, 157), (155, 150),
    (171, 148), (183, 149), (184, 141), (182, 134), (176, 129), (171, 123), (164, 115), (158, 105), (156, 94),
]
ASTRONAUT_HAIR = [
    (150, 10), (310, 10), (310, 140), (268, 138), (266, 120), (270, 95), (255, 86), (225, 82), (192, 78),
    (184, 100), (182, 128), (150, 128),
]
PHOTOGRAPHER = [
    (11, 511), (9, 394), (4, 347), (2, 309), (4, 277), (10, 248), (20, 226), (28, 213), (38, 195), (49, 173),
    (56, 162), (66, 150), (80, 138), (101, 128), (124, 124), (134, 123), (150, 108), (161, 105), (164, 96),
    (171, 84), (181, 73), (192, 66), (206, 63), (225, 68), (244, 77), (258, 89), (268, 105), (271, 115),
    (271, 124), (265, 127), (258, 129), (253, 138), (252, 144), (260, 140), (281, 140), (284, 141),
    (323, 139), (325, 154), (320, 157), (320, 169), (328, 170), (331, 178), (328, 187), (330, 199),
    (324, 206), (319, 220), (312, 230), (302, 236), (305, 274), (300, 279), (287, 287), (263, 307),
    (246, 313), (225, 305), (206, 295), (197, 305), (187, 319), (176, 338), (164, 352), (150, 368),
    (141, 382), (145, 403), (149, 422), (149, 450), (150, 478), (151, 511),
]
PHOTOGRAPHER_HOLES = [
    [(258, 157), (259, 177), (267, 183), (273, 187), (274, 202), (246, 206), (241, 199), (244, 190),
     (247, 181), (246, 173), (255, 170), (257, 159)],
    [(245, 211), (281, 206), (272, 213), (263, 220), (263, 231), (249, 245)],
]
PHOTOGRAPHER_SKIN = [
    (181, 130), (195, 129), (198, 150), (208, 137), (225, 133), (250, 131), (252, 142), (256, 170),
    (248, 184), (243, 196), (232, 197), (206, 186), (192, 174), (184, 160),
]
PHOTOGRAPHER_HAIR = [
    (161, 105), (164, 92), (181, 68), (206, 60), (244, 74), (274, 105), (274, 128), (253, 131), (225, 133),
    (208, 140), (200, 150), (196, 134), (186, 126), (180, 136), (170, 136), (163, 120),
]
PHOTOGRAPHER_SHIRT = [(160, 148), (170, 156), (186, 182), (190, 200), (180, 212), (172, 190)]
PHOTOGRAPHER_CUFF = [(270, 240), (290, 242), (290, 266), (283, 266)]
PHOTOGRAPHER_CAMERA = [(253, 138), (327, 136), (327, 156), (320, 182), (290, 190), (262, 184), (254, 160)]
TRIPOD_COLUMN = (slice(214, 290), slice(286, 299))


def read_picture(name):
    """A picture as RGB from 0 to 1."""
    picture = io.imread(os.path.join(PICTURES, name)).astype(float) / 255
    return picture if picture.ndim == 3 else np.dstack([picture] * 3)


def region(polygon, softness=1.0):
    """A polygon of (x, y) points as a soft mask of the 512x512 picture."""
    mask = draw.polygon2mask((512, 512), [(y, x) for x, y in polygon]).astype(float)
    return ndimage.gaussian_filter(mask, softness)


def smooth_known(picture, known, sigma):
    """The picture's colours spread out of the known pixels (normalised convolution)."""
    weight = ndimage.gaussian_filter(known.astype(float), sigma) + 1e-6
    return np.dstack([ndimage.gaussian_filter(picture[..., c] * known, sigma) / weight for c in range(3)])


def cut_out(picture, outline, holes=(), band=4):
    """Colours and opacity of what the outline bounds.

    Near the outline the opacity comes from where a pixel lies between the colours just inside and just
    outside, as far as those differ, and from the outline where they do not. The background's share is
    taken out of the colours there.
    """
    soft = region(outline, 0.8)
    for hole in holes:
        soft = soft * (1 - region(hole, 0.8))
    inside = ndimage.distance_transform_edt(soft > 0.5)
    outside = ndimage.distance_transform_edt(soft <= 0.5)
    near = smooth_known(picture, inside > band, 4)
    beyond = smooth_known(picture, outside > band, 4)
    difference = near - beyond
    contrast = (difference**2).sum(2)
    measured = np.clip(((picture - beyond) * difference).sum(2) / np.maximum(contrast, 1e-4), 0, 1)
    trust = np.clip(contrast / 0.12, 0, 1) * ((inside <= band) & (outside <= band))
    alpha = trust * np.minimum(measured, np.clip(soft * 3, 0, 1)) + (1 - trust) * soft
    alpha = np.clip((ndimage.gaussian_filter(alpha, 0.5) - 0.06) / 0.88, 0, 1)
    clean = np.clip((picture - (1 - alpha[..., None]) * beyond) / np.maximum(alpha, 0.3)[..., None], 0, 1)
    edge = np.clip(1 - inside / band, 0, 1)[..., None] * (alpha < 0.98)[..., None]
    return clean * (1 - edge * 0.7) + near * edge * 0.7, alpha


def shift_suit(rgb, hue, saturation=1.0, value=1.0):
    """Another colour for the orange suit; skin, badges and helmet stay."""
    hsv = color.rgb2hsv(np.clip(rgb, 0, 1))
    orange = (np.abs(hsv[..., 0] - 0.035) < 0.055) & (hsv[..., 1] > 0.45)
    rows = np.clip((np.arange(512) - 205) / 20, 0, 1)[:, None]
    mask = (ndimage.gaussian_filter(orange.astype(float), 1.0) * rows)[..., None]
    hsv[..., 0] = hue
    hsv[..., 1] = np.clip(hsv[..., 1] * saturation, 0, 1)
    hsv[..., 2] = np.clip(hsv[..., 2] * value, 0, 1)
    return rgb * (1 - mask) + color.hsv2rgb(hsv) * mask


def dye(rgb, polygon, factors):
    """Multiplies the colours within a polygon."""
    mask = region(polygon, 2.0)[..., None]
    return rgb * (1 - mask) + np.clip(rgb * np.array(factors), 0, 1) * mask


def dress_photographer(rgb, coat, lift):
    """The grey photographer in colour: skin, dark brown hair, a coat of the given tint."""
    skin, hair, shirt, cuff, camera = (
        region(p, 1.5)[..., None]
        for p in (PHOTOGRAPHER_SKIN, PHOTOGRAPHER_HAIR, PHOTOGRAPHER_SHIRT, PHOTOGRAPHER_CUFF,
                  PHOTOGRAPHER_CAMERA)
    )
    skin = skin * (1 - hair)
    keep = np.clip(shirt + cuff + camera, 0, 1)
    cloth = np.clip(1 - skin - hair - keep, 0, 1)
    return np.clip(
        skin * np.clip(rgb * 1.18, 0, 1) * np.array([1.06, 0.83, 0.69])
        + hair * (rgb * np.array([1.05, 0.9, 0.78]))
        + keep * rgb
        + cloth * 0.42 * np.tanh((rgb * 1.9 + lift) / 0.42) * np.array(coat),
        0, 1,
    ) / np.maximum(skin + hair + keep + cloth, 1)


def make_people():
    """Every person's sprite: premultiplied RGBA, all 512x512."""
    astronaut, astronaut_alpha = cut_out(read_picture('astronaut.png'), ASTRONAUT)
    picture = read_picture('camera.png')
    rows, columns = TRIPOD_COLUMN
    left, right = picture[rows, columns.start - 2, :], picture[rows, columns.stop + 1, :]
    ramp = np.linspace(0, 1, columns.stop - columns.start)[None, :, None]
    picture[rows, columns] = left[:, None] * (1 - ramp) + right[:, None] * ramp
    man, man_alpha = cut_out(picture, PHOTOGRAPHER, PHOTOGRAPHER_HOLES)

    def sprite(rgb, alpha):
        return np.dstack([rgb * alpha[..., None], alpha])

    blue = dye(shift_suit(astronaut, 0.58, 0.72, 0.78), ASTRONAUT_HAIR, (0.42, 0.36, 0.34))
    green = dye(shift_suit(astronaut, 0.36, 0.5, 0.72), ASTRONAUT_HAIR, (0.95, 0.62, 0.45))
    return {
        'orange': sprite(astronaut, astronaut_alpha),
        'blue': sprite(blue, astronaut_alpha)[:, ::-1],
        'green': sprite(green, astronaut_alpha),
        'navy': sprite(dress_photographer(man, (0.78, 0.86, 1.1), 0.04), man_alpha),
        'camel': sprite(dress_photographer(man, (1.3, 1.02, 0.76), 0.14), man_alpha),
    }


EYES = {'orange': 100, 'blue': 100, 'green': 100, 'navy': 120, 'camel': 120}  # sprite row at that height

# ---------------------------------------------------------------- the scene


def noise(rng, shape, cell, octaves=4, persistence=0.55, stretch=(1, 1)):
    """Smooth noise from 0 to 1: octaves of interpolated random grids."""
    total, weight = np.zeros(shape), 1.0
    for octave in range(octaves):
        step = max(cell / 2**octave, 1)
        grid = rng.random((int(shape[0] / (step * stretch[0])) + 4, int(shape[1] / (step * stretch[1])) + 4))
        rows = np.arange(shape[0])[:, None] / (step * stretch[0]) + 1
        columns = np.arange(shape[1])[None, :] / (step * stretch[1]) + 1
        coordinates = np.broadcast_arrays(rows, columns)
        total += weight * ndimage.map_coordinates(grid, coordinates, order=3, mode='nearest')
        weight *= persistence
    low, high = np.percentile(total, [1, 99])
    return np.clip((total - low) / (high - low), 0, 1)


def foliage(rng, shape, size, dark, bright):
    """Leaves: many small lit ellipses over each other, in random order."""
    colours = np.empty(shape + (3,))
    colours[:] = dark
    rows, columns = np.mgrid[0 : shape[0], 0 : shape[1]]
    light = noise(rng, shape, 40)
    for _ in range(int(shape[0] * shape[1] / size**2 * 2.2)):
        y, x = rng.random() * shape[0], rng.random() * shape[1]
        angle, long, short = rng.random() * np.pi, size * (0.5 + rng.random()), size * (0.25 + 0.3 * rng.random())
        y0, y1 = max(int(y - 2 * size), 0), min(int(y + 2 * size) + 1, shape[0])
        x0, x1 = max(int(x - 2 * size), 0), min(int(x + 2 * size) + 1, shape[1])
        dy, dx = rows[y0:y1, x0:x1] - y, columns[y0:y1, x0:x1] - x
        u, v = dx * np.cos(angle) + dy * np.sin(angle), dy * np.cos(angle) - dx * np.sin(angle)
        leaf = ((u / long) ** 2 + (v / short) ** 2 < 1)[..., None]
        shade = np.clip(0.25 + 0.55 * rng.random() * (0.4 + light[int(y), int(x)]), 0, 1)
        tone = np.array(dark) * (1 - shade) + np.array(bright) * shade
        colours[y0:y1, x0:x1] = np.where(leaf, tone * (1 - 0.18 * np.clip(v / short, -1, 1))[..., None],
                                         colours[y0:y1, x0:x1])
    return colours


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


def main():
    """Draw every frame back to front, encode, and write the truth."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument('--stills', help='also write every 25th frame as PNG into this folder')
    arguments = options.parse_args()
    scene, leaves, hedge = make_scenery()
    people = make_people()
    folder = os.path.join(ROOT, 'public', 'samples')
    os.makedirs(os.path.join(folder, 'footpath-sample', 'gt'), exist_ok=True)
    encoder = subprocess.Popen(
        ['ffmpeg', '-v', 'error', '-y', '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', f'{WIDTH}x{HEIGHT}',
         '-r', str(FPS), '-i', '-', '-vf', 'scale=out_color_matrix=bt709:out_range=tv', '-c:v', 'libx264',
         '-preset', 'veryslow', '-crf', '25', '-g', '50', '-bf', '2', '-pix_fmt', 'yuv420p',
         '-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709', '-color_range', 'tv',
         '-threads', '1', '-flags:v', '+bitexact', '-fflags', '+bitexact', '-movflags', '+faststart',
         os.path.join(folder, 'footpath-sample.mp4')],
        stdin=subprocess.PIPE)
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
        for i, (identity, seen) in enumerate(present):
            solid = seen >= 0.5
            if solid.sum() < 64:
                continue
            ys, xs = np.flatnonzero(solid.any(1)), np.flatnonzero(solid.any(0))
            hidden = np.zeros_like(solid)
            for _, other in present[i + 1:]:
                hidden |= other >= 0.5
            visibility = (solid & ~hidden).sum() / solid.sum()
            rows.append((number + 1, identity, xs[0] + 1, ys[0] + 1, xs[-1] - xs[0] + 1, ys[-1] - ys[0] + 1,
                         1, 1, f'{visibility:.3f}'))
        frame = frame + grain.normal(0, 0.006, (HEIGHT, WIDTH, 1))
        pixels = (np.clip(frame, 0, 1) * 255 + 0.5).astype(np.uint8)
        encoder.stdin.write(pixels.tobytes())
        if arguments.stills and number % 25 == 0:
            os.makedirs(arguments.stills, exist_ok=True)
            io.imsave(os.path.join(arguments.stills, f'{number:04}.png'), pixels, check_contrast=False)
    encoder.stdin.close()
    if encoder.wait() != 0:
        raise SystemExit('ffmpeg failed')
    rows.sort()
    with open(os.path.join(folder, 'footpath-sample', 'gt', 'gt.txt'), 'w', encoding='ascii') as file:
        file.writelines(','.join(str(value) for value in row) + '\n' for row in rows)
    with open(os.path.join(folder, 'footpath-sample', 'seqinfo.ini'), 'w', encoding='ascii') as file:
        file.write(f'[Sequence]\nname=footpath-sample\nimDir=img1\nframeRate={FPS}\nseqLength={FPS * SECONDS}\n'
                   f'imWidth={WIDTH}\nimHeight={HEIGHT}\nimExt=.jpg\n')


if __name__ == '__main__':
    main()
