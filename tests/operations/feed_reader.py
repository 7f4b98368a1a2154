"""A reader of the feed, as a process: it follows `next`, and notes each page before it asks for the one after it.

`python -m tests.operations.feed_reader PORT NOTES END` ends when the file END is there and nothing is left to read. It may be
killed at any moment: the next one goes on from the last line that is whole. A line is `{"next", "items"}`, or `{"refused"}`.
"""

import json
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.client import HTTPException
from pathlib import Path
from threading import Event
from typing import Any
from urllib.parse import urlsplit

_START = "limit=20&include=document"
_PAUSE = Event()


def lines_of(notes: Path) -> Iterator[dict[str, Any]]:
    """The lines that are whole."""
    for line in notes.read_bytes().splitlines(keepends=True) if notes.exists() else []:
        if line.endswith(b"\n"):
            yield json.loads(line)


def follow(port: int, notes: Path, end: Path) -> None:
    noted = b"".join(json.dumps(line).encode() + b"\n" for line in lines_of(notes))
    notes.write_bytes(noted) if notes.exists() and notes.read_bytes() != noted else None
    query = next((line["next"] for line in reversed(list(lines_of(notes))) if "next" in line), _START)
    with notes.open("ab", buffering=0) as lines:
        while True:
            is_last = end.exists()
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/changes/?{query}", timeout=60) as answer:
                    page = json.load(answer)
            except (OSError, HTTPException, ValueError) as refusal:
                status = refusal.code if isinstance(refusal, urllib.error.HTTPError) else 0
                lines.write(json.dumps({"refused": status}).encode() + b"\n")
                assert status == 0 or status >= 500, status
                _PAUSE.wait(0.2)
                continue
            if page["items"]:
                query = urlsplit(page["next"]).query
                lines.write(json.dumps({"next": query, "items": [_kept(item) for item in page["items"]]}).encode() + b"\n")
            elif is_last:
                return
            else:
                _PAUSE.wait(0.1)


def _kept(item: dict[str, Any]) -> dict[str, Any]:
    """What is compared at the end; of the document only its version."""
    kept = {name: item[name] for name in ("number", "kind", "id", "lang", "state", "version", "etag")}
    return kept | {"document": item["document"]["version"] if "document" in item else None}


if __name__ == "__main__":
    follow(int(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]))
