"""How long a key takes, and how much it sends, beside what it may: `python tests/bench/screens.py [KEYS]`.

At 120×40, from the key to the last byte that it causes, for the demo and for a workspace of 1,000 KPIs (invented with a
seed). Single figures depend on whatever else the machine does; the two workspaces take turns, so that their ratio does
not. A chart's cursor key has no time of its own to keep: it is held to the scorecard's.
"""

from __future__ import annotations

import os
import random
import shutil
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import kpitui
from terminal import Caused, Terminal

COUNT = 1000
MONTHS = [f"{year}-{month:02d}" for year in (2024, 2025, 2026) for month in range(1, 13)][:34]
OWNERS = ("ops", "sales", "content", "demand")
PERSPECTIVES = ("financial", "customer", "internal process", "learning & growth")


def write_large(root: Path) -> Path:
    """A workspace of 1,000 KPIs with 34 months each, some of which have changed."""
    chance = random.Random(20261104)
    (root / "measurements").mkdir(parents=True)
    settings = '[workspace]\nname = "Large"\nas_of = 2026-11-04\n'
    settings += '[source.all]\nfiles = "measurements/all.csv"\ndate = "month"\nfrequency = "monthly"\n'
    columns = []
    for i in range(COUNT):
        level = chance.uniform(50, 5000)
        drift = chance.choice((0, 0, 0, -0.2, 0.1))
        columns.append([f"{level * (1 + chance.gauss(0, 0.05) + drift * (m > 28)):.1f}" for m in range(len(MONTHS))])
        settings += (
            f'[kpi.k{i}]\nname = "Figure number {i} of many"\nsource = "all"\ncolumn = "k{i}"\naggregate = "sum"\n'
            f'owner = "{chance.choice(OWNERS)}"\nperspective = "{chance.choice(PERSPECTIVES)}"\n'
            f"target = [{{ from = 2024-01-01, value = {level:.1f} }}]\n"
        )
    (root / "kpitui.toml").write_text(settings, encoding="utf-8")
    rows = [",".join(("month", *(f"k{i}" for i in range(COUNT))))]
    rows += [",".join((month, *values)) for month, values in zip(MONTHS, zip(*columns, strict=True), strict=True)]
    (root / "measurements" / "all.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return root


def press(terminal: Terminal, keys: str) -> Caused:
    terminal.press(keys)
    return terminal.settle()


def milliseconds(found: Sequence[Caused]) -> tuple[float, float]:
    """The median and the 95th percentile, from the key to the last byte."""
    times = [caused.last * 1000 for caused in found]
    return statistics.median(times), statistics.quantiles(times, n=20)[18]


def held(what: str, figure: float, most: float, unit: str) -> None:
    """A figure beside what it may be."""
    said = "held" if figure <= most else "NOT HELD"
    print(f"{what:<58} {figure:8.1f} {unit:<5}  at most {most:6.1f}  {said}")


class Bench:
    """The demo and the large workspace, which take turns."""

    def __init__(self, demo: Terminal, large: Terminal, count: int) -> None:
        self._demo, self._large, self._count = demo, large, count

    def both(self, keys: Sequence[str]) -> tuple[list[Caused], list[Caused]]:
        """What these keys cause, round and round."""
        found: tuple[list[Caused], list[Caused]] = ([], [])
        for i in range(self._count):
            for terminal, caused in zip((self._demo, self._large), found, strict=True):
                caused.append(press(terminal, keys[i % len(keys)]))
        return found

    def quietly(self, keys: str) -> None:
        """Press what is not timed."""
        for terminal in (self._demo, self._large):
            press(terminal, keys)
            terminal.settle(0.5)

    def cursor(self) -> None:
        demo, large = self.both(["j"] * 6 + ["k"] * 6)
        (middle, late), (middle_large, late_large) = milliseconds(demo), milliseconds(large)
        held("cursor key, demo, p95", late, 16, "ms")
        held("cursor key, 1,000 KPIs, p95", late_large, 16, "ms")
        held("cursor key, 1,000 KPIs against the demo, medians", middle_large / middle, 1.2, "times")
        held("cursor key, demo, most bytes", max(caused.count for caused in demo), 700, "bytes")
        held("cursor key, 1,000 KPIs, most bytes", max(caused.count for caused in large), 700, "bytes")

    def filter(self) -> None:
        _, opened = self.both(["/", "\x1b"])
        # Esc is not one of them: a terminal waits for what may follow it.
        held("filter opened, 1,000 KPIs, median", milliseconds(opened[::2])[0], 30, "ms")
        self.quietly("/")
        _, large = self.both(["o", "w", "\x7f", "\x7f"])
        held("letter of the filter, 1,000 KPIs, median", milliseconds(large)[0], 30, "ms")
        held("letter of the filter, 1,000 KPIs, p95", milliseconds(large)[1], 30, "ms")
        self.quietly("\x1b")

    def drill_down(self) -> None:
        demo, large = self.both(["\r", "\x1b"])
        for name, found in (("demo", demo), ("1,000 KPIs", large)):
            held(f"Enter to a drawn chart, {name}, median", milliseconds(found[::2])[0], 80, "ms")
        self.quietly("\r")
        for name, found in zip(("demo", "1,000 KPIs"), self.both(["J"]), strict=True):
            held(f"next KPI (J), {name}, median", milliseconds(found)[0], 60, "ms")
        for name, found in zip(("demo", "1,000 KPIs"), self.both(["\x1b[D"] * 6 + ["\x1b[C"] * 6), strict=True):
            held(f"chart's cursor key, {name}, most bytes", max(caused.count for caused in found), 700, "bytes")
            held(f"chart's cursor key, {name}, p95", milliseconds(found)[1], 16, "ms")


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        roots = (home / "demo", write_large(home / "large"))
        shutil.copytree(Path(kpitui.__file__).parents[1] / "data" / "demo", roots[0])
        env = {**os.environ, **{f"XDG_{name}_HOME": f"{folder}/{name}" for name in ("CONFIG", "CACHE", "STATE")}}
        command = [sys.executable, "-m", "kpitui"]
        with (
            Terminal([*command, str(roots[0])], columns=120, rows=40, env=env) as demo,
            Terminal([*command, str(roots[1])], columns=120, rows=40, env=env) as large,
        ):
            for terminal in (demo, large):
                terminal.wait_for("FIND THE CAUSE", 120)
                terminal.settle(2)
            bench = Bench(demo, large, count)
            bench.cursor()
            bench.filter()
            bench.drill_down()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {count} keys of each kind")


if __name__ == "__main__":
    main()
