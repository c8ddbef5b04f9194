"""The start page, and what follows from what is chosen there."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from kpitui.cli.output import print_text
from kpitui.places import SETTINGS_FILE
from kpitui.printable import printable
from kpitui.problems import KpituiError

if TYPE_CHECKING:
    from kpitui.ui.start_page import Offer, What

_FEW = 9
"""CSV files that are offered."""
_FORMATS = (".csv", ".csv.gz")


def begin(here: Path, *, use_cache: bool) -> int:
    """Show the page, and do what is chosen; where that cannot be done, say why and show the page again."""
    from kpitui.ui.start_page import StartPage

    while True:
        choice = StartPage(here.resolve(), offers(here)).run()
        if choice is None:
            return 0
        try:
            return _do(choice.what, choice.path, use_cache=use_cache)
        except KpituiError as error:
            print(f"kpitui: {printable(str(error))}", file=sys.stderr)
            try:
                input("Enter goes back to the start page. ")
            except EOFError:
                return 2


def offers(here: Path) -> list[Offer]:
    """What the page offers in that folder."""
    from kpitui.ui.start_page import Choice, Offer
    from kpitui.workspace.recent import recent

    home = str(Path.home())
    found = [Offer(Choice("demo"), "The demo", "Acme marketing, invented; a copy of your own")]
    found += [
        Offer(Choice("open", one.path), one.name, f"{one.path.replace(home, '~', 1)} · {one.at:%-d %b %Y}")
        for one in recent()
    ]
    files = _csv_files(here)
    found += [
        Offer(Choice("from", str(path)), f"From {path.name}", "each column of numbers becomes a KPI")
        for path in files[:_FEW]
    ]
    more = f"and {len(files) - _FEW} more here" if len(files) > _FEW else "or any file elsewhere"
    found.append(Offer(Choice("from"), "From another CSV …", more, asks="the file, .csv or .csv.gz"))
    folder, new = "folder with a kpitui.toml", "folder of the new workspace"
    found.append(Offer(Choice("open"), "Open another …", folder, asks=folder))
    found.append(Offer(Choice("empty"), "Start an empty one …", "figures are typed in, or files added later", asks=new))
    return found


def _csv_files(here: Path) -> list[Path]:
    """The newest first, without those that a workspace beside them was begun from."""
    try:
        found = [path for path in here.iterdir() if path.name.lower().endswith(_FORMATS) and path.is_file()]
        fresh = [path for path in found if not (folder_of(path) / SETTINGS_FILE).exists()]
        return sorted(fresh, key=lambda path: (-path.stat().st_mtime, path.name))
    except OSError:
        return []


def folder_of(csv: Path) -> Path:
    """Where a workspace that begins from the file is made."""
    return csv.with_name(csv.name.split(".")[0])


def _do(what: What, path: str, *, use_cache: bool) -> int:
    from kpitui.cli.screens import show

    if what == "demo":
        from kpitui.cli.demo import demo_copy

        return show(demo_copy("demo").root, use_cache=use_cache)
    root = Path(path).expanduser()
    if what == "from" or (what == "open" and root.name.lower().endswith(_FORMATS)):
        from kpitui.cli.init import begin_from

        csv, root = root, folder_of(root)
        begin_from(root, csv, root.name, asks=True)
        _wait(root)
    elif what == "empty":
        from kpitui.cli.init import begin_empty

        begin_empty(root, root.resolve().name)
    return show(root, use_cache=use_cache)


def _wait(root: Path) -> None:
    try:
        input(f"Enter opens {printable(str(root))}. ")
    except EOFError:
        print_text("")
