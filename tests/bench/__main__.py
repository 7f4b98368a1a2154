"""`make bench`: every row of the targets, as ratios to what runs beside it in the same run. `--quick` with less content.

B is a bare Django view that sends the same bytes on the same server, W is Wagtail's API v2 on the same library. The three are
measured in turn, three times each, and of each the median counts.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlencode

from tests.bench import library, report
from tests.bench.servers import ROOT, Asked, Loaded, Measured, Nginx, Server, serving
from tests.operations import nginx_server, postgres, redis_server
from tests.operations.redis_server import free_port

ROUNDS = 3
_NOT_COPIED = frozenset({"date", "server", "connection", "content-length", "transfer-encoding", "ratelimit"})


@dataclass(frozen=True, kw_only=True)
class Size:
    """How much is made, and for how long each thing is measured. `few` is what growth is measured against; 0 leaves it out."""

    documents: int
    few: int
    seconds: int

    @property
    def pages(self) -> int:
        """A page of Wagtail holds the eight languages of an article."""
        return self.documents // 8


FULL = Size(documents=100_000, few=1_000, seconds=4)
QUICK = Size(documents=8_000, few=0, seconds=1)

# Of Wagtail: what comes nearest to each row. It has no feed, and no 304.
_LIST_FIELDS = "headline_es,summary_es,meta_title_es,meta_description_es,audience,reviewed_on,licence,terms"
_DETAIL_FIELDS = f"{_LIST_FIELDS},body_es,advice,references,related"
_BESIDE = {
    "detail": "detail",
    "detail, anonymous": "detail",
    "304": "detail",
    "list": "list",
    "search": "search",
    "changes": "changes",
}


def main() -> None:
    """Make what is missing, measure, print, and write the report."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--quick", action="store_true", help="a smaller library, in under three minutes; writes no report")
    parser.add_argument("--only", default="", help="only the rows whose name begins so")
    parser.add_argument("--seconds", type=int, default=0, help="for how long each thing is measured, three times")
    chosen = parser.parse_args()
    size = QUICK if chosen.quick else FULL
    size = replace(size, seconds=chosen.seconds or size.seconds)
    server = postgres.url()
    if not server:
        raise SystemExit("The benchmark needs PostgreSQL, at TEST_POSTGRES_URL or 127.0.0.1:5432.")
    big = library.prepare(server, documents=size.documents, pages=size.pages)
    small = library.prepare(server, documents=size.few, pages=0) if size.few else ""
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        redis = stack.enter_context(redis_server.running(folder))
        run = Run(stack, folder, size, big=big, small=small, redis=redis.url, only=chosen.only)
        rows = run.measure()
    text = report.table(rows)
    sys.stdout.write(text)
    if not chosen.quick and not chosen.only:
        report.write(rows, documents=size.documents, few=size.few)


class Run:
    """The servers of one run, and what is measured of them."""

    def __init__(self, stack: ExitStack, folder: Path, size: Size, *, big: str, small: str, redis: str, only: str) -> None:
        self.size, self.folder, self.only = size, folder, only
        self.stack = stack
        self.environment = {
            "DEBUG": "0",
            "SECRET_KEY": "only measured",
            "ALLOWED_HOSTS": "127.0.0.1",
            "CLINICAL_SIGN_OFF": "recorded",
            "SHOW_SAMPLES": "1",
            "ANONYMOUS_PER_MINUTE": "2000000000",
            "DJANGO_SETTINGS_MODULE": "cms.settings",
            "REDIS_URL": redis,
            "DATABASE_URL": big,
        }
        self.asked = self._asked(big)
        self.service = self._serve("cms.wsgi:application")
        if size.few:
            self.asked_of_few = self._asked(small)
            self.few = self._serve("cms.wsgi:application", DATABASE_URL=small)
        self.beside = self._serve("cms.wsgi:application", DJANGO_SETTINGS_MODULE="tests.bench.wagtail_settings")

    def measure(self) -> list[report.Row]:
        """All rows."""
        steps = [(name, self._compared) for name in _BESIDE]
        steps += [(f"{name}, once", self._once) for name in ("detail", "list", "search", "changes")]
        steps += [("behind nginx", self._cached)]
        if self.size.few:
            steps += [(f"growth {name}", self._grown) for name in ("detail", "changes", "list", "search")]
        rows: list[report.Row] = []
        for name, measured in steps:
            if name.startswith(self.only):
                rows.append(measured(name.removesuffix(", once").removeprefix("growth ")))
                # What was measured is not lost when a later step fails.
                sys.stderr.write(report.line(rows[-1]))
        if not self.only:
            rows += [self._memory(), *self._published(), *self._edited()]
        return rows

    def _compared(self, name: str) -> report.Row:
        asked = self.asked[name]
        bare = self._bare(name, asked)
        pages = self._pages(_BESIDE[name])
        self.service.load(asked, seconds=1)
        ours, bares, others = self._interleaved((self.service, asked), (bare, self._of_bare(bare, asked)), (self.beside, pages))
        bare.end()
        return report.Row(name=name, ours=ours, bare=bares, wagtail=others)

    def _once(self, name: str) -> report.Row:
        asked = self.asked[f"{name}, once"]
        bare = self._bare(name, asked)
        ours, bares = self._interleaved((self.service, asked), (bare, self._of_bare(bare, asked)))
        bare.end()
        return report.Row(name=f"{name}, each asked once", ours=ours, bare=bares)

    def _grown(self, name: str) -> report.Row:
        many, few = self.asked[f"{name}, once"], self.asked_of_few[f"{name}, once"]
        large, small = self._interleaved((self.service, many), (self.few, few), connections=2)
        return report.Row(name=f"growth {name}", ours=large, growth=large.processor_us / small.processor_us)

    def _cached(self, name: str) -> report.Row:
        """The shipped cache in front of the service, beside a file of the same bytes that nginx sends itself."""
        asked = self.asked["detail, anonymous"][:1]
        folders = {place: self.folder / place for place in ("cached", "static")}
        for folder in folders.values():
            folder.mkdir()
        port = free_port()
        cache = Nginx(nginx_server.shipped(folders["cached"], upstream=self.service.port, port=port), folders["cached"], port=port)
        (folders["static"] / "file").write_bytes(cache.get(asked[0]).body)
        port = free_port()
        static = Nginx(f"server {{ listen 127.0.0.1:{port}; root {folders['static']}; }}", folders["static"], port=port)
        ours, beside = self._interleaved((cache, asked), (static, [Asked(path="/file", headers={})]))
        for server in (cache, static):
            server.end()
        return report.Row(name=name, ours=ours, static=beside)

    def _memory(self) -> report.Row:
        size = self.service.memory_mb()
        return report.Row(name="memory", value=size)

    def _published(self) -> list[report.Row]:
        address = f"http://127.0.0.1:{self.service.port}"
        figures = json.loads(self._ask("tests.bench.publishing", address))
        return [
            report.Row(name="publish to visible", value=figures["publish_p95_ms"]),
            report.Row(name="rebuilding", value=figures["rebuilt_per_s"]),
            report.Row(name="rebuilding, by processor time", value=figures["rebuilt_per_processor_s"]),
        ]

    def _edited(self) -> list[report.Row]:
        figures = json.loads(self._ask("tests.bench.editing"))
        named = {"the desk opens": "desk_opens_s", "the desk saves": "desk_saves_s", "coverage matrix": "matrix_s"}
        return [report.Row(name=name, value=figures[figure]) for name, figure in named.items()]

    def _ask(self, module: str, *arguments: str, **environment: str) -> str:
        """What a module of ours prints, on the library."""
        command = [sys.executable, "-m", module, *arguments]
        all_of_it = {**os.environ, **self.environment, **environment}
        done = subprocess.run(command, env=all_of_it, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{module}: {done.stderr[-2000:]}")
        return done.stdout

    def _interleaved(self, *runs: tuple[Loaded, list[Asked]], connections: int = 8) -> list[Measured]:
        """Each in turn, A B A B; of each the median by requests a second."""
        found: list[list[Measured]] = [[] for _ in runs]
        for _ in range(ROUNDS):
            for (server, asked), measured in zip(runs, found, strict=True):
                measured.append(server.load(asked, seconds=self.size.seconds, connections=connections))
        return [_median(measured) for measured in found]

    # -- what is asked

    def _asked(self, address: str) -> dict[str, list[Asked]]:
        found = json.loads(self._ask("tests.bench.asking", DATABASE_URL=address))
        return {name: [Asked(path=path, headers=headers) for path, headers in row] for name, row in found.items()}

    def _pages(self, name: str) -> list[Asked]:
        first = self.beside.get(Asked(path="/api/v2/pages/?type=cms.Article&order=-id&limit=20&offset=20", headers={}))
        found = [item["id"] for item in json.loads(first.body)["items"]]
        some = {"type": "cms.Article", "limit": "20", "fields": _LIST_FIELDS}
        queries = {
            "list": [{**some, "audience": "adults", "order": "-id"}],
            "search": [{**some, "search": word} for word in ("síntomas", "tratamiento", "ayuda médica")],
            "changes": [{**some, "fields": f"{_LIST_FIELDS},body_es", "order": "-id"}],
        }
        if name == "detail":
            fields = urlencode({"fields": _DETAIL_FIELDS})
            return [Asked(path=f"/api/v2/pages/{page}/?{fields}", headers={}) for page in found]
        return [Asked(path=f"/api/v2/pages/?{urlencode(query)}", headers={}) for query in queries[name]]

    def _bare(self, name: str, asked: list[Asked]) -> Server:
        """A bare view of the answers to some of these requests."""
        folder = self.folder / name.replace(" ", "")
        folder.mkdir(exist_ok=True)
        for number, request in enumerate(asked[:20]):
            answer = self.service.get(Asked(path=request.path, headers=dict(request.headers)))
            expected = 304 if "If-None-Match" in request.headers else 200
            if answer.status != expected:
                raise RuntimeError(f"{request.path} answers {answer.status}: {answer.body[:300]!r}")
            headers = {name: value for name, value in answer.headers.items() if name.lower() not in _NOT_COPIED}
            (folder / str(number)).write_bytes(answer.body)
            (folder / f"{number}.json").write_text(json.dumps(headers))
        return self._serve("tests.bench.bare:application", BARE=str(folder), DATABASE_URL="", REDIS_URL="")

    def _of_bare(self, bare: Server, asked: list[Asked]) -> list[Asked]:
        return [Asked(path=f"/{number}", headers=request.headers) for number, request in enumerate(asked[:20])]

    def _serve(self, application: str, **more: str) -> Server:
        return self.stack.enter_context(serving(application, self.folder, **{**self.environment, **more}))


def _median(measured: list[Measured]) -> Measured:
    middle = statistics.median_low([run.per_second for run in measured])
    return next(run for run in measured if run.per_second == middle)


if __name__ == "__main__":
    main()
