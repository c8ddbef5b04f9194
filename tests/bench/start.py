"""How long a person waits, as ratios against the least that could be.

    python tests/bench/start.py [--runs 15] [--workspace DIR --text TEXT]

The demo, until its first figures stand on the screen, against an empty Textual app; `--help` and `--version` against
an interpreter that imports argparse, or nothing. The two run in turn, so that whatever else the machine does falls on
both. Each start of the demo has user folders of its own with a copy of the demo and nothing else in them. With
`--workspace`, a later start of that one too, until TEXT (the name of a KPI on its first screen) stands there.
"""

from __future__ import annotations

import argparse
import compileall
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import kpitui
from terminal import Terminal

BARE = """
from textual.app import App
from textual.widgets import Static

class Bare(App):
    def compose(self):
        yield Static("hello")

Bare().run()
"""
KPITUI = [sys.executable, "-m", "kpitui"]


def until(text: str, command: list[str], env: dict[str, str]) -> float:
    with Terminal(command, columns=120, rows=40, env=env) as terminal:
        return terminal.wait_for(text)


def bare() -> float:
    return until("hello", [sys.executable, "-c", BARE], dict(os.environ))


def demo() -> float:
    """The first start."""
    with tempfile.TemporaryDirectory() as home:
        return until("FIND THE CAUSE", [*KPITUI, "demo"], user(home))


def again(home: str, text: str, *call: str) -> float:
    """A later start: nothing changed since the last one, which has ended."""
    env = {**os.environ, **folders(home)}
    if not Path(home, "STATE").exists():
        Path(home, "STATE").mkdir()
        with Terminal([*KPITUI, *call], columns=120, rows=40, env=env) as terminal:
            terminal.wait_for(text, 120)
            # What the next start shows is kept once the figures stand.
            terminal.run_for(3)
    return until(text, [*KPITUI, *call], env)


def user(home: str) -> dict[str, str]:
    """Somebody who has the demo."""
    env = {**os.environ, **folders(home)}
    subprocess.run([*KPITUI, "demo", "--path"], env=env, stdout=subprocess.DEVNULL, check=True)
    return env


def folders(home: str) -> dict[str, str]:
    return {f"XDG_{name}_HOME": f"{home}/{name}" for name in ("CONFIG", "DATA", "CACHE", "STATE")}


def ended(*command: str) -> float:
    started = time.perf_counter()
    subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - started


def compare(name: str, ours: Callable[[], float], least: Callable[[], float], runs: int) -> None:
    ours(), least()
    taken = [(ours(), least()) for _ in range(runs)]
    a, b = (statistics.median(column) for column in zip(*taken, strict=True))
    print(f"{name:<40} {a * 1000:6.0f} ms / {b * 1000:4.0f} ms = {a / b:.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--workspace")
    parser.add_argument("--text", help="what stands on the first screen of that workspace")
    options = parser.parse_args()
    runs = options.runs
    compileall.compile_dir(Path(kpitui.__file__).parent, quiet=2)
    python = sys.executable
    compare("demo, first start / bare Textual app", demo, bare, runs)
    with tempfile.TemporaryDirectory() as home:
        demo_again = partial(again, home, "FIND THE CAUSE", "demo")
        compare("demo, later start / bare Textual app", demo_again, bare, runs)
        if options.workspace:
            with tempfile.TemporaryDirectory() as other:
                this_again = partial(again, other, options.text, options.workspace)
                compare("workspace, later start / bare Textual app", this_again, bare, runs)
                compare("workspace, later start / demo, later start", this_again, demo_again, runs)
    compare(
        "--help / import argparse",
        lambda: ended(*KPITUI, "--help"),
        lambda: ended(python, "-c", "import argparse"),
        runs,
    )
    compare(
        "--version / import argparse",
        lambda: ended(*KPITUI, "--version"),
        lambda: ended(python, "-c", "import argparse"),
        runs,
    )
    compare("--version / pass", lambda: ended(*KPITUI, "--version"), lambda: ended(python, "-c", "pass"), runs)


if __name__ == "__main__":
    main()
