"""The program as people get it: a wheel, installed away from the checkout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from kpitui import __version__
from terminal import Terminal

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(ROOT)]
    run = subprocess.run(build, capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stdout + run.stderr
    (wheel,) = out.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with kpitui from the wheel and nothing else; its dependencies are those of the running Python."""
    target = tmp_path_factory.mktemp("installed")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-index"]
    run = subprocess.run(
        [*pip, "--no-deps", "--target", str(target), str(wheel)], capture_output=True, text=True, timeout=120
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return target


@pytest.fixture
def environment(installed: Path, home: Path) -> dict[str, str]:
    # PYTHONPATH stands before an editable installation of the checkout.
    return {**os.environ, "PYTHONPATH": str(installed)}


def kpitui(environment: dict[str, str], cwd: Path, *arguments: str) -> str:
    run = subprocess.run(
        [sys.executable, "-m", "kpitui", *arguments],
        cwd=cwd,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


THEMES = ("ansi", "blue-orange", "dark", "high-contrast", "light")


def test_the_wheel_holds_the_program_the_demos_and_the_themes(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        entry_points = next(name for name in names if name.endswith("entry_points.txt"))
        assert "kpitui = kpitui.__main__:main" in archive.read(entry_points).decode()
    assert {
        "kpitui/__main__.py",
        "kpitui/ui/app.py",
        "kpitui/_shipped/data/demo/kpitui.toml",
        "kpitui/_shipped/data/demo/measurements/crm.csv",
        "kpitui/_shipped/data/b2b-dashboard/kpitui.toml",
        *(f"kpitui/_shipped/themes/{theme}.toml" for theme in THEMES),
    } <= names
    assert {name.partition("/")[0] for name in names} == {"kpitui", f"kpitui-{__version__}.dist-info"}
    assert [name for name in names if "__pycache__" in name or name.endswith(".pyc") or "tests/" in name] == []


def test_the_installed_copy_is_the_one_that_runs(environment: dict[str, str], installed: Path, tmp_path: Path) -> None:
    code = "import kpitui; print(kpitui.__file__)"
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60
    )
    assert Path(run.stdout.strip()) == installed / "kpitui" / "__init__.py"


def test_the_demo_is_copied_out_and_prints(environment: dict[str, str], home: Path, tmp_path: Path) -> None:
    copy = kpitui(environment, tmp_path, "demo", "--path").strip()
    assert Path(copy) == home / "data" / "kpitui" / "demo"
    card = json.loads(kpitui(environment, tmp_path, "scorecard", copy, "--format", "json"))
    assert (card["workspace"], card["period"], card["problems"]) == ("Acme marketing", "2026-10", 0)
    rate = next(kpi for kpi in card["kpis"] if kpi["id"] == "sql_rate")
    assert (rate["status"], rate["group"]) == ("behind", "find_the_cause")


def test_the_demo_opens_in_a_terminal_and_q_ends_it(environment: dict[str, str], tmp_path: Path) -> None:
    with Terminal([sys.executable, "-m", "kpitui", "demo"], env=environment, cwd=tmp_path) as terminal:
        terminal.wait_for("FIND THE CAUSE", 60)
        terminal.wait_for("SQL conversi")
        terminal.press("q")
        assert terminal.wait_for_end() == 0
