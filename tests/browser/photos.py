"""Photographs as phones store them, and what the portal makes of them."""

import io

import pillow_heif
from PIL import Image, ImageChops, ImageStat

from tests.pictures import GPS, ORIENTATION, TURNED

pillow_heif.register_heif_opener()


def phone_photo(drawing, kind="JPEG"):
    """As a phone stores it: large, turned on its side, with a note how it was held and where it was taken."""
    seen = Image.open(io.BytesIO(drawing)).convert("RGB")
    exif = Image.Exif()
    exif[ORIENTATION] = TURNED
    exif.get_ifd(GPS)[1], exif.get_ifd(GPS)[2] = "S", (1.0, 17.0, 11.0)
    stored = io.BytesIO()
    turned = seen.resize((seen.width * 2, seen.height * 2)).transpose(Image.Transpose.ROTATE_90)
    turned.save(stored, kind, exif=exif.tobytes(), quality=92)
    return stored.getvalue()


def looks_like(content, drawing):
    """Whether a picture, upright, shows this drawing."""
    one, other = (Image.open(io.BytesIO(each)).convert("RGB") for each in (content, drawing))
    difference = ImageChops.difference(one.resize((80, 50)), other.resize((80, 50)))
    return one.width > one.height and max(ImageStat.Stat(difference).mean) < 12


def tells_nothing(content):
    """Whether a picture carries no metadata at all."""
    picture = Image.open(io.BytesIO(content))
    picture.load()
    return not picture.getexif() and not {"exif", "xmp", "icc_profile"} & set(picture.info)
