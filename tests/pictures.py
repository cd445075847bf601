"""Files as strangers send them: whole, turned on their side, too large, or no pictures at all."""

import io
import struct
import zlib

import pillow_heif
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

pillow_heif.register_heif_opener()
TURNED = 6  # EXIF: the right side of what is stored is the top of what is seen
ORIENTATION, GPS = 0x0112, 0x8825


def upload(content, name="photo.jpg"):
    return SimpleUploadedFile(name, content)


def red_over_blue(size=(60, 80)):
    """A picture whose upper half is red and whose lower half is blue."""
    picture = Image.new("RGB", size, "blue")
    picture.paste("red", (0, 0, size[0], size[1] // 2))
    return picture


def encoded(picture, kind="JPEG", **options):
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def jpeg(name="photo.jpg", size=(60, 80)):
    return upload(encoded(red_over_blue(size)), name)


def on_its_side(kind="JPEG", name="phone.jpg"):
    """As a phone stores it: turned, with a note how it was held and where it was taken."""
    exif = Image.Exif()
    exif[ORIENTATION] = TURNED
    exif.get_ifd(GPS)[1], exif.get_ifd(GPS)[2] = "S", (1.0, 17.0, 11.0)
    stored = red_over_blue().transpose(Image.Transpose.ROTATE_90)
    return upload(encoded(stored, kind, exif=exif.tobytes()), name)


def see_through():
    """Nothing but transparency."""
    return upload(encoded(Image.new("RGBA", (40, 40), (0, 0, 0, 0)), "PNG"), "leaf.png")


def two_in_one():
    """As phones with two lenses store it: two pictures in one JPEG file (CIPA's MPO)."""
    picture = red_over_blue()
    return upload(encoded(picture, "MPO", save_all=True, append_images=[picture]), "both.jpg")


def bomb(side):
    """A PNG that claims `side` × `side` pixels in a few bytes."""

    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\x00" * 1000)
    png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    return upload(png, "bomb.png")


def text_as_jpeg():
    return upload(b"This is a shopping list.", "list.jpg")


def truncated():
    whole = encoded(red_over_blue((600, 800)))
    return upload(whole[: len(whole) // 2], "half.jpg")


REFUSED = {
    "no_picture": text_as_jpeg,
    "truncated": truncated,
    "empty": lambda: upload(b"", "empty.jpg"),
    "html": lambda: upload(b"<script>alert(1)</script>", "x.jpg"),
    "svg": lambda: upload(b'<svg xmlns="http://www.w3.org/2000/svg"/>', "x.svg"),
    "100_megapixel": lambda: bomb(10_000),
    "bomb": lambda: bomb(60_000),
}
SENT = [what for what in REFUSED if what != "empty"]  # browsers send no empty files
