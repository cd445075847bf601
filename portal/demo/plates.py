"""Drawings that stand in for the photographs of the demo: 8:5, made by rule, in the colours of the portal."""

from collections.abc import Callable
from math import atan2, cos, degrees, pi, sin

from portal.demo.drawing import Canvas, Point, outlines, turned
from portal.demo.palette import CLAY, DEEP, FOREST, INK, LEAF, MIST, MOSS, PAPER, SAND, SUN

WIDTH, HEIGHT, SCALE = 640, 400, 2  # units; a picture has 1280 × 800 pixels


def rings() -> Canvas:
    canvas = Canvas(WIDTH, HEIGHT, DEEP, SCALE)
    for middle, colour in (((170, 250), MIST), ((500, 120), SUN)):
        for step in range(11 if colour == MIST else 8):
            canvas.ring(middle, 18 + 28 * step, colour, 9 - 0.55 * step, max(0.45, 1 - 0.07 * step))
        canvas.circle(middle, 13, CLAY)
    return canvas


def ripple() -> Canvas:
    canvas = Canvas(WIDTH, HEIGHT, MOSS, SCALE)
    bands = [(PAPER, 13), (LEAF, 9), (DEEP, 16), (SUN, 7)]
    for step in range(14):
        colour, width = bands[step % 4]
        y, swing = 420 - 34 * step, 70 - 4 * step
        canvas.stroke(f"M-20 {y}q160 {-swing} 330 -6t340 -30", colour, width)
    return canvas


def reeds() -> Canvas:
    canvas = Canvas(WIDTH, HEIGHT, SAND, SCALE)
    canvas.circle((470, 140), 92, SUN)
    head = outlines("M0 0c-18 -8 -22 -26 0 -44c22 18 18 36 0 44z")[0]
    for step in range(16):
        foot, top = 18 + 41 * step, 75 + (step * 67) % 185
        lean = 26 * sin(step * 2.3)
        canvas.stroke(
            f"M{foot} 415Q{foot} {(415 + top) / 2} {foot + lean:.1f} {top}", (FOREST, MOSS, DEEP)[step % 3], 9
        )
        if step % 3 != 1:
            canvas.fill(turned(head, lean * 0.6, (foot + lean, top + 8)), (CLAY, FOREST)[step % 2])
    return canvas


def delta() -> Canvas:
    canvas = Canvas(WIDTH, HEIGHT, MIST, SCALE)
    _branch(canvas, (-10, 330), -14, 150, 20)
    return canvas


def _branch(canvas: Canvas, foot: Point, angle: float, length: float, width: float) -> None:
    """A stem that parts in two, and those again, until it is thin and ends in a berry."""
    turn = angle * pi / 180
    top = (foot[0] + length * cos(turn), foot[1] + length * sin(turn))
    canvas.stroke([foot, top], FOREST, width)
    if width < 3.5:
        canvas.circle(top, 6.5, CLAY)
        return
    for bend, keep in ((-32, 0.8), (21, 0.76)):
        _branch(canvas, top, angle + bend, length * keep, width * 0.68)


def contours() -> Canvas:
    canvas = Canvas(WIDTH, HEIGHT, DEEP, SCALE)
    tones = [FOREST, "#2c6150", MOSS, LEAF, MIST, PAPER, MIST, LEAF, MOSS, FOREST]
    for step, tone in enumerate(tones):
        reach = 480 - 46 * step
        canvas.fill([_shore(turn * pi / 90, reach) for turn in range(180)], tone)
    canvas.circle((318, 208), 11, SUN)
    return canvas


def _shore(turn: float, reach: float) -> Point:
    """A point of an island's outline, `turn` radians around, about `reach` units from its middle."""
    far = reach * (1 + 0.16 * sin(2 * turn + 0.6) + 0.12 * cos(3 * turn) + 0.05 * sin(5 * turn))
    return 318 + far * cos(turn), 208 + 0.72 * far * sin(turn)


def shoal() -> Canvas:
    canvas = Canvas(WIDTH, HEIGHT, CLAY, SCALE)
    leaf = outlines("M-19 0q15-15 38 0q-23 15-38 0z")[0]
    for column in range(13):
        for row in range(8):
            x, y = 30 + 53 * column + 26 * (row % 2), 26 + 50 * row
            heading = degrees(atan2(200 - y + 0.35 * (x - 320), 420 - abs(x - 320)))
            odd = (column * 5 + row * 3) % 11
            canvas.fill(turned(leaf, heading, (x, y)), {0: SUN, 4: PAPER}.get(odd, DEEP))
    return canvas


def braid() -> Canvas:
    canvas = Canvas(WIDTH, HEIGHT, INK, SCALE)
    strands = [(FOREST, 22), (MOSS, 20), (MIST, 14), (SUN, 12), (CLAY, 14), (LEAF, 12)]
    for step, (colour, width) in enumerate(strands):
        line = [(x, 200 + 78 * sin(x / 92 + step * 1.05) * (0.7 + 0.3 * cos(x / 250))) for x in range(-30, 680, 6)]
        canvas.stroke([(float(x), y) for x, y in line], colour, width)
    return canvas


PLATES: dict[str, Callable[[], Canvas]] = {
    "rings": rings,
    "ripple": ripple,
    "reeds": reeds,
    "delta": delta,
    "contours": contours,
    "shoal": shoal,
    "braid": braid,
}


def plate(name: str) -> bytes:
    """The drawing of this name as a PNG file."""
    return PLATES[name]().png()
