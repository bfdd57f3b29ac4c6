"""A room seen by a camera under its ceiling: floor, back wall, a doorway in it; where a place of the floor is seen."""
import numpy as np
from scipy import ndimage

from .textures import noise

WIDTH, HEIGHT = 640, 360
DOOR_HALF, DOOR_TALL = 1.0, 2.3  # metres


class Room:
    """Metres: x to the right, z away from the camera along the floor, heights upwards."""

    def __init__(self, rng, height, pitch, focal, wall, has_door):
        self.height, self.pitch, self.focal, self.wall = height, np.radians(pitch), focal, wall
        self.counter = None
        self._paint(rng, has_door)

    def project(self, x, z, tall=0.0):
        """Pixel of a place `tall` metres above the floor at (x, z)."""
        down = self.height - tall
        depth = z * np.cos(self.pitch) + down * np.sin(self.pitch)
        return (WIDTH / 2 + self.focal * x / depth,
                HEIGHT / 2 + self.focal * (down * np.cos(self.pitch) - z * np.sin(self.pitch)) / depth)

    def half_width(self, z):
        """How far to the side the picture reaches on the floor at z."""
        depth = z * np.cos(self.pitch) + self.height * np.sin(self.pitch)
        return WIDTH / 2 * depth / self.focal

    def _paint(self, rng, has_door):
        rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH] + 0.5
        u, v = (columns - WIDTH / 2) / self.focal, (rows - HEIGHT / 2) / self.focal
        down = v * np.cos(self.pitch) + np.sin(self.pitch)
        ahead = np.cos(self.pitch) - v * np.sin(self.pitch)

        def floor_at(tile, tones, joint):
            reach = self.height / np.maximum(down, 1e-3)
            x, z = u * reach / tile, ahead * reach / tile
            tone = rng.random((64, 64))[np.floor(z).astype(int) % 64, np.floor(x).astype(int) % 64]
            edge = np.minimum(np.minimum(x % 1, 1 - x % 1), np.minimum(z % 1, 1 - z % 1))
            return (tones * (0.92 + 0.12 * tone[..., None]) * np.where(edge < 0.03, joint, 1)[..., None])

        grey = 0.38 + 0.3 * rng.random()
        tint = 1 + 0.12 * (rng.random(3) - 0.5)
        floor = floor_at(0.4 + 0.3 * rng.random(), grey * tint, 0.75)
        reach = self.wall / ahead
        across, above = u * reach, self.height - down * reach
        is_wall = above > 0
        paint = np.clip((0.45 + 0.4 * rng.random()) * (1 + 0.3 * (rng.random(3) - 0.5)), 0, 0.95)
        wall = paint * (0.9 + 0.12 * ((across / 0.9).astype(int) % 2))[..., None] * np.ones((1, 1, 3))
        wall = wall * np.where(above < 0.12, 0.6, 1)[..., None]
        for _ in range(5):  # posters
            x, h, w, t = 8 * rng.random() - 4, 0.8 + rng.random(), 0.3 + 0.5 * rng.random(), 0.3 + 0.5 * rng.random()
            if has_door and abs(x) < DOOR_HALF + w + 0.2:
                continue
            poster = (np.abs(across - x) < w) & (np.abs(above - h) < t)
            wall = np.where(poster[..., None], rng.random(3) * 0.7 + 0.15, wall)
        self.front = is_wall  # what hides whoever is behind the wall
        backdrop = np.where(is_wall[..., None], wall, floor)
        if has_door:
            door = is_wall & (np.abs(across) < DOOR_HALF) & (above < DOOR_TALL)
            street = floor_at(1.1, np.array([0.72, 0.72, 0.70]), 0.9)
            far = self.height - down * (self.wall + 3.5) / ahead
            street = np.where((far > 0)[..., None], np.array([0.80, 0.84, 0.86]), street)
            frame = is_wall & ~door & (np.abs(across) < DOOR_HALF + 0.12) & (above < DOOR_TALL + 0.12)
            backdrop = np.where(door[..., None], street, backdrop)
            backdrop = np.where(frame[..., None], 0.25, backdrop)
            self.front = is_wall & ~door
        light = 0.85 + 0.3 * noise(rng, (HEIGHT, WIDTH), 260, 3)
        grain = 0.96 + 0.08 * noise(rng, (HEIGHT, WIDTH), 5, 3)
        self.backdrop = ndimage.gaussian_filter(np.clip(backdrop * (light * grain)[..., None], 0, 1), (0.6, 0.6, 0)).astype(np.float32)
