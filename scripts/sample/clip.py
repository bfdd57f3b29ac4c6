"""A clip and its truth in MOTChallenge form, written together."""
import os
import subprocess

import numpy as np


class Encoder:
    """Frames of RGB bytes to an H.264 file by ffmpeg; the same frames give the same file."""

    def __init__(self, path, width, height, fps, preset, crf):
        self.process = subprocess.Popen(
            ['ffmpeg', '-v', 'error', '-y', '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', f'{width}x{height}',
             '-r', str(fps), '-i', '-', '-vf', 'scale=out_color_matrix=bt709:out_range=tv', '-c:v', 'libx264',
             '-preset', preset, '-crf', str(crf), '-g', '50', '-bf', '2', '-pix_fmt', 'yuv420p',
             '-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709', '-color_range', 'tv',
             '-threads', '1', '-flags:v', '+bitexact', '-fflags', '+bitexact', '-movflags', '+faststart', path],
            stdin=subprocess.PIPE)

    def write(self, pixels):
        self.process.stdin.write(pixels.tobytes())

    def close(self):
        self.process.stdin.close()
        if self.process.wait() != 0:
            raise SystemExit('ffmpeg failed')


def truth_rows(number, present):
    """Rows of one frame.

    `present` lists, back to front, the identity of each person and what the scenery leaves of them, as opacity; furniture
    among them has no identity. A box bounds at least half opacity, as if nobody else and no furniture were there;
    visibility is the share that nothing in front hides.
    """
    rows = []
    for i, (identity, seen) in enumerate(present):
        if identity is None:
            continue
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
    return rows


def write_truth(folder, name, rows, width, height, fps, frames):
    """seqinfo.ini and gt/gt.txt in the folder."""
    os.makedirs(os.path.join(folder, 'gt'), exist_ok=True)
    with open(os.path.join(folder, 'gt', 'gt.txt'), 'w', encoding='ascii') as file:
        file.writelines(','.join(str(value) for value in row) + '\n' for row in sorted(rows))
    with open(os.path.join(folder, 'seqinfo.ini'), 'w', encoding='ascii') as file:
        file.write(f'[Sequence]\nname={name}\nimDir=img1\nframeRate={fps}\nseqLength={frames}\n'
                   f'imWidth={width}\nimHeight={height}\nimExt=.jpg\n')
