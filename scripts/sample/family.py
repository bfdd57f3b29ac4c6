"""A seeded family of clips to count people in, with exact truth: each kind is about one thing that counting finds hard.

The camera of the door looks down from under the ceiling at about 30 degrees, as those of shops do: seen from straight
above, people are circles of hair and shoulders, which a detector of ordinary views was not trained on.

Every place, walk and dress comes from the seed. People walk on straight lines at 0.9 to 1.5 m/s and through nobody
(walks.py); where two pictures meet, the nearer is in front.
"""
import json
import os

import numpy as np
from scipy import ndimage

from .clip import Encoder, truth_rows, write_truth
from .figures import draw_dress, draw_figure, make_figure
from .furniture import DEEP, Counter
from .room import HEIGHT, WIDTH, Room
from .walks import arrivals, at, pace, straight

FPS = 15
STRIDE = 1.4  # metres of two steps
SHADOW = 0.3  # of the light that is left there
NOISE = {'quiet-shop': 0.016}  # of a sensor in little light, of full scale; elsewhere half of that
UPRIGHT = [[0.5, -0.5], [0.5, 1.5]]


def sides(room, z, rng):
    """Out of the picture on the left and on the right at z, in one order or the other."""
    out = room.half_width(z) + 0.7
    return (-out, out) if rng.random() < 0.5 else (out, -out)


def high_room(rng):
    return Room(rng, 2.8 + 0.4 * rng.random(), 28 + 5 * rng.random(), 400 + 40 * rng.random(), 7.2, True)


def low_room(rng):
    return Room(rng, 2.3 + 0.3 * rng.random(), 16 + 4 * rng.random(), 450 + 50 * rng.random(), 7.5, False)


def counter_room(rng):
    room = Room(rng, 2.3 + 0.9 * rng.random(), 17 + 9 * rng.random(), 430 + 50 * rng.random(), 7.5, False)
    z, wide = 3 + 0.6 * rng.random(), 2 + rng.random()
    left = -wide / 2 + 1.6 * (rng.random() - 0.5)
    room.counter = Counter(rng, room, z, left, left + wide, 0.95 + 0.25 * rng.random())
    return room


def door(rng, room, seconds):
    """In and out of a doorway, on the right of it, some in twos abreast; some turn round before they are through."""
    line = 4.4

    def come(start):
        is_in, is_two = rng.random() < 0.55, rng.random() < 0.15
        street = 2.6 if rng.random() < 0.5 else -2.6
        through = (0 if is_two else -0.4 if is_in else 0.4) + 0.5 * (rng.random() - 0.5)
        near = (2.4 * (rng.random() - 0.5), 0.4)
        way = [(street, room.wall + 1.3), (through, room.wall + 0.5), (through, room.wall - 0.6), near]
        if is_two:
            walk, late = straight(start, pace(rng), *(way if is_in else way[::-1])), 0.12 * rng.random()
            return [[[(time + k * late, x + aside, z) for time, x, z in walk]] for k, aside in enumerate((-0.4, 0.4))]
        if rng.random() < 0.12:
            if is_in:
                way = [*way[:3], (through, line + 1.2), *way[2::-1]]
            else:
                way = [near, (near[0], line - 1.4), near]
        elif not is_in:
            way = way[::-1]
        return [[straight(start, pace(rng), *way)]]

    row = room.project(0, line)[1] / HEIGHT
    return [[-0.5, row], [1.5, row]], arrivals(rng, seconds, 2.6, come)


def aisle(rng, room, seconds):
    """Past a camera, either way, at several distances."""
    def come(start):
        z = 3.4 + 2.4 * rng.random()
        a, b = sides(room, z, rng)
        return [[straight(start, pace(rng), (a, z), (b, z + 0.3 * rng.random()))]]

    return UPRIGHT, arrivals(rng, seconds, 3, come)


def pairs(rng, room, seconds):
    """Two who meet at the line, one in front of the other."""
    def come(start):
        near, far = 3.4 + 0.6 * rng.random(), 4.6 + 0.8 * rng.random()
        meet, speed = 0.3 * (rng.random() - 0.5), pace(rng)
        a, b = sides(room, far, rng)
        other = pace(rng)
        late = abs(a - meet) / speed - abs(b - meet) / other
        return [[straight(start, speed, (a, near), (b, near))],
                [straight(start + late, other, (b, far), (a, far))]]

    return UPRIGHT, arrivals(rng, seconds, 6, come)


def returns(rng, room, seconds):
    """Out of the picture on one side, and back after some seconds."""
    def come(start):
        z = 3.4 + 2.4 * rng.random()
        a, b = sides(room, z, rng)
        away = straight(start, pace(rng), (a, z), (b, z))
        back = straight(away[-1][0] + 3 + 4 * rng.random(), pace(rng), (b, z), (a, z))
        return [[away, back]]

    return UPRIGHT, arrivals(rng, seconds, 8, come)


def stands(rng, room, seconds):
    """Somebody stops beside the line for some seconds and goes on, while another passes behind."""
    def come(start):
        z = 3.4 + 0.8 * rng.random()
        a, b = sides(room, z, rng)
        stop = np.sign(a) * (0.45 + 0.3 * rng.random()) * (1 if rng.random() < 0.5 else -1)
        speed = pace(rng)
        walk = straight(start, speed, (a, z), (stop, z))
        until = walk[-1][0] + 7 + 5 * rng.random()
        for second in np.arange(walk[-1][0] + 1, until, 1):  # to and fro by less than a step
            walk.append((second, stop + 0.05 * (rng.random() - 0.5), z))
        walk += straight(until, speed, (stop, z), (b, z))
        behind = z + 1 + rng.random()
        c, d = sides(room, behind, rng)
        return [[walk], [straight(start + 4 + 3 * rng.random(), pace(rng), (c, behind), (d, behind))]]

    return UPRIGHT, arrivals(rng, seconds, 10, come)


def visitors(rng, room, seconds):
    """An empty shop in which somebody comes in every minute or so, stands before two shelves for a while and goes."""
    def come(start):
        speed = pace(rng)
        inside = (0.5 * (rng.random() - 0.5), room.wall - 0.6)
        walk = straight(start, speed, (2.6 * (1 if rng.random() < 0.5 else -1), room.wall + 1.3),
                        (inside[0], room.wall + 0.5), inside)
        for _ in range(2):
            x, z = 3.2 * (rng.random() - 0.5), 2.6 + 3 * rng.random()
            walk += straight(walk[-1][0], speed, walk[-1][1:], (x, z))[1:]
            until = walk[-1][0] + 4 + 8 * rng.random()
            for second in np.arange(walk[-1][0] + 1, until, 1):  # to and fro by less than a step
                walk.append((second, x + 0.05 * (rng.random() - 0.5), z))
        out = walk[-1][1:]
        walk += straight(walk[-1][0] + 1, speed, out, inside, (inside[0], room.wall + 0.5),
                         (2.6 * (1 if rng.random() < 0.5 else -1), room.wall + 1.3))
        return [[walk]]

    row = room.project(0, 4.4)[1] / HEIGHT
    return [[-0.5, row], [1.5, row]], arrivals(rng, seconds, 60, come)


def counter(rng, room, seconds):
    """Along a counter behind it, up to it from behind and back, around its end, and past it in front, with the line behind it."""
    front, back = room.counter.z, room.counter.z + DEEP
    line = back + 0.7 + 0.5 * rng.random()

    def come(start):
        kind, speed = rng.random(), pace(rng)
        behind = back + 0.35 + 1.6 * rng.random()
        if kind < 0.4:
            a, b = sides(room, behind, rng)
            return [[straight(start, speed, (a, behind), (b, behind))]]
        if kind < 0.7:
            far, at_it = line + 0.8 + 0.6 * rng.random(), back + 0.3 + 0.15 * rng.random()
            x = room.counter.left + (0.15 + 0.7 * rng.random()) * (room.counter.right - room.counter.left)
            a, b = sides(room, far, rng)
            walk = straight(start, speed, (a, far), (x, far), (x, at_it))
            return [[walk + straight(walk[-1][0] + 3 * rng.random(), speed, (x, at_it), (x, far), (b, far))]]
        before = front - 0.4 - 0.6 * rng.random()
        if kind < 0.85:
            a, b = sides(room, before, rng)
            return [[straight(start, speed, (a, before), (b, before))]]
        side = 1 if rng.random() < 0.5 else -1
        end = room.counter.right + 0.5 if side > 0 else room.counter.left - 0.5
        far = line + 0.4 + 0.8 * rng.random()
        way = [(side * (room.half_width(before) + 0.7), before), (end, before), (end, back + 0.4), (0, far),
               (-side * (room.half_width(far) + 0.7), far)]
        return [[straight(start, speed, *(way if rng.random() < 0.5 else way[::-1]))]]

    row = room.project(0, line)[1] / HEIGHT
    # clear of the sides of the picture, where half a body may end above its feet
    return [[0.08, row], [0.92, row]], arrivals(rng, seconds, 3, come)


# How each is seen and walked through. Numbers of seeds depend on the order, so a new kind comes last.
KINDS = {
    'door': (high_room, door),
    'aisle': (low_room, aisle),
    'pairs-that-cross': (low_room, pairs),
    'returns': (low_room, returns),
    'stand-still': (low_room, stands),
    'shadow': (low_room, aisle),
    'quiet-shop': (high_room, visitors),
    'counter': (counter_room, counter),
}


def draw_clip(kind, seed, seconds, folder, stills):
    """clip.mp4, its truth and scene.json, the line to count at, in the folder."""
    rng = np.random.default_rng([seed, list(KINDS).index(kind)])
    make_room, make_walks = KINDS[kind]
    room = make_room(rng)
    line, people = make_walks(rng, room, seconds)
    dresses = [draw_dress(rng) for _ in people]
    looks = [(dress, 1.55 + 0.35 * rng.random()) for dress in dresses]
    dark = np.ones((HEIGHT, WIDTH, 1), np.float32)
    if kind == 'shadow':  # a third of the picture, on both sides of the line
        is_dark = (np.abs(np.arange(WIDTH) - WIDTH / 2) < WIDTH / 6) * np.ones((HEIGHT, 1))
        dark = 1 - (1 - SHADOW) * ndimage.gaussian_filter(is_dark.astype(np.float32), 12)[..., None]
    ways = [at(walks, np.arange(FPS * seconds) / FPS) for walks in people]
    os.makedirs(folder, exist_ok=True)
    encoder = Encoder(os.path.join(folder, 'clip.mp4'), WIDTH, HEIGHT, FPS, 'veryfast', 23)
    rows = []
    grains = rng.normal(0, NOISE.get(kind, 0.008), (16, HEIGHT, WIDTH, 1)).astype(np.float32)
    for number in range(FPS * seconds):
        here = sorted((i for i, way in enumerate(ways) if way[number, 1] > 0), key=lambda i: -ways[i][number, 1])
        frame, present, is_inside, is_before = room.backdrop.copy(), [], False, room.counter is None
        for i in here:
            x, z, walked = ways[i][number]
            if not is_before and z < room.counter.z:
                frame, is_before = _counter_over(room, frame, present), True
            if z < room.wall and not is_inside:
                frame, is_inside = _wall_over(room, frame), True
            dress, tall = looks[i]
            foot, head = room.project(x, z), room.project(x, z, tall)
            drawn = draw_figure((HEIGHT, WIDTH), make_figure(dress), *foot, foot[1] - head[1], walked / STRIDE % 1)
            if not drawn:
                continue
            where, part = drawn
            alpha = part[..., 3:]
            shade = ndimage.gaussian_filter(alpha[..., 0], 6)[..., None]
            frame[where] = frame[where] * (1 - 0.2 * shade) * (1 - alpha) + part[..., :3]
            seen = np.zeros((HEIGHT, WIDTH), np.float32)
            seen[where] = alpha[..., 0] * (1 - room.front[where]) if z >= room.wall else alpha[..., 0]
            present.append((i + 1, seen))
        if not is_inside:
            frame = _wall_over(room, frame)
        if not is_before:
            frame = _counter_over(room, frame, present)
        rows += truth_rows(number, present)
        frame = frame * dark + grains[rng.integers(16)]
        pixels = (np.clip(frame, 0, 1) * 255 + 0.5).astype(np.uint8)
        encoder.write(pixels)
        stills(number, pixels)
    encoder.close()
    write_truth(folder, f'{kind}-{seed}', rows, WIDTH, HEIGHT, FPS, FPS * seconds)
    with open(os.path.join(folder, 'scene.json'), 'w', encoding='ascii') as file:
        json.dump({'version': 1, 'lines': [{'id': 'line', 'points': line}]}, file)


def _wall_over(room, frame):
    return np.where(room.front[..., None], room.backdrop, frame)


def _counter_over(room, frame, present):
    present.append((None, room.counter.mask))
    return room.counter.over(frame)
