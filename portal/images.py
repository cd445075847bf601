"""Pictures from strangers' phones: checked, set upright, made small, freed of EXIF and place, and encoded anew."""

import io
import logging
import warnings
from dataclasses import dataclass
from typing import IO, Any

import pillow_heif
from django.conf import settings
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image, ImageOps

pillow_heif.register_heif_opener()
Image.MAX_IMAGE_PIXELS = settings.PHOTO_MAX_PIXELS
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "HEIF", "AVIF")  # two pictures in one file (MPO) open as JPEG
LONGEST = 2400  # pixels of the longest side that is kept
LONGEST_SIDE = 20_000  # pixels; no camera makes more
TOO_MANY = gettext_lazy("This picture has too many pixels to be opened.")
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Cut:
    """A square of an upright picture: its left and upper edge as parts of width and height, its side as a part of the
    shorter one. All lie between 0 and 1."""

    x: float
    y: float
    size: float


class ImageError(ValueError):
    """A picture is refused; the message is one sentence for the person who chose it."""


def check_size(file: Any) -> None:
    """Raises ImageError for a file over PHOTO_MAX_BYTES."""
    if file.size > settings.PHOTO_MAX_BYTES:
        raise ImageError(
            _("This picture has %(size)s MB. Up to %(most)s MB can be taken.")
            % {"size": file.size // 2**20, "most": settings.PHOTO_MAX_BYTES // 2**20}
        )


def opened(file: IO[bytes]) -> Image.Image:
    """The picture in a file: upright, in RGB, no side over LONGEST pixels. Raises ImageError for anything else.

    It is made small before it is turned and flattened: a large one is whole in memory once, not five times.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture: Image.Image = Image.open(file, formats=FORMATS)
            _check_pixels(picture)
            picture.draft("RGB", (LONGEST, LONGEST))
            if picture.mode == "P":
                picture = picture.convert("RGBA")
            picture.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS)
            return _flat(ImageOps.exif_transpose(picture))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ImageError(str(TOO_MANY)) from error
    except ImageError:
        raise
    except Exception as error:  # a damaged file makes decoders raise whatever they like: RuntimeError, struct.error…
        log.info("picture refused", extra={"error": type(error).__name__})
        raise ImageError(_("This file is not a picture that can be read. JPEG, PNG, WebP and HEIC can.")) from error


def _check_pixels(picture: Image.Image) -> None:
    """JPEG is unpacked at a fraction of its size and may be larger than kinds that are unpacked whole."""
    most = settings.PHOTO_MAX_PIXELS if picture.format == "JPEG" else settings.PHOTO_MAX_PIXELS_WHOLE
    if picture.width * picture.height > most or max(picture.size) > LONGEST_SIDE:
        raise ImageError(str(TOO_MANY))


def _flat(picture: Image.Image) -> Image.Image:
    """Without transparency, on white."""
    if picture.mode in {"RGBA", "LA", "PA"}:
        seen = picture.convert("RGBA")
        ground = Image.new("RGB", seen.size, "white")
        ground.paste(seen, mask=seen.getchannel("A"))
        return ground
    return picture.convert("RGB")


def fitted(picture: Image.Image, longest: int) -> Image.Image:
    """No side over `longest` pixels; smaller pictures stay as they are."""
    small = picture.copy()
    small.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    return small


def square(picture: Image.Image, side: int) -> Image.Image:
    """The middle of the picture, `side` × `side` pixels."""
    return ImageOps.fit(picture, (side, side), Image.Resampling.LANCZOS, centering=(0.5, 0.4))


def cut_out(picture: Image.Image, cut: Cut, side: int) -> Image.Image:
    """The square that somebody chose, `side` × `side` pixels; what would lie outside is moved inside."""
    length = max(1, round(min(picture.size) * cut.size))
    left = min(round(picture.width * cut.x), picture.width - length)
    top = min(round(picture.height * cut.y), picture.height - length)
    box = (left, top, left + length, top + length)
    return picture.resize((side, side), Image.Resampling.LANCZOS, box=box)


def as_webp(picture: Image.Image, name: str, quality: int = 80) -> ContentFile:
    """The picture encoded anew, without any of the metadata of the file it came from."""
    clean = Image.new("RGB", picture.size)
    clean.paste(picture)
    buffer = io.BytesIO()
    clean.save(buffer, "WEBP", quality=quality, method=4)
    return ContentFile(buffer.getvalue(), name=name)
