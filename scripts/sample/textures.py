"""Textures from random numbers: smooth noise and leaves."""
import numpy as np
from scipy import ndimage


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
