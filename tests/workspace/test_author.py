"""Who writes: the config file, else git's user.name, else the login."""

from __future__ import annotations

import getpass
import subprocess
from pathlib import Path

import pytest

from kpitui.problems import KpituiError
from kpitui.workspace.author import author, config_file


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder under git, on a machine whose login is `ada`."""
    author.cache_clear()
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "ada")
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True, timeout=30)
    return tmp_path


def set_config(text: str) -> Path:
    path = config_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def set_git(root: Path, name: str) -> None:
    subprocess.run(["git", "config", "user.name", name], cwd=root, check=True, timeout=30)


def test_the_config_file_beats_git(root: Path) -> None:
    set_git(root, "Ada Lovelace")
    set_config('by = "head"\n')
    assert author(root) == "head"


def test_git_beats_the_login(root: Path) -> None:
    set_git(root, "Ada Lovelace")
    assert author(root) == "Ada Lovelace"


def test_the_login_is_the_last_resort(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert author(root) == "ada"
    author.cache_clear()

    def nobody() -> str:
        raise OSError

    monkeypatch.setattr(getpass, "getuser", nobody)
    assert author(root) == "unknown"


def test_without_git_the_login_will_do(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    set_git(root, "Ada Lovelace")
    monkeypatch.setenv("PATH", str(root))
    assert author(root) == "ada"


def test_a_config_file_may_say_nothing_of_it(root: Path) -> None:
    set_config("# nothing yet\n")
    assert author(root) == "ada"
    author.cache_clear()
    set_config('by = ""\n')
    assert author(root) == "ada"


@pytest.mark.parametrize(("text", "said"), [("by = 7\n", "`by` is a text"), ("by =\n", "cannot be read")])
def test_a_config_file_that_is_wrong_is_told(root: Path, text: str, said: str) -> None:
    path = set_config(text)
    with pytest.raises(KpituiError) as raised:
        author(root)
    assert said in str(raised.value)
    assert str(path) in str(raised.value)


def test_a_name_that_is_not_utf_8_is_no_reason_to_stop(root: Path) -> None:
    with (root / ".git" / "config").open("ab") as config:
        config.write(b"[user]\n\tname = J\xfcrgen\n")
    assert author(root) == "J\N{REPLACEMENT CHARACTER}rgen"
