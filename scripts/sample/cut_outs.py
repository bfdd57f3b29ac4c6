"""The people of made clips, cut out of two free pictures that scikit-image carries, and dressed.

  astronaut.png  Eileen Collins, NASA, public domain
  camera.png     a photographer by Lav Varshney, CC0
"""
import os

import numpy as np
import skimage
from scipy import ndimage
from skimage import color, draw, io

PICTURES = os.path.join(os.path.dirname(skimage.__file__), 'data')

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


def bare_astronaut():
    """Colours and opacity of the astronaut."""
    return cut_out(read_picture('astronaut.png'), ASTRONAUT)


def bare_photographer():
    """Colours (all grey) and opacity of the photographer, without the tripod's column."""
    picture = read_picture('camera.png')
    rows, columns = TRIPOD_COLUMN
    left, right = picture[rows, columns.start - 2, :], picture[rows, columns.stop + 1, :]
    ramp = np.linspace(0, 1, columns.stop - columns.start)[None, :, None]
    picture[rows, columns] = left[:, None] * (1 - ramp) + right[:, None] * ramp
    return cut_out(picture, PHOTOGRAPHER, PHOTOGRAPHER_HOLES)


def make_people():
    """The sample's people: premultiplied RGBA, all 512x512."""
    astronaut, astronaut_alpha = bare_astronaut()
    man, man_alpha = bare_photographer()

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

