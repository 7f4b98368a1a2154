"""gzip in pieces: what was compressed when it was stored is joined when it is sent, and nothing is compressed again.

`compress` ends at a whole byte with one empty last block (RFC 1951), which `join` leaves out between two pieces. What it makes is
one gzip member: of several members one after the other, curl and Chromium read only the first.
"""

import struct
import zlib
from collections.abc import Iterable
from functools import cache

_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
_LAST_BLOCK = b"\x03\x00"
_LONGEST_STORED = 65_535


def compress(data: bytes) -> bytes:
    """One gzip member; equal data gives equal bytes."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return _member(packer.compress(data) + packer.flush(zlib.Z_SYNC_FLUSH), zlib.crc32(data), len(data))


def join(parts: Iterable[bytes | str]) -> bytes:
    """One member of all parts in order: bytes are what `compress` gave, text goes in as it is."""
    pieces: list[bytes] = []
    checksum = length = 0
    for part in parts:
        if isinstance(part, str):
            data = part.encode()
            pieces += _stored(data)
            checksum, length = zlib.crc32(data, checksum), length + len(data)
        else:
            its_checksum, its_length = struct.unpack("<LL", part[-8:])
            pieces.append(part[len(_HEADER) : -8 - len(_LAST_BLOCK)])
            checksum, length = _moved(checksum, its_length) ^ its_checksum, length + its_length
    return _member(b"".join(pieces), checksum, length)


def _member(blocks: bytes, checksum: int, length: int) -> bytes:
    return b"".join([_HEADER, blocks, _LAST_BLOCK, struct.pack("<LL", checksum, length & 0xFFFFFFFF)])


def _stored(data: bytes) -> Iterable[bytes]:
    """Blocks that are not compressed: of a few hundred bytes compressing would cost more than it saves."""
    for start in range(0, len(data), _LONGEST_STORED):
        block = data[start : start + _LONGEST_STORED]
        yield struct.pack("<BHH", 0, len(block), len(block) ^ 0xFFFF)
        yield block


def _moved(checksum: int, length: int) -> int:
    """The CRC-32 of some data as a part of that of longer data, `length` bytes after it (as zlib's crc32_combine)."""
    power = 0
    while length:
        if length & 1:
            first, second, third, fourth = _over_zeros(power)
            checksum = first[checksum & 255] ^ second[checksum >> 8 & 255] ^ third[checksum >> 16 & 255] ^ fourth[checksum >> 24]
        length >>= 1
        power += 1
    return checksum


@cache
def _over_zeros(power: int) -> tuple[list[int], ...]:
    """What 2**power zero bytes make of a CRC-32, by each of its four bytes: CRC is linear, so that the four are added."""
    if power == 0:
        # zlib.crc32 inverts before and after, which here is taken back.
        images = [zlib.crc32(b"\0", 1 << bit ^ 0xFFFFFFFF) ^ zlib.crc32(b"\0", 0xFFFFFFFF) for bit in range(32)]
    else:
        half = _over_zeros(power - 1)
        images = [_applied(half, _applied(half, 1 << bit)) for bit in range(32)]
    return tuple([_sum(images[8 * byte : 8 * byte + 8], value) for value in range(256)] for byte in range(4))


def _applied(tables: tuple[list[int], ...], checksum: int) -> int:
    return tables[0][checksum & 255] ^ tables[1][checksum >> 8 & 255] ^ tables[2][checksum >> 16 & 255] ^ tables[3][checksum >> 24]


def _sum(images: list[int], value: int) -> int:
    total = 0
    for bit, image in enumerate(images):
        if value >> bit & 1:
            total ^= image
    return total
