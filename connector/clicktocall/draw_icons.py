"""Draws the extension's icons: `python -m connector.clicktocall.draw_icons`.

A handset on a green disc, as PNG, with nothing but the standard library.
"""

import math
import struct
import zlib
from pathlib import Path

FOLDER = Path(__file__).parent / "extension" / "icons"
SIZES = (16, 32, 48, 128)
GREEN = (31, 122, 77)
WHITE = (255, 255, 255)
SAMPLES = 4
"""Each pixel is looked at this many times in both directions, so that edges are smooth."""


def draw_icon(size: int) -> bytes:
    rows = [bytes([0]) + b"".join(mix_pixel(x, y, size) for x in range(size)) for y in range(size)]
    return write_png(size, b"".join(rows))


def mix_pixel(x: int, y: int, size: int) -> bytes:
    """Red, green, blue and opacity of one pixel."""
    seen = [
        find_colour((x + (i + 0.5) / SAMPLES) / size, (y + (j + 0.5) / SAMPLES) / size)
        for i in range(SAMPLES)
        for j in range(SAMPLES)
    ]
    solid = [colour for colour in seen if colour]
    if not solid:
        return bytes(4)
    mean = [sum(channel) // len(solid) for channel in zip(*solid, strict=True)]
    return bytes([*mean, 255 * len(solid) // len(seen)])


def find_colour(x: float, y: float) -> tuple[int, int, int] | None:
    """At a place of the unit square: the handset, the disc, or nothing."""
    if math.hypot(x - 0.5, y - 0.5) > 0.5:
        return None
    # Turned by 45 degrees, so that the handset lies on the diagonal.
    along = ((x - 0.5) + (y - 0.5)) / math.sqrt(2)
    across = ((x - 0.5) - (y - 0.5)) / math.sqrt(2) + 0.12
    is_bow = abs(math.hypot(along, across - 0.16) - 0.34) < 0.06 and across < -0.02
    is_end = any(abs(along - side) < 0.09 and abs(across - 0.03) < 0.11 for side in (-0.27, 0.27))
    return WHITE if is_bow or is_end else GREEN


def write_png(size: int, rows: bytes) -> bytes:
    header = struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)
    parts = [(b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(write_chunk(*part) for part in parts)


def write_chunk(kind: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for size in SIZES:
        (FOLDER / f"{size}.png").write_bytes(draw_icon(size))
