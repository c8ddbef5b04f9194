"""A scorecard over millions of rows, nothing cached, against DuckDB grouping the same file by KPI and month.

    python tests/bench/large.py [--rows 10,30] [--rounds 3] [--folder DIR] [--duckdb PYTHON]

Makes a CSV of 100 KPIs × 1,000 days × 100 segments for ten million rows (more days for more), seeded, and a
workspace over it; runs `kpitui scorecard --no-cache --format json` and the DuckDB process in turn; prints wall times,
their ratio and the peak memory of both. `--duckdb` names an interpreter that has duckdb, by default this one.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

KPIS, SEGMENTS = 100, 100
DUCKDB = """
import duckdb, sys
rows = duckdb.sql(
    "select kpi, date_trunc('month', date) as month, sum(value) "
    f"from read_csv('{sys.argv[1]}') group by all order by all"
).fetchall()
print(len(rows))
"""


def make(folder: Path, million: int) -> Path:
    """The workspace of so many million rows; what is there already is kept."""
    root = folder / f"rows-{million}m"
    root.mkdir(parents=True, exist_ok=True)
    days = million * 1_000_000 // (KPIS * SEGMENTS)
    first = date(2023, 1, 1)
    measures = "".join(
        f'\n[kpi.kpi_{kpi:02}]\nname = "KPI {kpi}"\nsource = "large"\nkey = "kpi_{kpi:02}"\naggregate = "sum"\n'
        for kpi in range(KPIS)
    )
    (root / "kpitui.toml").write_text(
        f"""[workspace]
name = "Large"
as_of = {first + timedelta(days - 1)}

[source.large]
files = "large.csv"
date = "date"
layout = "long"
measure = "kpi"
value = "value"
segments = ["segment"]
frequency = "daily"
{measures}"""
    )
    file = root / "large.csv"
    if not file.exists():
        rng = random.Random(1)
        values = [f"{rng.uniform(0, 10_000):.2f}\n" for _ in range(100_003)]
        keys = [f",kpi_{kpi:02},seg_{segment:02}," for kpi in range(KPIS) for segment in range(SEGMENTS)]
        with file.open("w") as out:
            out.write("date,kpi,segment,value\n")
            for day in range(days):
                start = rng.randrange(len(values) - len(keys))
                today = (first + timedelta(day)).isoformat()
                out.write("".join(f"{today}{key}{value}" for key, value in zip(keys, values[start:], strict=False)))
    return root


def run(command: list[str]) -> tuple[float, float]:
    """Wall time in seconds and peak memory in MB."""
    start = time.perf_counter()
    child = os.posix_spawn(
        command[0],
        command,
        os.environ,
        file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)],
    )
    _, status, usage = os.wait4(child, 0)
    wall = time.perf_counter() - start
    if status:
        sys.exit(f"{' '.join(command[:4])} ended with {os.waitstatus_to_exitcode(status)}")
    return wall, usage.ru_maxrss / 1024


def main() -> None:
    """Make, measure, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--rows", default="10", help="millions, by commas")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "kpitui-bench")
    parser.add_argument("--duckdb", default=sys.executable)
    options = parser.parse_args()
    medians = {}
    for million in map(int, options.rows.split(",")):
        root = make(options.folder, million)
        with (root / "large.csv").open("rb") as file:  # both find it in memory
            while file.read(1 << 20):  # a piece at a time: what this process held would count as a child's peak
                pass
        ours = [sys.executable, "-m", "kpitui", "scorecard", str(root), "--no-cache", "--format", "json"]
        theirs = [options.duckdb, "-c", DUCKDB, str(root / "large.csv")]
        run(ours)  # compiles what is not compiled yet
        rounds = [(run(ours), run(theirs)) for _ in range(options.rounds)]
        for name, index in (("kpitui", 0), ("DuckDB", 1)):
            walls = sorted(each[index][0] for each in rounds)
            peak = max(each[index][1] for each in rounds)
            medians[million, name] = statistics.median(walls)
            shown = ", ".join(f"{wall:.2f}" for wall in walls)
            print(
                f"{million} million rows, {name}: median {medians[million, name]:.2f} s ({shown}), peak {peak:.0f} MB"
            )
        ratios = sorted(mine[0] / duck[0] for mine, duck in rounds)
        ratio = medians[million, "kpitui"] / medians[million, "DuckDB"]
        print(f"{million} million rows: {ratio:.2f} times DuckDB (by round {', '.join(f'{r:.2f}' for r in ratios)})")
    sizes = sorted({million for million, _ in medians})
    for size in sizes[1:]:
        ratio = medians[size, "kpitui"] / medians[sizes[0], "kpitui"]
        print(f"{size} million rows against {sizes[0]}: {ratio:.2f} times; {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
