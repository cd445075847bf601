"""Drawing with Pillow as with an SVG: shapes in units of one's own, smooth edges, outlines from path data."""

import io
import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from math import ceil, cos, hypot, radians, sin

from PIL import Image, ImageColor, ImageDraw

Point = tuple[float, float]
FINER = 2  # drawn so many times larger, then made small: smooth edges
PART = re.compile(r"([MLHVCSQTZmlhvcsqtz])|(-?\d*\.?\d+)")
TAKES = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "Z": 0}  # numbers of each command


class Canvas:
    """A picture `width` × `height` units large, of which each becomes `scale` pixels."""

    def __init__(self, width: int, height: int, ground: str, scale: float = 2) -> None:
        self.size = (round(width * scale), round(height * scale))
        self._scale = scale * FINER
        self._image = Image.new("RGB", (self.size[0] * FINER, self.size[1] * FINER), ground)
        self._draw = ImageDraw.Draw(self._image, "RGBA")

    def fill(self, path: str | list[Point], colour: str, opacity: float = 1) -> None:
        """Fill each closed outline of the path."""
        for outline in [path] if isinstance(path, list) else outlines(path):
            self._draw.polygon([self._at(point) for point in outline], fill=_colour(colour, opacity))

    def stroke(self, path: str | list[Point], colour: str, width: float) -> None:
        """A line along the path, round at its ends and corners."""
        for outline in [path] if isinstance(path, list) else outlines(path):
            points = [self._at(point) for point in outline]
            self._draw.line(points, fill=colour, width=max(1, round(width * self._scale)), joint="curve")
            for point in (outline[0], outline[-1]):
                self.circle(point, width / 2, colour)

    def circle(self, middle: Point, radius: float, colour: str) -> None:
        self.ellipse(middle, radius, radius, colour)

    def ellipse(self, middle: Point, across: float, down: float, colour: str) -> None:
        (x, y) = middle
        box = [self._at((x - across, y - down)), self._at((x + across, y + down))]
        self._draw.ellipse(box, fill=colour)

    def ring(self, middle: Point, radius: float, colour: str, width: float, opacity: float = 1) -> None:
        (x, y), reach = middle, radius + width / 2
        box = [self._at((x - reach, y - reach)), self._at((x + reach, y + reach))]
        self._draw.ellipse(box, outline=_colour(colour, opacity), width=max(1, round(width * self._scale)))

    def png(self) -> bytes:
        """The finished picture as a PNG file."""
        buffer = io.BytesIO()
        self._image.resize(self.size, Image.Resampling.BOX).save(buffer, "PNG", compress_level=1)
        return buffer.getvalue()

    def _at(self, point: Point) -> Point:
        return point[0] * self._scale, point[1] * self._scale


def turned(points: Iterable[Point], degrees: float, to: Point) -> list[Point]:
    """The points turned clockwise about the origin, then moved to a place."""
    c, s = cos(radians(degrees)), sin(radians(degrees))
    return [(x * c - y * s + to[0], x * s + y * c + to[1]) for x, y in points]


def _colour(colour: str, opacity: float) -> tuple[int, ...]:
    return (*ImageColor.getrgb(colour)[:3], round(opacity * 255))


def outlines(path: str) -> list[list[Point]]:
    """The points of SVG path data (SVG 2, 9.3; all commands but arcs), an outline for each "move to"."""
    found: list[list[Point]] = []
    bend: Point | None = None  # the last curve's control point, which S and T mirror
    for name, numbers in _commands(path):
        here = found[-1][-1] if found else (0.0, 0.0)
        if name.upper() == "Z":
            found[-1].append(found[-1][0])
            continue
        points = _absolute(name, numbers, here)
        if name.upper() == "M":
            found.append(points)
        elif name.upper() in "LHV":
            found[-1].append(points[0])
        else:
            mirrored = (2 * here[0] - bend[0], 2 * here[1] - bend[1]) if bend else here
            curve = [here, *([mirrored] if name.upper() in "ST" else []), *points]
            found[-1].extend(_curve(curve))
        bend = points[-2] if name.upper() in "CSQ" else mirrored if name.upper() == "T" else None
    return found


def _commands(path: str) -> Iterator[tuple[str, list[float]]]:
    """Each command with its numbers; a command with several sets of numbers comes several times."""
    name, numbers = "", list[float]()
    for letter, number in PART.findall(path):
        if letter:
            name = letter
        else:
            numbers.append(float(number))
        if len(numbers) == TAKES[name.upper()]:
            yield name, numbers
            numbers = []
            name = {"M": "L", "m": "l"}.get(name, name)  # further pairs after a "move to" are lines


def _absolute(name: str, numbers: list[float], here: Point) -> list[Point]:
    x, y = here if name.islower() else (0.0, 0.0)
    if name.upper() == "H":
        return [(numbers[0] + x, here[1])]
    if name.upper() == "V":
        return [(here[0], numbers[0] + y)]
    return [(a + x, b + y) for a, b in zip(numbers[::2], numbers[1::2], strict=True)]


def _curve(points: list[Point]) -> Iterator[Point]:
    """Points along a Bézier curve of any degree, without its first (de Casteljau)."""
    length = sum(hypot(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(points))
    steps = min(48, max(6, ceil(length / 3)))
    for step in range(1, steps + 1):
        t, row = step / steps, points
        while len(row) > 1:
            row = [(a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t) for a, b in pairwise(row)]
        yield row[0]
