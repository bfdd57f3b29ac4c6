"""A counter that stands in a room: what it looks like, and what it hides of whoever is behind it."""
import numpy as np
from skimage import draw

from .room import HEIGHT, WIDTH
from .textures import noise

DEEP = 0.5  # metres from its front to its back


class Counter:
    """A box on the floor with its front at z, from `left` to `right` and `tall` metres high."""

    def __init__(self, rng, room, z, left, right, tall):
        self.z, self.left, self.right, self.tall = z, left, right, tall
        near, far = z, z + DEEP

        def face(*corners):
            return draw.polygon2mask((HEIGHT, WIDTH), [room.project(*corner)[::-1] for corner in corners])

        front = face((left, near, 0), (right, near, 0), (right, near, tall), (left, near, tall))
        top = face((left, near, tall), (right, near, tall), (right, far, tall), (left, far, tall))
        sides = [face((x, near, 0), (x, far, 0), (x, far, tall), (x, near, tall)) for x in (left, right)]
        self.mask = front | top | sides[0] | sides[1]
        grain = 0.9 + 0.2 * noise(rng, (HEIGHT, WIDTH), 30, 4, stretch=(0.15, 1))[..., None]
        tone = (0.25 + 0.5 * rng.random()) * (1 + 0.4 * (rng.random(3) - 0.5))
        light = np.where(top, 1.25, np.where(front, 1, 0.75))[..., None]
        self.picture = np.clip(tone * grain * light, 0, 1).astype(np.float32)

    def over(self, frame):
        """The frame with the counter in front of all that is in it."""
        return np.where(self.mask[..., None], self.picture, frame)
