"""How long a key takes on the screens, and how much it sends: `python tests/bench/screens.py [KEYS]`.

At 120×40, from the key to the last byte that it causes, for the demo and for a workspace of 1,000 KPIs (invented with a
seed). Single figures depend on whatever else the machine does; the two workspaces take turns, so that their ratio does
not.
"""

from __future__ import annotations

import os
import random
import shutil
import statistics
import sys
import tempfile
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


def tell(what: str, demo: list[Caused], large: list[Caused]) -> None:
    """The figures of both workspaces, and the ratio of the medians."""
    middle = [statistics.median(caused.last for caused in found) * 1000 for found in (demo, large)]
    print(f"{what:<28}", end="")
    for name, found, median in (("demo", demo, middle[0]), ("1,000", large, middle[1])):
        late = statistics.quantiles([caused.last * 1000 for caused in found], n=20)[18]
        print(f"  {name}: {median:5.1f} ms, p95 {late:5.1f}, {max(caused.count for caused in found):5} bytes", end="")
    print(f"  ratio {middle[1] / middle[0]:.2f}")


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

            def both(what: str, *sequences: str) -> None:
                found: tuple[list[Caused], list[Caused]] = ([], [])
                for i in range(count):
                    for terminal, caused in zip((demo, large), found, strict=True):
                        caused.append(press(terminal, sequences[i % len(sequences)]))
                tell(what, *found)

            both("cursor", *["j"] * 6, *["k"] * 6)
            both("next exception", "J")
            press(demo, "/"), press(large, "/")
            both("a letter of the filter", "o", "w", "\x7f", "\x7f")
            press(demo, "\x1b"), press(large, "\x1b")
            both("sort", "s")
            both("group", "g")


if __name__ == "__main__":
    main()
