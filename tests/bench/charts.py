"""Times of the drill-down's chart: ten years of days against one year of them, and each view of the demo.

    python tests/bench/charts.py

Two things are timed in turn and compared; run it on a machine with nothing else to do.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from math import sin
from pathlib import Path
from tempfile import TemporaryDirectory

from kpitui.periods import Grain
from kpitui.ui.chart.draw import Drafter, View
from kpitui.ui.chart.lines import get_ready
from kpitui.ui.keymap import KeyMap
from kpitui.workspace.charts.pictures import picture
from kpitui.workspace.charts.views import VIEWS, Window, views
from kpitui.workspace.opening import Workspace, read_anew
from terminal import Terminal

KEY = KeyMap().shown

ROUNDS = 15
SETTINGS = """\
[source.days]
files = "days.csv"
date = "day"
frequency = "daily"

[kpi.temperature]
source = "days"
column = "temperature"
aggregate = "mean"
target = [{ from = 2000-01-01, value = 10 }]
"""


def milliseconds(*actions: Callable[[], object]) -> list[float]:
    """The median of each action's times, taken in turn."""
    taken: list[list[float]] = [[] for _ in actions]
    for _ in range(ROUNDS):
        for action, times in zip(actions, taken, strict=True):
            start = time.perf_counter()
            action()
            times.append((time.perf_counter() - start) * 1000)
    return [statistics.median(times) for times in taken]


def ten_years(root: Path) -> Workspace:
    """A figure a day from 2016 to 2025."""
    first = date(2016, 1, 1)
    days = [first + timedelta(days=n) for n in range(3653)]
    rows = [f"{day},{10 + 8 * sin(n / 58) + n % 7 / 3:.2f}" for n, day in enumerate(days)]
    (root / "kpitui.toml").write_text(SETTINGS, encoding="utf-8")
    (root / "days.csv").write_text("\n".join(["day,temperature", *rows]) + "\n", encoding="utf-8")
    return Workspace.open(root, as_of=days[-1], measure=read_anew)


def on_screen(root: Path) -> None:
    """From a key to its last byte at 120×40, with about a year of days in the chart and with all ten."""
    command = [sys.executable, "-m", "kpitui", str(root), "--as-of", "2025-12-31"]
    with Terminal(command, columns=120, rows=40) as year, Terminal(command, columns=120, rows=40) as decade:
        for terminal, halves in ((year, 3), (decade, 7)):
            terminal.wait_for("temperature", 60)
            terminal.settle(1)
            for key in ("-", "-", "\r", *"Z" * halves):
                terminal.press(key)
                terminal.settle(0.6)
        taken: tuple[list[float], list[float]] = ([], [])
        for i in range(ROUNDS * 2):
            for terminal, times in zip((year, decade), taken, strict=True):
                terminal.press("<" if i % 2 else ">")
                times.append(terminal.settle().last * 1000)
    short, long = (statistics.median(times) for times in taken)
    print(f"on screen   a year of days {short:6.1f} ms   ten years of days {long:6.1f} ms   ratio {long / short:.2f}")


def main() -> None:
    get_ready()
    with TemporaryDirectory() as folder:
        workspace = ten_years(Path(folder))
        on_screen(Path(folder))
        kpi = workspace.kpi("temperature")
        view = next(view for view in VIEWS if view.id == "days31")
        year, decade = (picture(workspace, kpi, view, Window(length=n), Grain.DAY, key=KEY) for n in (365, 3653))
        short, long = milliseconds(
            lambda: Drafter().draw(year, 82, 26, View()), lambda: Drafter().draw(decade, 82, 26, View())
        )
        print(
            f"drawing     a year of days {short:6.1f} ms   ten years of days {long:6.1f} ms   ratio {long / short:.2f}"
        )
        short, long = milliseconds(
            lambda: picture(workspace, kpi, view, Window(length=365), Grain.DAY, key=KEY),
            lambda: picture(workspace, kpi, view, Window(length=3653), Grain.DAY, key=KEY),
        )
        print(
            f"deciding    a year of days {short:6.1f} ms   ten years of days {long:6.1f} ms   ratio {long / short:.2f}"
        )
    workspace = Workspace.open(Path(__file__).parents[2] / "data" / "demo", measure=read_anew)
    kpi = workspace.kpi("sql_rate")
    for view in views(kpi, Grain.MONTH, segmented=False):
        shown = picture(workspace, kpi, view, Window(), Grain.MONTH, key=KEY)
        deciding, drawing = milliseconds(
            lambda view=view: picture(workspace, kpi, view, Window(), Grain.MONTH, key=KEY),
            lambda shown=shown: Drafter().draw(shown, 82, 26, View()),
        )
        print(f"{view.name:20} deciding {deciding:5.1f} ms   drawing at 82×26 {drawing:5.1f} ms")


if __name__ == "__main__":
    main()
