"""Keep a folder in step with a library: python mirror.py https://library.example/api/v1/ copy

copy/<language>/<kind>/<id>.json is each document as it is published now; what is held, gone or recalled is removed. Run it
every 15 minutes. It may be killed at any moment: the next run goes on. Python 3.11 is all it needs, and a key, if you have
one, in the environment as MAINSTAY_KEY. It is yours: copy it, change it.
"""

import argparse
import fcntl
import json
import os
import re
import sys
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

Json = dict[str, Any]


class Mirror:
    """`state.json` says where to go on. While a full copy is made it names a file that lists what the copy has had."""

    def __init__(self, base: str, folder: Path, query: str) -> None:
        self.base, self.folder = base.rstrip("/") + "/", folder
        self.start = f"{self.base}changes/?include=document{query and '&'}{query}"
        self.state: Json = json.loads((folder / "state.json").read_text()) if (folder / "state.json").exists() else {}
        if self.state.get("start") != self.start:  # the first run, or another filter
            self.restart(self.start)

    def restart(self, link: str) -> None:
        """Begin a full copy. What is here stays until the copy has shown that it should not."""
        self.save(start=self.start, next=link, etag="", seen=f"seen-{time.time_ns()}.txt")

    def poll(self) -> None:
        """Read until nothing is left to read."""
        more = True
        while more:
            status, etag, page = self.get(self.state["next"])
            if status == 304:
                break
            if page.get("code") in ("sync-token-expired", "invalid-cursor"):
                print(f"The copy starts again: {page['detail']}")
                self.restart(page.get("restart", self.start))
                continue
            if status != 200:
                sys.exit(f"{status} {page['code']}: {page['detail']}")
            self.note([self.take(item) for item in page["items"]])
            more = page["has_more"]
            # An unmoved link is answered 304, without a body.
            self.save(next=page["next"], etag=etag if page["next"] == self.state["next"] else "")
        if self.state["seen"]:
            self.sweep()
        self.save(synced_at=datetime.now(UTC).isoformat(timespec="seconds"))

    def take(self, item: Json) -> str:
        """Store or remove one document, and name its file. Twice does no harm."""
        parts = (item["lang"], item["kind"], item["id"])
        if not all(re.fullmatch(r"[A-Za-z0-9_-]+", part) for part in parts):
            sys.exit(f"This cannot be the name of a file: {parts}")
        name = "/".join(parts) + ".json"
        if item["state"] == "published":
            write(self.folder / name, json.dumps(item["document"], ensure_ascii=False))
        else:
            (self.folder / name).unlink(missing_ok=True)
        print(f"{item['state']:9} {name} {item['slug']} {item['reason']}".rstrip())
        return name

    def note(self, names: list[str]) -> None:
        """List what a full copy has had. Each line begins with its end, so that a cut one spoils no other."""
        if self.state["seen"]:
            with (self.folder / self.state["seen"]).open("a") as lines:
                lines.writelines(f"\n{name}" for name in names)
                lines.flush()
                os.fsync(lines.fileno())

    def sweep(self) -> None:
        """Delete what a full copy did not have."""
        known = set((self.folder / self.state["seen"]).read_text().splitlines())
        for file in self.folder.glob("*/*/*.json"):
            if (name := file.relative_to(self.folder).as_posix()) not in known:
                file.unlink()
                print(f"deleted   {name}")
        self.save(seen="")
        for file in self.folder.glob("seen-*.txt"):
            file.unlink()

    def get(self, link: str) -> tuple[int, str, Json]:
        """Status, ETag and JSON. Waits when it is told to, and when the service is away."""
        headers = {"If-None-Match": self.state["etag"]} if self.state["etag"] else {}
        if "MAINSTAY_KEY" in os.environ:
            headers["Authorization"] = f"Bearer {os.environ['MAINSTAY_KEY']}"
        for attempt in range(8):
            try:
                with urllib.request.urlopen(urllib.request.Request(link, headers=headers), timeout=60) as answer:
                    return answer.status, answer.headers["ETag"], json.load(answer)
            except urllib.error.HTTPError as error:
                if error.code == 304:
                    return 304, "", {}
                if error.code != 429 and error.code < 500:
                    is_problem = error.headers.get_content_type() == "application/problem+json"
                    return error.code, "", json.load(error) if is_problem else {"code": error.reason, "detail": link}
                wait = int(error.headers.get("Retry-After") or 2**attempt)
            except (OSError, ValueError):  # no connection, or an answer that was cut
                wait = 2**attempt
            time.sleep(wait)
        sys.exit("The service does not answer. The copy is as old as `synced_at` in state.json says.")

    def save(self, **changes: str) -> None:
        if not changes.get("next", self.base).startswith(self.base):
            sys.exit(f"{changes['next']} is not under {self.base}: nothing is asked there, and no key is sent.")
        self.state |= changes
        write(self.folder / "state.json", json.dumps(self.state))


def write(file: Path, text: str) -> None:
    """Whole or not at all, whatever is killed when."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with (new := file.with_suffix(".new")).open("w", encoding="utf-8") as lines:
        lines.write(text)
        lines.flush()
        os.fsync(lines.fileno())
    new.replace(file)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("base", help="the address of the API, ending in /api/v1/")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--query", default="", help="a filter of /changes/, such as lang=es,ar&kind=article")
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    with (asked.folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.exit("Another run is at work in this folder.")
        Mirror(asked.base, asked.folder, asked.query).poll()
