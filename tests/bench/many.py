"""A scorecard of 1,000 KPIs over three years of daily values, with nothing kept and with everything kept.

    python tests/bench/many.py [--rounds 5] [--folder DIR]

Makes a seeded workspace: one long CSV of 1.1 million rows (1,000 measured series × 1,096 days) and, in ten files, 500
KPIs that are their own measure, 500 that are formulas over the other 500 series, and targets for three in four. Then
runs, in turn: `kpitui scorecard --no-cache` and a process in which Polars groups the same file by series and month;
`kpitui scorecard` with a full cache and an interpreter that does nothing; and, in this process, the parts of the
warm one. Prints medians, ratios, and the load of the machine.
"""

from __future__ import annotations

import argparse
import compileall
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import kpitui

SERIES = 1_000
FILES = 10
FIRST, LAST = date(2023, 10, 1), date(2026, 9, 30)
POLARS = """
import polars as pl, sys
rows = pl.scan_csv(sys.argv[1]).group_by("key", pl.col("date").str.slice(0, 7)).agg(pl.col("value").sum()).collect()
print(len(rows))
"""
KPITUI = [sys.executable, "-m", "kpitui"]


def make(folder: Path) -> Path:
    """The workspace; the CSV is kept where it is there already."""
    root = folder / "kpis-1000"
    (root / "kpis").mkdir(parents=True, exist_ok=True)
    (root / "kpitui.toml").write_text(
        f"""[workspace]
name = "Many"
currency = "EUR"
as_of = {LAST}

[person.ops]
name = "Operations"

[review.monthly]

[source.many]
files = "many.csv"
date = "date"
layout = "long"
measure = "key"
value = "value"
frequency = "daily"
due_after = 1
"""
    )
    half = SERIES // 2
    size = half // FILES
    for file in range(FILES):
        numbers = range(file * size, (file + 1) * size)
        tables = [_measured(number) + _formula(number, half + number) for number in numbers]
        (root / "kpis" / f"part_{file}.toml").write_text("\n".join(tables))
    data = root / "many.csv"
    if not data.exists():
        rng = random.Random(1)
        with data.open("w") as out:
            out.write("date,key,value\n")
            for day in range((LAST - FIRST).days + 1):
                today = (FIRST + timedelta(day)).isoformat()
                out.write("".join(f"{today},s{key:03},{rng.uniform(50, 150):.2f}\n" for key in range(SERIES)))
    return root


def _measured(number: int) -> str:
    target = 'target = [{ from = 2023-10-01, value = 36000, per = "year" }]\n' if number % 2 else ""
    return f"""[kpi.amount_{number:03}]
name = "Amount {number}"
source = "many"
key = "s{number:03}"
aggregate = "sum"
unit = "currency"
owner = "ops"
tier = "{"primary" if number % 50 == 0 else "supporting"}"
{target}"""


def _formula(number: int, other: int) -> str:
    return f"""
[measure.base_{other:03}]
source = "many"
key = "s{other:03}"
aggregate = "sum"

[kpi.rate_{number:03}]
name = "Rate {number}"
formula = "amount_{number:03} / (amount_{number:03} + base_{other:03})"
unit = "percent"
direction = "{"up" if number % 3 else "down"}"
owner = "ops"
target = [{{ from = 2023-10-01, until = 2025-12-31, value = 0.5 }}, {{ from = 2026-01-01, value = 0.52 }}]

"""


def run(command: list[str], env: dict[str, str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True, env=env)
    return time.perf_counter() - started


def compare(name: str, ours: Callable[[], float], theirs: Callable[[], float], rounds: int) -> None:
    ours(), theirs()
    taken = [(ours(), theirs()) for _ in range(rounds)]
    a, b = (statistics.median(column) for column in zip(*taken, strict=True))
    print(f"{name:<56} {a:6.3f} s / {b:6.3f} s = {a / b:5.2f}")


def parts(root: Path, rounds: int) -> None:
    """What a warm start spends on the definitions and on the figures, each once per round."""
    from kpitui.definitions.load import load
    from kpitui.workspace.opening import Workspace

    taken: dict[str, list[float]] = {"load definitions": [], "open workspace, all kept": [], "its scorecard": []}
    for _ in range(rounds):
        started = time.perf_counter()
        load(root)
        loaded = time.perf_counter()
        workspace = Workspace.open(root)
        opened = time.perf_counter()
        workspace.scorecard()
        ended = time.perf_counter()
        for name, wall in zip(taken, (loaded - started, opened - loaded, ended - opened), strict=True):
            taken[name].append(wall)
    for name, walls in taken.items():
        print(f"in this process: {name:<39} {statistics.median(walls):6.3f} s (least {min(walls):.3f})")


def main() -> None:
    """Make, measure, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "kpitui-bench")
    options = parser.parse_args()
    root = make(options.folder)
    compileall.compile_dir(Path(kpitui.__file__).parent, quiet=2)
    os.environ["XDG_CACHE_HOME"] = str(options.folder / "cache")
    env = dict(os.environ)
    (root / "many.csv").read_bytes()  # all find it in memory
    cold = [*KPITUI, "scorecard", str(root), "--no-cache"]
    warm = [*KPITUI, "scorecard", str(root)]
    polars = [sys.executable, "-c", POLARS, str(root / "many.csv")]
    compare("scorecard, nothing kept / Polars", lambda: run(cold, env), lambda: run(polars, env), options.rounds)
    nothing = [sys.executable, "-c", "pass"]
    compare("scorecard, all kept / pass", lambda: run(warm, env), lambda: run(nothing, env), options.rounds)
    parts(root, options.rounds)
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
