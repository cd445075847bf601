"""An authenticator app (RFC 6238)."""

import base64
import hashlib
import hmac
import struct
import time

PERIOD = 30  # seconds that a code lasts


def code_now(secret):
    """What an authenticator app shows (RFC 6238), never one that ends before it can be typed."""
    if (left := PERIOD - time.time() % PERIOD) < 3:
        time.sleep(left)
    key = base64.b32decode(secret.replace(" ", ""), casefold=True)
    mac = hmac.digest(key, struct.pack(">Q", int(time.time() // PERIOD)), hashlib.sha1)
    (number,) = struct.unpack_from(">I", mac, mac[-1] & 15)
    return f"{(number & 0x7FFFFFFF) % 10**6:06}"
