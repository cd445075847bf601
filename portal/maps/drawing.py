"""A map of the world as SVG: countries shaded and marked with dots by number, regions as pins that say theirs.

Outlines are one static file that every map refers to, so a page carries its marks alone. Everything that can be
pressed is a plain link, which HTMX follows too; a table of the same figures belongs beside each map.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from django.templatetags.static import static
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString

from portal.maps.outlines import HEIGHT, WIDTH, Point, countries, is_drawn, middle

STEPS = (1, 5, 15, 50)  # from so many on, a dot is one size larger
RADII = (5, 7, 9, 12)  # of these dots on the whole world
CLOSE_RADII = (15, 19, 23, 28)  # and where a region fills the map, with room for the number
PIN = 26
LOWEST, HIGHEST = 440, 720  # of a map that shows a region
AROUND = 0.16  # of a region's size is left free on each side
SMALLEST = 90  # units of the world that fill a map at least


@dataclass(frozen=True)
class Mark:
    """A country with somebody or something in it. `label` says country and number in words, for who cannot see it."""

    code: str
    count: int
    label: str
    address: str
    is_chosen: bool = False


@dataclass(frozen=True)
class Pin:
    """A region by its address word, with its countries: one number in their middle."""

    name: str
    codes: tuple[str, ...]
    count: int
    label: str
    address: str


@dataclass(frozen=True)
class Frame:
    """The part of the world that is seen: `scale` times as large, moved by x and y."""

    scale: float = 1
    x: float = 0
    y: float = 0
    height: int = HEIGHT
    is_eastward: bool = False  # whether what lies beyond the map's edge is drawn on, to the right

    def place(self, code: str) -> Point | None:
        country = countries().get(code)
        if country is None:
            return None
        x, y = country.eastward if self.is_eastward and country.x < WIDTH / 2 else (country.x, country.y)
        return self.at((x, y))

    def at(self, point: Point) -> Point:
        return point[0] * self.scale + self.x, point[1] * self.scale + self.y

    @property
    def transform(self) -> str:
        return f"translate({self.x:.1f} {self.y:.1f}) scale({self.scale:.3f})"


WORLD = Frame()


def around(codes: Iterable[str]) -> Frame:
    """A frame in which these countries fill the map; a region on both sides of the map's edge is drawn together."""
    found = [country for code in codes if (country := countries().get(code))]
    if not found:
        return WORLD
    xs = [country.x for country in found]
    is_eastward = max(xs) - min(xs) > WIDTH / 2
    if is_eastward:
        xs = [country.eastward[0] if country.x < WIDTH / 2 else country.x for country in found]
    ys = [country.y for country in found]
    width, height = (max(SMALLEST, (max(side) - min(side)) * (1 + 2 * AROUND)) for side in (xs, ys))
    seen = min(HIGHEST, max(LOWEST, round(WIDTH * height / width)))
    scale = min(WIDTH / width, seen / height)
    x, y = ((max(side) + min(side)) / 2 * scale for side in (xs, ys))
    return Frame(scale, WIDTH / 2 - x, seen / 2 - y, seen, is_eastward)


def draw(title: str, marks: Iterable[Mark], pins: Sequence[Pin] = (), frame: Frame = WORLD) -> SafeString:
    """The map. With pins, those are what the keyboard reaches, and countries are for the mouse and the table."""
    outlines = static("img/world.svg")
    ordered = sorted(marks, key=lambda mark: (mark.is_chosen, -mark.count))
    shades = _joined(_shade(mark, outlines) for mark in ordered)
    dots = _joined(_mark(mark, frame, is_close=not pins) for mark in ordered)
    return _drawn(title, shades, dots, pins, frame)


def draw_brief(title: str, counts: Mapping[str, int], pins: Sequence[Pin]) -> SafeString:
    """The world with its countries shaded and dotted, and links at its pins alone: a third of the bytes."""
    outlines = static("img/world.svg")
    shades = "".join(_plain_shade(code, outlines) for code in sorted(counts))
    sizes: dict[int, list[str]] = {}
    for code, count in counts.items():
        sizes.setdefault(_size(count), []).append(code)
    dots = "".join(
        f'<g class="speck size-{size}">{"".join(_plain_dot(code, size) for code in sorted(sizes[size]))}</g>'
        for size in sorted(sizes, reverse=True)
    )
    return _drawn(title, SafeString(f'<g class="shade">{shades}</g>'), SafeString(dots), pins, WORLD)


def _drawn(title: str, shades: SafeString, dots: SafeString, pins: Sequence[Pin], frame: Frame) -> SafeString:
    return format_html(
        '<svg class="{}" viewBox="0 0 {} {}" width="{}" height="{}" role="group" aria-label="{}">'
        '<g transform="{}"><use href="{}#land"/>{}</g>{}{}</svg>',
        "map" if pins else "map map-close", WIDTH, frame.height, WIDTH, frame.height, title,
        frame.transform, static("img/world.svg"), shades, dots, _joined(_pin(pin, frame) for pin in pins),
    )  # fmt: skip


def _joined(parts: Iterable[str]) -> SafeString:
    """Parts that are HTML already."""
    return SafeString("".join(parts))


def _size(count: int) -> int:
    return sum(count >= step for step in STEPS[1:])


@cache
def _plain_shade(code: str, outlines: str) -> str:
    return f'<use href="{outlines}#{code}"/>' if is_drawn(code) else ""


@cache
def _plain_dot(code: str, size: int) -> str:
    at = WORLD.place(code)
    return f'<circle cx="{at[0]:.0f}" cy="{at[1]:.0f}" r="{RADII[size]}"/>' if at else ""


def _shade(mark: Mark, outlines: str) -> str:
    """Its outline, which is pressed like its dot; a territory without one shows nothing."""
    if not is_drawn(mark.code):
        return ""
    address, kind = escape(mark.address), "chosen" if mark.is_chosen else "shade"
    return (
        f'<a href="{address}" hx-get="{address}" tabindex="-1" aria-hidden="true">'
        f'<use class="{kind}" href="{outlines}#{mark.code}"/></a>'
    )


def _mark(mark: Mark, frame: Frame, *, is_close: bool) -> str:
    at = frame.place(mark.code)
    if at is None:
        return ""
    size, address, label = _size(mark.count), escape(mark.address), escape(mark.label)
    kind = f"{'dot' if is_close else 'speck'} size-{size}{' chosen' if mark.is_chosen else ''}"
    return (
        f'<a id="map-{mark.code}" href="{address}" hx-get="{address}" aria-label="{label}"'
        f"{_attributes(mark, is_close=is_close)}><title>{label}</title>"
        f'<circle class="{kind}" cx="{at[0]:.0f}" cy="{at[1]:.0f}" r="{(CLOSE_RADII if is_close else RADII)[size]}"/>'
        f"{_number(at, mark.count) if is_close else ''}</a>"
    )


def _attributes(mark: Mark, *, is_close: bool) -> str:
    chosen = ' aria-current="true"' if mark.is_chosen else ""
    return chosen if is_close else f'{chosen} tabindex="-1"'


def _pin(pin: Pin, frame: Frame) -> SafeString:
    point = middle(pin.codes)
    if point is None:
        return SafeString("")
    at = frame.at(point)
    return format_html(
        '<a id="map-{0}" href="{1}" hx-get="{1}" aria-label="{2}"><title>{2}</title>'
        '<circle class="pin" cx="{3}" cy="{4}" r="{5}"/>{6}</a>',
        pin.name, pin.address, pin.label, f"{at[0]:.0f}", f"{at[1]:.0f}", PIN, _number(at, pin.count),
    )  # fmt: skip


def _number(at: Point, count: int) -> SafeString:
    """As a circle has room for it: 986, 1420 in smaller figures, 12k."""
    kind = SafeString(' class="long"') if 1000 <= count < 10_000 else ""
    said = count if count < 10_000 else f"{count // 1000}k"
    return format_html('<text{} x="{}" y="{}" dy=".35em">{}</text>', kind, f"{at[0]:.0f}", f"{at[1]:.0f}", said)
