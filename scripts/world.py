"""Writes static/img/world.svg, the outlines that every map is laid on, from portal/data/world.json.

Lines are simplified, borders once for both neighbours, so that no gap opens between them. Each country is a path of
its own with its code as id; `#land` is all of them.
"""

import sys
from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))


from portal.maps import outlines  # needs the path above
from portal.maps.outlines import Point, Ring

TARGET = outlines.BASE_DIR / "static" / "img" / "world.svg"
TOLERANCE = 0.45  # units by which a line may move: a third of a pixel on a wide screen
SMALLEST = 1.2  # square units of an island that is worth its bytes beside a larger part of the same country


def world() -> str:
    """The whole file."""
    found = {code: outlines.rings(row["d"]) for code, row in outlines.read().items() if "d" in row and code != "AQ"}
    kept = {code: _worth(rings) for code, rings in found.items()}
    simpler = Simpler(ring for rings in kept.values() for ring in rings)
    paths = "".join(f'<path id="{code}" d="{_path(map(simpler.ring, rings))}"/>' for code, rings in kept.items())
    size = f'width="{outlines.WIDTH}" height="{outlines.HEIGHT}" viewBox="0 0 {outlines.WIDTH} {outlines.HEIGHT}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} fill="#8a927e"><g id="land">{paths}</g></svg>\n'


def _worth(rings: list[Ring]) -> list[Ring]:
    largest = max(map(outlines.area, rings))
    return [ring for ring in rings if outlines.area(ring) >= min(SMALLEST, largest)]


class Simpler:
    """Douglas and Peucker's way of leaving points out, applied between the points where three lines meet."""

    def __init__(self, rings: Iterable[Ring]) -> None:
        self.beside: dict[Point, set[Point]] = defaultdict(set)
        for ring in rings:
            for one, next_one in zip(ring, ring[1:] + ring[:1], strict=True):
                self.beside[one].add(next_one)
                self.beside[next_one].add(one)

    def ring(self, ring: Ring) -> Ring:
        ring = ring[:-1] if ring[0] == ring[-1] else ring
        ends = [place for place, point in enumerate(ring) if len(self.beside[point]) != 2]
        if len(ends) < 2:  # an island: cut at its first point in the order of numbers, and at the farthest from it
            first = ring.index(min(ring)) if not ends else ends[0]
            ends = sorted({first, max(range(len(ring)), key=lambda place: _distance(ring[place], ring[first]))})
        whole = [*ring[ends[0] :], *ring[: ends[0] + 1]]
        cuts = [place - ends[0] for place in ends] + [len(ring)]
        lines = [self._line(whole[one : other + 1]) for one, other in pairwise(cuts)]
        return [point for line in lines for point in line[:-1]]

    def _line(self, line: Ring) -> Ring:
        """The same for both neighbours, whichever way round they go."""
        return _simplified(line) if line[0] <= line[-1] else _simplified(line[::-1])[::-1]


def _simplified(line: Ring) -> Ring:
    if len(line) < 3:
        return line
    far, place = max((_off(point, line[0], line[-1]), number) for number, point in enumerate(line[1:-1], start=1))
    if far <= TOLERANCE:
        return [line[0], line[-1]]
    return _simplified(line[: place + 1])[:-1] + _simplified(line[place:])


def _distance(one: Point, other: Point) -> float:
    return ((one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2) ** 0.5


def _off(point: Point, start: Point, end: Point) -> float:
    """How far a point is from the line between two others."""
    length = _distance(start, end)
    if not length:
        return _distance(point, start)
    turn = (end[0] - start[0]) * (start[1] - point[1]) - (start[0] - point[0]) * (end[1] - start[1])
    return abs(turn) / length


def _path(rings: Iterable[Ring]) -> str:
    """Relative steps in tenths of a unit, as short as SVG lets them be written."""
    return "".join(_steps(ring) for ring in rings if len(ring) > 2)


def _steps(ring: Ring) -> str:
    words, at = f"M{_number(ring[0][0])} {_number(ring[0][1])}l", ring[0]
    for x, y in ring[1:]:
        for step in (x - at[0], y - at[1]):
            said = _number(step)
            words += said if words[-1] == "l" or said[0] == "-" else f" {said}"
        at = (x, y)
    return f"{words}z"


def _number(value: float) -> str:
    said = f"{round(value, 1):.1f}".removesuffix(".0").replace("-0.", "-.")
    return said[1:] if said.startswith("0.") else "0" if said == "-0" else said


if __name__ == "__main__":
    TARGET.write_text(world())
