"""Walks over a floor, in seconds and metres, on which nobody walks through anybody else.

A person is a list of walks, for they may go away and come back; a walk is a list of (time, x, z), straight from each to the next.
"""
import numpy as np

APART = 0.5  # from the middle of one body to the next: shoulder to shoulder
DRAWS = 20  # of a walk, before it begins later
LATER = 0.25


def pace(rng):
    return 0.9 + 0.6 * rng.random()


def straight(start, speed, *places):
    """A walk through places (x, z) at a steady pace."""
    walk = [(start, *places[0])]
    for place in places[1:]:
        walk.append((walk[-1][0] + np.hypot(place[0] - walk[-1][1], place[1] - walk[-1][2]) / speed, *place))
    return walk


def arrivals(rng, seconds, every, make):
    """Everybody who comes before the last seconds: `make` draws who comes at a time, one person or several."""
    people, start = [], 0.5
    while start < seconds - 8:
        people += _in_nobodys_way(people, start, make)
        start += every * (0.4 + 1.2 * rng.random())
    return people


def _in_nobodys_way(people, start, make):
    """As people do: another way or pace while somebody would be walked through, and where none helps, they wait."""
    while True:
        for _ in range(DRAWS):
            group = make(start)
            if all(nearest(a, b) >= APART for i, a in enumerate(group) for b in people + group[:i]):
                return group
        start += LATER


def nearest(a, b):
    """How near two people come to each other; infinite where they are never there at once."""
    times = np.arange(min(a[0][0][0], b[0][0][0]), max(a[-1][-1][0], b[-1][-1][0]), 1 / 30)
    apart = np.hypot(*(at(a, times) - at(b, times))[:, :2].T)
    return np.min(apart[~np.isnan(apart)], initial=np.inf)


def at(walks, times):
    """Place (x, z) and metres walked at each time, a row each; not numbers where somebody is away."""
    rows, gone = np.full((len(times), 3), np.nan), 0.0
    for walk in walks:
        moments, *place = np.array(walk).T
        far = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(place)))])
        here = (times >= moments[0]) & (times <= moments[-1])
        rows[here] = np.stack([np.interp(times[here], moments, line) for line in (*place, gone + far)], 1)
        gone += far[-1]
    return rows
