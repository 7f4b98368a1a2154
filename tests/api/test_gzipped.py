"""gzip in pieces: what is joined is one member, and what every client reads."""

import gzip
import subprocess
import zlib

from hypothesis import given, settings
from hypothesis import strategies as st

from api import gzipped
from tests.conftest import examples


@settings(max_examples=examples(400))
@given(st.binary(max_size=100_000))
def test_compressed_is_read_by_any_gzip(data: bytes) -> None:
    assert gzip.decompress(gzipped.compress(data)) == data
    assert gzipped.compress(data) == gzipped.compress(data)


@settings(max_examples=examples(400))
@given(st.lists(st.text(max_size=300) | st.binary(max_size=5_000)))
def test_joined_is_one_member_of_all_parts(parts: list[str | bytes]) -> None:
    joined = gzipped.join(part if isinstance(part, str) else gzipped.compress(part) for part in parts)
    reader = zlib.decompressobj(zlib.MAX_WBITS | 16)
    assert reader.decompress(joined) == b"".join(part.encode() if isinstance(part, str) else part for part in parts)
    assert reader.eof
    assert not reader.unused_data


def test_joined_can_be_joined_again() -> None:
    inner = gzipped.join(["[", gzipped.compress("é".encode() * 70_000), "]"])
    assert gzip.decompress(gzipped.join(["x" * 200_000, inner, inner])).decode() == "x" * 200_000 + f"[{'é' * 70_000}]" * 2


def test_gzip_itself_reads_all_of_it() -> None:
    joined = gzipped.join(["a", gzipped.compress(b"b" * 100_000), "c"])
    read = subprocess.run(["gzip", "-dc"], input=joined, capture_output=True, check=True)
    assert read.stdout == b"a" + b"b" * 100_000 + b"c"
