"""What each part of the program may know, seen from fresh processes.

The contracts in pyproject.toml read the import statements; the rest looks at what a process has loaded in the end.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "kpitui"

LOADED = """
import contextlib, io, sys
{code}
print(*sorted(sys.modules))
"""
CALL = """
from kpitui.__main__ import main
sys.argv = ["kpitui", *{arguments!r}]
with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
    main()
"""


def loaded(code: str) -> set[str]:
    """The modules that a fresh process holds after the code."""
    run = subprocess.run([sys.executable, "-c", LOADED.format(code=code)], capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stderr
    return set(run.stdout.split())


@pytest.mark.parametrize(
    "arguments",
    [
        ["--version"],
        ["--help"],
        ["scorecard", "--help"],
        ["series", "--help"],
        ["note", "--help"],
        ["review", "--help"],
        ["nowhere"],
    ],
    ids=" ".join,
)
def test_help_comes_without_the_heavy_libraries(arguments: list[str]) -> None:
    assert loaded(CALL.format(arguments=arguments)) & {"polars", "textual", "rich", "plotext", "babel"} == set()


@pytest.mark.parametrize(
    ("arguments", "command"),
    [
        (["--help"], "start"),
        (["scorecard", "--help"], "figures"),
        (["note", "--help"], "records"),
        (["pace", "--help"], "why"),
        (["verdict", "--help"], "review"),
    ],
    ids=["none", "scorecard", "note", "pace", "verdict"],
)
def test_a_call_loads_the_module_of_its_command_only(arguments: list[str], command: str) -> None:
    modules = {
        "actions",
        "cache",
        "checking",
        "demo",
        "figures",
        "find",
        "keys",
        "manual",
        "merge",
        "records",
        "report",
    }
    modules |= {"review", "screens", "start", "themes", "why"}
    found = loaded(CALL.format(arguments=arguments))
    assert {name for name in modules if f"kpitui.cli.{name}" in found} == {command}


@pytest.mark.parametrize(
    ("modules", "without"),
    [
        ("kpitui", {"polars", "textual", "rich", "plotext", "babel", "msgspec", "argparse"}),
        ("kpitui.cli", {"polars", "textual", "rich", "plotext", "babel", "msgspec"}),
        ("kpitui.definitions.load, kpitui.records.store", {"polars", "textual", "rich", "plotext"}),
        ("kpitui.workspace.opening", {"polars", "textual", "rich", "plotext"}),
        ("kpitui.measurements.process", {"polars", "textual", "rich", "plotext", "msgspec"}),
        ("kpitui.measurements.cache", {"polars", "textual", "rich", "plotext"}),
        ("kpitui.measurements.cache_folder", {"polars", "textual", "rich", "plotext", "msgspec"}),
        ("kpitui.ui.app, kpitui.ui.screens.scorecard", {"polars", "plotext"}),
    ],
)
def test_importing_a_part_does_not_load(modules: str, without: set[str]) -> None:
    assert loaded(f"import {modules}") & without == set()


def test_the_scorecard_as_text_comes_without_the_screens() -> None:
    demo = ROOT / "data" / "demo"
    found = loaded(CALL.format(arguments=["scorecard", str(demo)]))
    assert "polars" in found
    assert found & {"textual", "rich", "plotext"} == set()


@pytest.mark.parametrize("command", ["scorecard", "series", "check"])
def test_where_nothing_changed_measurements_come_without_polars(command: str) -> None:
    code = CALL.format(arguments=[command, str(ROOT / "data" / "demo")])
    assert "polars" in loaded(code)
    assert loaded(code) & {"polars", "textual", "rich", "plotext"} == set()


WHY = {f"kpitui.analysis.{name}" for name in ("drivers", "segments", "pace", "links", "rates", "counts", "seasons")}


def test_nothing_of_why_is_loaded_with_the_first_screen_or_a_warm_scorecard() -> None:
    assert loaded("import kpitui.ui.app, kpitui.ui.screens.scorecard") & WHY == set()
    code = CALL.format(arguments=["scorecard", str(ROOT / "data" / "demo")])
    loaded(code)
    warm = loaded(code)
    assert warm & WHY == set()
    assert not any(name.startswith("kpitui.workspace.why") for name in warm)


def test_the_first_screen_comes_without_the_line_to_type_in() -> None:
    """It brings Textual's text area, and is added once the first figures are painted."""
    assert not loaded("import kpitui.ui.app") & {"kpitui.ui.widgets.entry", "textual.widgets._text_area"}


def test_the_first_screen_comes_without_what_opens_a_workspace() -> None:
    """A later start draws what the last one showed, and opens the workspace after its first frame."""
    late = {"kpitui.workspace.opening", "kpitui.records.store", "kpitui.definitions.load", "kpitui.workspace.journal"}
    assert not loaded("import kpitui.workspace.live, kpitui.ui.app") & late


def test_the_analysis_needs_the_standard_library_only() -> None:
    parts = ", ".join(f"kpitui.analysis.{path.stem}" for path in sorted((PACKAGE / "analysis").glob("[a-z]*.py")))
    assert parts
    # -I and -S: no site-packages; what is not in the standard library cannot be found.
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); import {parts}"
    run = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stderr


def test_the_import_contracts_hold() -> None:
    check = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    run = subprocess.run(
        [sys.executable, "-c", check, "--no-cache"], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "0 broken" in run.stdout


# What imports cannot show


def calls(path: Path) -> list[ast.Call]:
    return [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]


def name_of(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def sources(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.py"))


def test_toasts_are_never_read_as_markup() -> None:
    """A toast's text is markup unless it says otherwise; only a text written in the source may leave that out."""
    for path in sources(PACKAGE / "ui"):
        for call in calls(path):
            if name_of(call) != "notify" or (call.args and isinstance(call.args[0], ast.Constant)):
                continue
            markup = next((word.value for word in call.keywords if word.arg == "markup"), None)
            assert isinstance(markup, ast.Constant), f"{path}:{call.lineno}"
            assert markup.value is False, f"{path}:{call.lineno}"


def test_nothing_is_run_through_a_shell_or_evaluated() -> None:
    for path in sources(PACKAGE):
        for call in calls(path):
            assert name_of(call) not in {"system", "popen", "eval", "exec"}, f"{path}:{call.lineno}"
            assert not any(word.arg == "shell" for word in call.keywords), f"{path}:{call.lineno}"


def test_no_exception_of_every_kind_is_caught() -> None:
    for path in sources(PACKAGE):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ExceptHandler):
                bare = node.type is None or (
                    isinstance(node.type, ast.Name) and node.type.id in {"Exception", "BaseException"}
                )
                assert not bare, f"{path}:{node.lineno}"
