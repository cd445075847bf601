"""Portraits of people who do not exist, drawn in the colours of the portal."""

from dataclasses import dataclass

from portal.demo.drawing import Canvas
from portal.demo.palette import AUBURN, BLACK, BROWN, GREY, INK, WHITE

SIDE = 240  # units; the shapes below are drawn on a square of this side

NECK = "M98 146h44v40c0 12-44 12-44 0z"
SHOULDERS = "M12 240c4-40 30-54 84-66 8 16 40 16 48 0 54 12 80 26 84 66z"
SHOULDER_SHADE = "M144 174c54 12 80 26 84 66h-78c6-22 4-44-6-66z"
FACE = "M77 104c0-34 18-50 43-50s43 16 43 50c0 40-20 66-43 66s-43-26-43-66z"
FACE_SHADE = "M124 54c28 1 39 18 39 50 0 40-20 66-43 66 14-12 20-26 14-40-3-8-12-8-12-14 0-10 8-14 6-28-1-12-6-22-4-34z"
BROWS = "M89 93q10-7 20-2M131 91q10-5 20 2"
NOSE = "M121 106c0 10-6 16-5 20 2 3 6 3 10 2"
SMILE = "M105 143q15 8 31 0"
LAUGH = "M103 141q17 5 35 0q-4 15-17 15t-18-15z"
LINES = "M95 134q-5 6-4 14M147 134q5 6 4 14"
BRIDGE = "M115 105q5-4 11 0M85 104l-9-3M156 104l8-3"
STUBBLE = "M78 114c5 16 13 24 24 21 10-3 26-3 36 0 11 3 19-5 24-21 0 38-20 60-42 60s-42-22-42-60z"
BEARD = "M77 108c6 14 16 22 26 20 10-3 24-3 34 0 10 2 20-6 26-20 2 44-20 72-43 72s-45-28-43-72z"
SCARF = (  # its two halves about the face
    "M120 36c38 0 56 28 55 70-1 46-20 82-55 82v-18c23 0 41-24 41-58 0-30-13-46-41-46z"
    "M121 36c-38 0-57 28-56 70 1 46 20 82 56 82v-18c-24 0-42-24-42-58 0-30 13-46 42-46z"
)
SCARF_FOLD = "M66 128c8 40 30 60 60 62 10 16 24 26 44 34-50 4-92-30-104-96z"

LONG = "M66 112c-4-58 24-76 56-76s58 20 54 78c-1 34 6 62 14 92H54c8-30 13-60 12-94z"
BOB = "M64 118c-4-60 24-82 56-82s60 22 56 82c0 18 2 32 2 42-12 8-104 8-116 0 0-10 2-24 2-42z"
PARTED = "M76 108c-4-40 14-60 44-62 32 2 48 24 44 62-16-8-32-26-40-46-10 22-28 38-48 46z"
CROWN = "M74 104c-2-40 18-58 46-58s48 18 46 58c-8-24-24-36-46-36s-38 12-46 36z"
TIED = "M70 116c-4-54 20-72 50-72s54 18 50 72z"
BEHIND = {  # what of the hair is behind the face, by hair style
    "long": LONG,
    "bob": BOB,
    "bun": TIED,
    "round": "M120 20c40 0 72 26 72 66 0 30-14 56-34 62H82c-20-6-34-32-34-62 0-40 32-66 72-66z",
    "plaits": "M70 110c-4-52 20-70 50-70s54 18 50 70c2 40 8 70 6 100h-20c-4-30-6-60-8-90H92c-2 30-4 60-8 90H64"
    "c-2-30 4-60 6-100z",
    "scarf": "M120 34c40 0 62 30 60 80-1 34 8 60 30 126H30c22-66 31-92 30-126-2-50 20-80 60-80z",
}
BEFORE = {  # and what is before it
    "long": PARTED,
    "bob": "M75 104c0-40 16-58 47-58 29 0 43 22 43 58-3-8-8-16-16-22-22 4-50 2-62-6-4 8-10 18-12 28z",
    "bun": CROWN,
    "round": "M74 104c0-34 20-46 46-46s46 12 46 46c-8-18-22-26-46-26s-38 8-46 26z",
    "plaits": PARTED,
    "short": "M75 100c-5-40 16-58 45-58s50 18 45 58c-4-14-10-24-18-30-16-4-38-4-54 0-8 6-14 16-18 30z",
    "swept": "M74 104c-8-44 18-66 48-66 32 0 54 20 45 66-5-8-6-20-10-28-22 2-44-2-58-12-4 16-18 22-25 40z",
    "hat": "M80 78c0-34 12-46 42-46s40 12 40 46z M48 84c20-12 124-12 146 0-10 10-136 10-146 0z",
}
CURLS_BEHIND = [
    (72, 96, 24), (80, 66, 26), (106, 48, 28), (138, 50, 28), (162, 70, 24), (168, 98, 22), (66, 122, 18),
    (174, 124, 17),
]  # fmt: skip
CURLS_BEFORE = [(84, 72, 15), (104, 60, 16), (128, 60, 16), (150, 72, 14)]


@dataclass(frozen=True)
class Looks:
    """How somebody is drawn. `skin` is in light and in shade; `hair` colours a scarf or a hat, too."""

    skin: tuple[str, str]
    style: str
    hair: str
    clothes: str
    ground: str
    sun: str
    earrings: str = ""
    beard: str = ""
    is_laughing: bool = False
    has_glasses: bool = False
    has_lines: bool = False


def portrait(looks: Looks) -> bytes:
    """The portrait as a PNG file, a square of 480 pixels."""
    canvas = Canvas(SIDE, SIDE, looks.ground)
    canvas.circle((196, 62), 74, looks.sun)
    _hair_behind(canvas, looks)
    _head(canvas, looks)
    _features(canvas, looks)
    _hair_before(canvas, looks)
    _worn(canvas, looks)
    return canvas.png()


def _hair_behind(canvas: Canvas, looks: Looks) -> None:
    if looks.style == "bun":
        canvas.circle((120, 34), 23, looks.hair)
    if looks.style == "curls":
        for x, y, radius in CURLS_BEHIND:
            canvas.circle((x, y), radius, looks.hair)
    canvas.fill(BEHIND.get(looks.style, ""), looks.hair)


def _head(canvas: Canvas, looks: Looks) -> None:
    light, shade = looks.skin
    if looks.style != "scarf":
        canvas.fill(NECK, shade)
        canvas.fill(SHOULDERS, looks.clothes)
        canvas.fill(SHOULDER_SHADE, "#000", 0.13)
    if looks.style not in {"scarf", "round"}:
        canvas.ellipse((77, 114), 7, 11, light)
        canvas.ellipse((163, 114), 7, 11, shade)
    canvas.fill(FACE, light)
    canvas.fill(FACE_SHADE, shade, 0.62)


def _features(canvas: Canvas, looks: Looks) -> None:
    if looks.beard:
        canvas.fill(STUBBLE if looks.beard == "short" else BEARD, looks.hair, 0.55 if looks.beard == "short" else 1)
    canvas.stroke(BROWS, BROWN if looks.hair in {GREY, AUBURN} else BLACK, 4.5)
    for x in (100, 141):
        canvas.ellipse((x, 106), 4.2, 4.8, BLACK)
    canvas.stroke(NOSE, looks.skin[1], 3.6)
    if looks.is_laughing:
        canvas.fill(LAUGH, WHITE)
    else:
        canvas.stroke(SMILE, looks.skin[0] if looks.beard == "full" else BLACK, 4)
    if looks.has_lines:
        canvas.stroke(LINES, looks.skin[1], 2.4)


def _hair_before(canvas: Canvas, looks: Looks) -> None:
    if looks.style == "scarf":
        canvas.fill(SCARF, looks.hair)
        canvas.fill(SCARF_FOLD, "#000", 0.14)
        return
    if looks.style == "curls":
        for x, y, radius in CURLS_BEFORE:
            canvas.circle((x, y), radius, looks.hair)
    canvas.fill(BEFORE.get(looks.style, ""), looks.hair)
    if looks.style == "hat":
        canvas.fill("M80 66h82v12H79z", "#000", 0.25)


def _worn(canvas: Canvas, looks: Looks) -> None:
    if looks.has_glasses:
        for x in (100, 141):
            canvas.ring((x, 107), 15, INK, 4.5)
        canvas.stroke(BRIDGE, INK, 4.5)
    if looks.earrings:
        canvas.circle((75, 128), 6, looks.earrings)
        canvas.circle((166, 128), 6, looks.earrings)
