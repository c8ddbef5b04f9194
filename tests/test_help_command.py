"""`kpitui help` and `kpitui completion`."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from kpitui import cli
from kpitui.cli.main import COMMANDS

DOCS = Path(__file__).parents[1] / "docs"


def test_it_names_every_page_with_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["help"]) == 0
    told = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in told if line.startswith("  ")] == sorted(
        path.stem for path in DOCS.glob("*.md")
    )
    assert "  figures      What each figure on the screen and in the commands means" in "\n".join(told)


def test_a_page_is_printed_whole(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["help", "record"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("# The record\n")
    assert told.rstrip("\n") == (DOCS / "record.md").read_text(encoding="utf-8").rstrip("\n")


def test_a_command_is_a_topic_too(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.run(["help", "links"])
    assert capsys.readouterr().out.startswith("usage: kpitui links")


def test_another_word_is_told_which_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["help", "everything"]) == 2
    assert "there are definitions, figures, formats, record" in capsys.readouterr().err


def test_every_page_is_named_in_readme_and_in_the_wheel() -> None:
    readme = (DOCS.parent / "README.md").read_text(encoding="utf-8")
    project = tomllib.loads((DOCS.parent / "pyproject.toml").read_text(encoding="utf-8"))
    shipped = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    pages = [path.name for path in DOCS.glob("*.md")]
    assert [name for name in pages if f"(docs/{name})" not in readme] == []
    assert {f"docs/{name}": f"kpitui/_shipped/docs/{name}" for name in pages}.items() <= shipped.items()


def test_every_picture_of_readme_is_there_and_loads_nothing() -> None:
    readme = (DOCS.parent / "README.md").read_text(encoding="utf-8")
    named = re.findall(r"!\[[^\]]+\]\((docs/pictures/\w+\.svg)\)", readme)
    assert len(named) >= 2
    for name in named:
        picture = (DOCS.parent / name).read_text(encoding="utf-8")
        assert re.findall(r"url\((?!#)|href=|<image|<script", picture) == []


@pytest.mark.parametrize(
    ("words", "completed"),
    [
        (["sco"], ["scorecard"]),
        (["scorecard", "--gr"], ["--grain"]),
        (["review", "sign"], ["sign-off"]),
        (["series", "--format", "js"], ["json"]),
    ],
)
def test_bash_completes(words: list[str], completed: list[str], tmp_path: Path) -> None:
    if not shutil.which("bash"):
        pytest.skip("there is no bash to complete in")
    script = subprocess.run([sys.executable, "-m", "kpitui", "completion", "bash"], capture_output=True, text=True)
    assert script.returncode == 0, script.stderr
    (tmp_path / "kpitui.bash").write_text(script.stdout, encoding="utf-8")
    line = " ".join(("kpitui", *words))
    ask = f"""
        source {tmp_path}/kpitui.bash
        COMP_WORDS=({line}); COMP_CWORD={len(words)}; COMP_LINE='{line}'; COMP_POINT={len(line)}
        function=$(complete -p kpitui | sed 's/.*-F \\([^ ]*\\).*/\\1/')
        "$function"
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    run = subprocess.run(["bash", "-c", ask], capture_output=True, text=True, timeout=30)
    assert [word.strip() for word in run.stdout.splitlines()] == completed


@pytest.mark.parametrize("shell", ["zsh", "fish", "tcsh"])
def test_other_shells_have_every_command_in_their_script(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["completion", shell]) == 0
    told = capsys.readouterr().out
    assert [name for name in COMMANDS if name not in told] == []
