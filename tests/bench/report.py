"""The rows as a table of ratios with what must be reached and what is aimed at, and docs/performance.md."""

import platform
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from tests.bench.servers import ROOT, Measured

FILE = ROOT / "docs" / "performance.md"


@dataclass(frozen=True, kw_only=True)
class Row:
    """What was measured of one thing; what does not apply is None."""

    name: str
    ours: Measured | None = None
    bare: Measured | None = None
    wagtail: Measured | None = None
    static: Measured | None = None
    growth: float | None = None
    value: float | None = None


@dataclass(frozen=True, kw_only=True)
class Target:
    """What one figure of a row must reach, and should. `least`: at least so much; else at most."""

    row: str
    figure: str
    must: float | None
    goal: float
    least: bool = True


TARGETS = (
    Target(row="detail", figure="W", must=15, goal=30),
    Target(row="detail", figure="B", must=0.22, goal=0.4),
    Target(row="detail, anonymous", figure="B", must=None, goal=0.5),
    Target(row="304", figure="W", must=18, goal=18),
    Target(row="304", figure="B", must=0.25, goal=0.5),
    Target(row="list", figure="W", must=28, goal=40),
    Target(row="list", figure="B", must=0.11, goal=0.2),
    Target(row="search", figure="W", must=30, goal=50),
    Target(row="search", figure="B", must=0.10, goal=0.18),
    Target(row="search, each asked once", figure="p99 ms", must=50, goal=50, least=False),
    Target(row="changes", figure="W", must=15, goal=60),
    Target(row="changes", figure="B", must=0.04, goal=0.15),
    Target(row="detail, each asked once", figure="B", must=0.22, goal=0.4),
    Target(row="list, each asked once", figure="B", must=0.11, goal=0.2),
    Target(row="search, each asked once", figure="B", must=0.10, goal=0.18),
    Target(row="changes, each asked once", figure="B", must=0.04, goal=0.15),
    Target(row="behind nginx", figure="of a static file", must=0.5, goal=0.7),
    Target(row="growth detail", figure="growth", must=None, goal=1.3, least=False),
    Target(row="growth changes", figure="growth", must=None, goal=1.3, least=False),
    Target(row="growth list", figure="growth", must=None, goal=2, least=False),
    Target(row="growth search", figure="growth", must=None, goal=2, least=False),
    Target(row="memory", figure="MB", must=None, goal=180, least=False),
    Target(row="publish to visible", figure="p95 ms", must=None, goal=150, least=False),
    Target(row="rebuilding", figure="documents/s", must=None, goal=300),
    Target(row="rebuilding, by processor time", figure="documents/s", must=None, goal=300),
    Target(row="the desk opens", figure="s", must=None, goal=1.0, least=False),
    Target(row="the desk saves", figure="s", must=None, goal=0.5, least=False),
    Target(row="coverage matrix", figure="s", must=None, goal=1.0, least=False),
)


def table(rows: list[Row]) -> str:
    """The ratios, a line each, in Markdown."""
    lines = ["| what | figure | measured | must | goal | | by requests a second |", "|---|---|---|---|---|---|---|"]
    by_name = {row.name: row for row in rows}
    for target in TARGETS:
        value = _value(by_name.get(target.row), target.figure)
        if value is not None:
            must = "–" if target.must is None else f"{target.must:g}"
            figures = [f"{value:.3g}", must, f"{target.goal:g}", _verdict(value, target), _by_requests(by_name[target.row], target.figure)]
            lines.append(f"| {target.row} | {target.figure} | {' | '.join(figures)} |")
    return "\n".join([*lines, "", *_absolute(rows), ""])


def line(row: Row) -> str:
    """What was measured of one thing, a line."""
    said = "".join(f"{said}\n" for said in _figures_of(row))
    return said or f"{row.name}: {row.value}\n"


def write(rows: list[Row], *, documents: int, few: int) -> None:
    """docs/performance.md: its table, between two marks; what people wrote around it stays."""
    start, end = "<!-- measured -->", "<!-- /measured -->"
    text = FILE.read_text() if FILE.exists() else f"# Speed\n\n{start}\n{end}\n"
    before, _, rest = text.partition(start)
    after = rest.partition(end)[2]
    said = f"Measured on {datetime.now(UTC):%Y-%m-%d} with {documents:,} documents (growth: against {few:,}). {_versions()}"
    FILE.write_text(f"{before}{start}\n{said}\n\n{table(rows)}{end}{after}")


def _value(row: Row | None, figure: str) -> float | None:
    if row is None:
        return None
    match figure:
        case "growth":
            return row.growth
        case "MB" | "p95 ms" | "documents/s" | "s":
            return row.value
        case "p99 ms":
            return row.ours and row.ours.p99_ms
        case _:
            beside = _beside(row, figure)
            return beside.processor_us / row.ours.processor_us if row.ours and beside else None


def _beside(row: Row, figure: str) -> Measured | None:
    return {"B": row.bare, "W": row.wagtail, "of a static file": row.static}.get(figure)


def _by_requests(row: Row, figure: str) -> str:
    """The same ratio by what was answered in a second: what it is on a machine that does nothing else."""
    beside = _beside(row, figure)
    return f"{row.ours.per_second / beside.per_second:.3g}" if row.ours and beside and beside.per_second else "–"


def _verdict(value: float, target: Target) -> str:
    def reached(limit: float | None) -> bool:
        return limit is not None and (value >= limit if target.least else value <= limit)

    if reached(target.goal):
        return "goal"
    return "must" if reached(target.must) else "missed"


def _absolute(rows: list[Row]) -> Iterator[str]:
    yield "| which mean nothing on another machine | requests/s | B | W | processor µs | B | W | bytes | p50 ms | p99 ms |"
    yield "|---|---|---|---|---|---|---|---|---|---|"
    for row in rows:
        yield from _figures_of(row)


def _figures_of(row: Row) -> Iterator[str]:
    if row.ours:
        three = (row.ours, row.bare, row.wagtail)
        figures = [f"{found.per_second:.0f}" if found else "–" for found in three]
        figures += [f"{found.processor_us:.0f}" if found else "–" for found in three]
        figures += [f"{row.ours.bytes_each:.0f}", f"{row.ours.p50_ms:.2f}", f"{row.ours.p99_ms:.2f}"]
        yield f"| {row.name} | {' | '.join(figures)} |"


def _versions() -> str:
    packages = ", ".join(f"{name} {version(name)}" for name in ("Django", "djangorestframework", "wagtail", "psycopg", "redis", "granian"))
    tools = [
        subprocess.run([*command], capture_output=True, text=True, check=False)
        for command in (("psql", "--version"), ("redis-server", "--version"))
    ]
    said = "; ".join(found.stdout.strip().split(" sha=")[0] for found in tools)
    cores = len(list(Path("/sys/devices/system/cpu").glob("cpu[0-9]*")))
    return f"Python {platform.python_version()}, {packages}; {said}; {cores} cores."
