"""A map of the world as SVG: countries shaded and marked with dots by number, regions as pins that say theirs.

Outlines are one static file that every map refers to, so a page carries its marks alone. Everything that can be
pressed is a plain link, which HTMX follows too; a table of the same figures belongs beside each map.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
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

    @property
    def size(self) -> int:
        return sum(self.count >= step for step in STEPS[1:])


@dataclass(frozen=True)
class Pin:
    """A region by its address word, with its countries: one number in their middle."""

    name: str
    codes: Sequence[str]
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


def draw(
    title: str, marks: Iterable[Mark], pins: Sequence[Pin] = (), frame: Frame = WORLD, *, is_brief: bool = False
) -> SafeString:
    """The map. With pins, those are what the keyboard reaches, and countries are for the mouse and the table.

    A brief one shades and dots the countries and links its pins alone, in a third of the bytes.
    """
    outlines = static("img/world.svg")
    ordered = sorted(marks, key=lambda mark: (mark.is_chosen, -mark.count))
    if is_brief:
        shades, dots = _shades_alone(ordered, outlines), _dots_alone(ordered, frame)
    else:
        shades = _joined(_shade(mark, outlines) for mark in ordered)
        dots = _joined(_mark(mark, frame, is_close=not pins) for mark in ordered)
    return format_html(
        '<svg class="{}" viewBox="0 0 {} {}" width="{}" height="{}" role="group" aria-label="{}">'
        '<g transform="{}"><use href="{}#land"/>{}</g>{}{}</svg>',
        "map" if pins else "map map-close", WIDTH, frame.height, WIDTH, frame.height, title,
        frame.transform, outlines, shades, dots, _joined(_pin(pin, frame) for pin in pins),
    )  # fmt: skip


def _joined(parts: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


def _shades_alone(marks: Iterable[Mark], outlines: str) -> SafeString:
    codes = sorted(mark.code for mark in marks if is_drawn(mark.code))
    return format_html(
        '<g class="shade">{}</g>', _joined(format_html('<use href="{}#{}"/>', outlines, code) for code in codes)
    )


def _dots_alone(marks: Iterable[Mark], frame: Frame) -> SafeString:
    """One group a size, the largest first."""
    sizes: dict[int, list[Point]] = {}
    for mark in marks:
        if at := frame.place(mark.code):
            sizes.setdefault(mark.size, []).append(at)
    return _joined(
        format_html('<g class="speck size-{}">{}</g>', size, _joined(_dot(at, RADII[size]) for at in sorted(places)))
        for size, places in sizes.items()
    )


def _dot(at: Point, radius: int) -> SafeString:
    return format_html('<circle cx="{}" cy="{}" r="{}"/>', f"{at[0]:.0f}", f"{at[1]:.0f}", radius)


def _shade(mark: Mark, outlines: str) -> SafeString:
    """Its outline, which is pressed like its dot; a territory without one shows nothing."""
    if not is_drawn(mark.code):
        return SafeString("")
    return format_html(
        '<a href="{0}" hx-get="{0}" tabindex="-1" aria-hidden="true"><use class="{1}" href="{2}#{3}"/></a>',
        mark.address, "chosen" if mark.is_chosen else "shade", outlines, mark.code,
    )  # fmt: skip


def _mark(mark: Mark, frame: Frame, *, is_close: bool) -> SafeString:
    at = frame.place(mark.code)
    if at is None:
        return SafeString("")
    radius = (CLOSE_RADII if is_close else RADII)[mark.size]
    kind = f"{'dot' if is_close else 'speck'} size-{mark.size}{' chosen' if mark.is_chosen else ''}"
    number = _number(at, mark.count) if is_close else ""
    return format_html(
        '<a id="map-{0}" href="{1}" hx-get="{1}" aria-label="{2}"{3}><title>{2}</title>'
        '<circle class="{4}" cx="{5}" cy="{6}" r="{7}"/>{8}</a>',
        mark.code, mark.address, mark.label, _attributes(mark, is_close=is_close),
        kind, f"{at[0]:.0f}", f"{at[1]:.0f}", radius, number,
    )  # fmt: skip


def _attributes(mark: Mark, *, is_close: bool) -> SafeString:
    chosen = ' aria-current="true"' if mark.is_chosen else ""
    return SafeString(chosen if is_close else f'{chosen} tabindex="-1"')


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
