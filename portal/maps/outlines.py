"""The world as `portal/data/world.json` has it: outlines of countries, and the point at which each is named.

Lengths are units of its Equal Earth projection, 1000 of them across the globe.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from portal.environment import BASE_DIR

SOURCE = BASE_DIR / "portal" / "data" / "world.json"
WIDTH, HEIGHT = 1000, 440  # without Antarctica
AROUND = 360  # degrees of longitude once round the globe
Point = tuple[float, float]
Ring = list[Point]
STEPS = re.compile(r"([Mmlz])|(-?[\d.]+)")


@dataclass(frozen=True)
class Country:
    """Where a country stands. `weight` is the area of its outline; 0 where it is too small to have one."""

    x: float
    y: float
    longitude: float
    weight: float

    @property
    def eastward(self) -> Point:
        """The same point one turn further east, on the right of the map's edge: longitude is linear in Equal Earth."""
        return WIDTH / 2 + (self.x - WIDTH / 2) * (self.longitude + AROUND) / self.longitude, self.y


@cache
def countries() -> Mapping[str, Country]:
    """Every country and territory by its ISO 3166-1 alpha-2 code."""
    return {
        code: Country(row["x"], row["y"], row["lon"], sum(map(area, rings(row.get("d", "")))))
        for code, row in read().items()
        if code != "AQ"
    }


def is_drawn(code: str) -> bool:
    """Whether the country is large enough to have an outline."""
    return code in countries() and countries()[code].weight > 0


def is_large(code: str) -> bool:
    """Whether it is worth showing where nobody is: more than a speck of an island."""
    return code in countries() and countries()[code].weight > 12


def read() -> dict[str, dict]:
    source = json.loads(SOURCE.read_text())
    return {**source["countries"], **source["extra"]}


def rings(path: str) -> list[Ring]:
    """The closed lines of an SVG path of M, m, l and z, as its source writes them, in absolute points."""
    found: list[Ring] = []
    numbers: list[float] = []
    x = y = 0.0
    command = ""
    for letter, number in STEPS.findall(path):
        if letter:
            command = letter
            continue
        numbers.append(float(number))
        if len(numbers) < 2:
            continue
        dx, dy = numbers
        numbers.clear()
        x, y = (dx, dy) if command == "M" else (round(x + dx, 1), round(y + dy, 1))
        if command in "Mm":
            found.append([])
            command = "l"
        found[-1].append((x, y))
    return found


def area(ring: Iterable[Point]) -> float:
    """Of the surface inside a closed line."""
    points = list(ring)
    pairs = zip(points, points[1:] + points[:1], strict=True)
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs)) / 2


@lru_cache(maxsize=64)
def middle(codes: tuple[str, ...]) -> Point | None:
    """The point among these countries where one word for all of them stands; large ones pull it to themselves."""
    found = [country for code in codes if (country := countries().get(code))]
    weights = [max(country.weight, 1.0) for country in found]
    if not found:
        return None
    whole = sum(weights)
    return (
        sum(country.x * weight for country, weight in zip(found, weights, strict=True)) / whole,
        sum(country.y * weight for country, weight in zip(found, weights, strict=True)) / whole,
    )
