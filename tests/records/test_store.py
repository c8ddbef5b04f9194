"""On disk: every word is there or the file is as it was, whoever else writes and whatever fails."""

from __future__ import annotations

import difflib
import errno
import os
import stat
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from kpitui.problems import KpituiError
from kpitui.records import safe
from kpitui.records import store as store_module
from kpitui.records.model import Action, Figures, Note, Retraction, Review, TargetRevision
from kpitui.records.store import RecordStore

AT = datetime(2026, 11, 4, 9, 12, tzinfo=UTC)
REVIEW = Review(id="2026-10-monthly", cadence="monthly", period="2026-10", started=AT)
FILE = "reviews/2026-10-monthly.toml"


def note(text: str = "seen", second: int = 0, **more: Any) -> Note:
    return Note(kpi="mqls", by="head", at=AT + timedelta(seconds=second), text=text, **more)


@pytest.fixture
def store(tmp_path: Path) -> RecordStore:
    return RecordStore(tmp_path, "Acme")


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def texts(store: RecordStore) -> set[str]:
    records, problems = store.load()
    assert problems == []
    return {getattr(record, "text", "") for file in records.files for record in file.records}


def test_the_first_record_makes_the_file(store: RecordStore, tmp_path: Path) -> None:
    saved = store.add(REVIEW, note(), "MQLs · 80 of 100")

    text = (tmp_path / FILE).read_text()
    assert (saved.path, saved.line) == (FILE, 11)
    assert text.splitlines()[10:12] == ["# MQLs · 80 of 100", f"[note.{saved.id}]"]
    assert text.startswith("# Acme · October 2026 · monthly\nschema = 1\n")
    records, problems = store.load()
    assert problems == []
    assert records.files[0].records == (saved.record,)
    assert records.reviews == [REVIEW]
    assert records.holding(saved.id) == records.files[0]


def test_a_workspace_without_reviews_has_no_records(store: RecordStore) -> None:
    assert store.load()[0].files == ()


def test_one_more_note_changes_only_its_own_lines(store: RecordStore, tmp_path: Path) -> None:
    for number in range(3):
        store.add(REVIEW, note(f"note {number}", number))
    path = tmp_path / FILE
    block = path.read_text().partition("[note.")[2].partition("\n")[2].partition("\n\n")[0]
    path.write_text(path.read_text() + "".join(f"\n[note.n-x{n}]\n{block}\n" for n in range(197)))
    store.start(REVIEW, {"mqls": Figures(80.0, 100.0, "behind", "shift below", "5f3a")})
    before = path.read_text().splitlines()

    store.add(REVIEW, note("one more", 7), "MQLs")

    changes = [
        line
        for line in difflib.unified_diff(before, path.read_text().splitlines(), n=0, lineterm="")
        if not line.startswith(("---", "+++", "@@"))
    ]
    assert len(changes) == 8
    assert all(change.startswith("+") for change in changes)
    assert len(texts(store)) == 4


def test_what_was_saved_already_is_not_saved_twice(store: RecordStore) -> None:
    first = store.add(REVIEW, note())

    assert store.add(REVIEW, note()).id == first.id
    assert len(store.load()[0].files[0].records) == 1


def test_an_id_that_is_taken_anywhere_in_the_workspace_is_not_given_again(store: RecordStore) -> None:
    store.add(REVIEW, note(id="n-2b3c"))
    other = msgspec.structs.replace(REVIEW, id="2026-11-monthly", period="2026-11")

    assert store.add(other, note("other", id="n-2b3c")).id != "n-2b3c"


def test_hand_edits_and_two_stores_in_turn(store: RecordStore, tmp_path: Path) -> None:
    other = RecordStore(tmp_path)
    path = tmp_path / FILE
    store.add(REVIEW, note("one"))
    store.load()
    other.load()
    path.write_text(path.read_text().replace("[review]", "# by hand\n[review]  # mine") + "\n# the end\n")
    other.add(REVIEW, note("two"))
    path.write_text(path.read_text() + "\n[extra]\na = 1   # mine\n")
    store.add(REVIEW, note("three"))

    text = path.read_text()
    records, problems = store.load()
    assert [getattr(record, "text", "") for record in records.files[0].records] == ["one", "two", "three"]
    assert [problem.message for problem in problems] == ["unknown table `extra`"]
    for kept in ("# by hand\n[review]  # mine\n", "\n# the end\n", "[extra]\na = 1   # mine\n"):
        assert kept in text


def test_an_edit_keeps_the_comments_and_unknown_keys_of_the_block(store: RecordStore, tmp_path: Path) -> None:
    saved = store.add(REVIEW, note(), "MQLs")
    path = tmp_path / FILE
    path.write_text(path.read_text().replace('kpi = "mqls"', 'kpi = "mqls"  # the big one\nmood = "calm"'))
    before = path.read_text()

    changed = store.change(REVIEW, saved.record, msgspec.structs.replace(saved.record, text="seen twice"))

    assert path.read_text() == before.replace("seen", "seen twice")
    assert (changed.id, changed.conflict) == (saved.id, None)


def test_different_keys_changed_by_two_are_joined(store: RecordStore, tmp_path: Path) -> None:
    action = Action(kpi="mqls", by="head", at=AT, title="call", owner="ops", due=date(2026, 11, 6))
    saved = store.add(REVIEW, action).record
    assert isinstance(saved, Action)
    store.change(REVIEW, saved, msgspec.structs.replace(saved, owner="ana"))

    joined = store.change(REVIEW, saved, msgspec.structs.replace(saved, effect="+5 a week"))

    assert joined.conflict is None
    assert joined.record == msgspec.structs.replace(saved, owner="ana", effect="+5 a week")
    assert store.load()[0].files[0].records == (joined.record,)


def test_one_key_changed_by_two_keeps_both_versions(store: RecordStore) -> None:
    saved = store.add(REVIEW, note()).record
    theirs = store.change(REVIEW, saved, msgspec.structs.replace(saved, text="theirs")).record

    ours = store.change(REVIEW, saved, msgspec.structs.replace(saved, text="ours"))

    assert ours.conflict == theirs
    assert ours.id != saved.id
    assert set(store.load()[0].files[0].records) == {theirs, ours.record}


def test_a_record_that_was_deleted_meanwhile_is_added_again(store: RecordStore, tmp_path: Path) -> None:
    saved = store.add(REVIEW, note()).record
    path = tmp_path / FILE
    path.write_text(path.read_text().partition("[note.")[0])

    again = store.change(REVIEW, saved, msgspec.structs.replace(saved, text="still true"))

    assert again.id == saved.id
    assert texts(store) == {"still true"}


def test_figures_are_frozen_once(store: RecordStore, tmp_path: Path) -> None:
    store.start(msgspec.structs.replace(REVIEW, chair="head"), {"mqls": Figures(80.0, None, "no_target", "", "5f3a")})
    store.add(REVIEW, note())
    text = (tmp_path / FILE).read_text()

    store.start(REVIEW, {"mqls": Figures(81.0, None, "no_target", "", "5f3a")})

    assert (tmp_path / FILE).read_text() == text
    assert text.endswith('\n\n[figures]\nmqls = [80.0, "", "no_target", "", "5f3a"]\n')
    assert 'chair = "head"\n' in text


def test_a_signed_off_review_is_not_written_to_until_it_is_reopened(store: RecordStore, tmp_path: Path) -> None:
    store.add(REVIEW, note("one"))
    before = (tmp_path / FILE).read_text()
    store.set_state(REVIEW, "signed-off", by="head", at=AT)
    signed_off = before.replace('state = "open"', 'state = "signed-off"').replace(
        "started = 2026-11-04T09:12:00+00:00\n",
        'started = 2026-11-04T09:12:00+00:00\nsigned_off_by = "head"\nsigned_off_at = 2026-11-04T09:12:00+00:00\n',
    )
    assert (tmp_path / FILE).read_text() == signed_off

    with pytest.raises(KpituiError, match=r"the review is signed off\. Name another"):
        store.add(REVIEW, note("two"))
    store.set_state(REVIEW, "open", by="ops", at=AT)
    store.add(REVIEW, note("two"))

    assert texts(store) == {"one", "two"}
    assert store.load()[0].reviews == [msgspec.structs.replace(REVIEW, reopened_by="ops", reopened_at=AT)]

    store.set_state(REVIEW, "signed-off", by="head \ud83d", at=AT + timedelta(hours=1))
    [review] = store.load()[0].reviews
    assert (review.signed_off_by, review.signed_off_at) == ("head \ufffd", AT + timedelta(hours=1))
    assert (review.reopened_by, review.reopened_at) == ("ops", AT)


def test_a_review_stays_signed_off_once_the_next_has_started(store: RecordStore) -> None:
    store.start(REVIEW, {})
    store.set_state(REVIEW, "signed-off", by="head", at=AT)
    later = Review(id="2026-11-monthly", cadence="monthly", period="2026-11", started=AT + timedelta(days=30))
    store.add(later, note("for the next one"))
    store.set_state(REVIEW, "open", by="head", at=AT)  # a note alone is no session
    store.set_state(REVIEW, "signed-off", by="head", at=AT)
    store.start(later, {"mqls": Figures(80.0, 100.0, "behind", "shift below", "5f3a")})

    with pytest.raises(KpituiError, match="for 2026-11-monthly has started"):
        store.set_state(REVIEW, "open", by="head", at=AT)


def test_several_records_are_added_in_one_write(store: RecordStore, tmp_path: Path) -> None:
    store.add(REVIEW, note("before"))
    saved = store.add_all(REVIEW, [(note("one"), "first"), (note("two"), "second")])
    lines = (tmp_path / FILE).read_text().splitlines()
    assert [lines[each.line - 1] for each in saved] == ["# first", "# second"]
    assert len({each.id for each in saved}) == 2
    assert texts(store) == {"before", "one", "two"}


def test_where_one_of_several_records_is_not_complete_none_is_written(store: RecordStore, tmp_path: Path) -> None:
    with pytest.raises(KpituiError, match="A note needs `text`"):
        store.add_all(REVIEW, [(note("one"), ""), (note(""), "")])
    assert not (tmp_path / FILE).exists()


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        ("\n<<<<<<< HEAD\n=======\n>>>>>>> main\n", "git left conflict markers in it"),
        ('\n[note.n-1]\ntext = "\n', "it is no TOML any more"),
    ],
)
def test_a_damaged_file_is_read_but_not_written_to(
    store: RecordStore, tmp_path: Path, damage: str, reason: str
) -> None:
    store.add(REVIEW, note("one"))
    path = tmp_path / FILE
    path.write_text(path.read_text() + damage)
    before = path.read_bytes()

    with pytest.raises(KpituiError, match=reason):
        store.add(REVIEW, note("two"))

    assert path.read_bytes() == before
    assert len(store.load()[0].files[0].records) == 1


@pytest.mark.parametrize("layout", ["note = 3\n", "note.n-1.text = 'dotted'\n", "[[note]]\na = 1\n"])
def test_a_file_laid_out_in_another_way_is_left_to_its_author(store: RecordStore, tmp_path: Path, layout: str) -> None:
    store.start(REVIEW, {})
    path = tmp_path / FILE
    text = path.read_text()
    path.write_text(text + layout if layout.startswith("[") else layout + text)
    before = path.read_bytes()

    with pytest.raises(KpituiError, match=f"{FILE} was not written"):
        store.add(REVIEW, note(id="n-1"))

    assert path.read_bytes() == before


def test_a_record_that_could_not_be_read_again_is_refused(store: RecordStore, tmp_path: Path) -> None:
    with pytest.raises(KpituiError, match="A note needs `text`"):
        store.add(REVIEW, note(""))
    target = TargetRevision(kpi="mqls", by="head", at=AT, since=date(2026, 1, 1), value=float("nan"), reason="x")
    with pytest.raises(KpituiError, match="was not written"):
        store.add(REVIEW, target)

    assert not (tmp_path / FILE).exists()


def test_line_ends_byte_order_mark_and_mode_are_kept(store: RecordStore, tmp_path: Path) -> None:
    store.add(REVIEW, note("one"))
    path = tmp_path / FILE
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    path.chmod(0o640)
    before = path.read_bytes()

    store.add(REVIEW, note("two\nlines"))

    assert path.read_bytes().startswith(before + b"\r\n[note.n-")
    assert path.read_bytes().count(b"\n") == path.read_bytes().count(b"\r\n")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert texts(store) == {"one", "two\nlines"}


def test_a_new_file_has_the_usual_mode(store: RecordStore, tmp_path: Path) -> None:
    mask = os.umask(0o027)
    try:
        store.add(REVIEW, note())
    finally:
        os.umask(mask)

    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o640


def test_links_are_followed_inside_the_workspace_and_nowhere_else(store: RecordStore, tmp_path: Path) -> None:
    root = tmp_path / "acme"
    store = RecordStore(root)
    store_outside = RecordStore(tmp_path)
    store_outside.add(REVIEW, note("outside"))
    (root / "reviews").mkdir(parents=True)
    (root / "shelf").mkdir()
    (root / FILE).symlink_to(tmp_path / FILE)
    inside = msgspec.structs.replace(REVIEW, id="2026-11-monthly", period="2026-11")
    (root / "reviews/2026-11-monthly.toml").symlink_to("../shelf/november.toml")

    store.add(inside, note("inside"))
    with pytest.raises(KpituiError, match="the link leads out of the workspace"):
        store.add(REVIEW, note("lost"))

    assert (root / "reviews/2026-11-monthly.toml").is_symlink()
    assert "inside" in (root / "shelf/november.toml").read_text()
    assert [problem.message for problem in store.load()[1]] == [
        "the link leads out of the workspace; put the file itself there"
    ]
    assert texts(store_outside) == {"outside"}


def test_what_is_no_file_is_told(store: RecordStore, tmp_path: Path) -> None:
    store.add(REVIEW, note())
    os.mkfifo(tmp_path / "reviews/pipe.toml")
    (tmp_path / "reviews/folder.toml").mkdir()
    (tmp_path / "reviews/circle.toml").symlink_to("circle.toml")
    (tmp_path / "reviews/.hidden.toml").write_text("no")

    records, problems = store.load()

    assert {problem.file for problem in problems} == {f"reviews/{n}.toml" for n in ("pipe", "folder", "circle")}
    assert [len(file.records) for file in records.files] == [1, 0, 0, 0]


def test_a_copied_file_is_told(store: RecordStore, tmp_path: Path) -> None:
    store.add(REVIEW, note())
    (tmp_path / "reviews/copy.toml").write_bytes((tmp_path / FILE).read_bytes())

    assert "the id 2026-10-monthly stands in two files" in str(store.load()[1][0])


def test_a_lock_held_too_long_is_told_and_one_left_behind_is_not_in_the_way(
    store: RecordStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.add(REVIEW, note("one"))
    assert (tmp_path / "reviews/.2026-10-monthly.toml.lock").exists()
    monkeypatch.setattr(safe, "WAIT_SECONDS", 0.2)

    with (
        safe.locked(tmp_path / FILE, FILE),
        pytest.raises(KpituiError, match="another program has been writing"),
    ):
        store.add(REVIEW, note("two"))

    store.add(REVIEW, note("two"))
    assert texts(store) == {"one", "two"}


def test_a_folder_that_takes_no_lock_is_told(store: RecordStore, tmp_path: Path) -> None:
    (tmp_path / "reviews/.2026-10-monthly.toml.lock").mkdir(parents=True)

    with pytest.raises(KpituiError, match=f"{FILE} was not written"):
        store.add(REVIEW, note())


def failing(number: int) -> object:
    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    return fail


@pytest.mark.parametrize(
    ("step", "number", "sentence"),
    [
        ("write", errno.ENOSPC, "the disk is full. Nothing in it has changed; make room, then save again"),
        ("fchmod", errno.EPERM, "you may not write there"),
        ("fsync", errno.EIO, "Input/output error"),
        ("replace", errno.EROFS, "the disk can only be read"),
        ("close", errno.EDQUOT, "your share of the disk is used up"),
    ],
)
def test_a_failure_at_any_step_leaves_the_file_as_it_was(
    store: RecordStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, number: int, sentence: str
) -> None:
    store.add(REVIEW, note("one"))
    before, names = (tmp_path / FILE).read_bytes(), names_in(tmp_path / "reviews")

    with monkeypatch.context() as broken:
        broken.setattr(os, step, failing(number))
        # The lock's own file is opened and closed by filelock; only the step under test is broken.
        broken.setattr(safe, "locked", lambda *_: __import__("contextlib").nullcontext())
        with pytest.raises(KpituiError, match=sentence):
            store.add(REVIEW, note("two"))

    assert (tmp_path / FILE).read_bytes() == before
    assert names_in(tmp_path / "reviews") == names
    store.add(REVIEW, note("two"))
    assert texts(store) == {"one", "two"}


def test_a_disk_that_does_not_confirm_the_name_is_told_and_saving_again_is_safe(
    store: RecordStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.add(REVIEW, note("one"))
    with monkeypatch.context() as broken:
        broken.setattr(safe, "sync_folder", failing(errno.EIO))
        with pytest.raises(KpituiError, match="was written, but the disk does not confirm it"):
            store.add(REVIEW, note("two"))
        with pytest.raises(KpituiError, match="was written, but the disk does not confirm it"):
            store.add(REVIEW, note("two"))

    synced: list[Path] = []
    monkeypatch.setattr(safe, "sync_folder", synced.append)
    store.add(REVIEW, note("two"))
    assert synced == [tmp_path / "reviews"]
    assert len(store.load()[0].files[0].records) == 2


def test_a_short_write_is_continued(store: RecordStore, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda fd, data: write(fd, bytes(data)[:7]))

    store.add(REVIEW, note("a longer text than seven bytes"))

    assert texts(store) == {"a longer text than seven bytes"}


def test_a_read_only_file_is_not_replaced(store: RecordStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As root everything is writable, so the system's answer is put in its mouth."""
    store.add(REVIEW, note("one"))
    before = (tmp_path / FILE).read_bytes()
    monkeypatch.setattr(os, "access", lambda *_: False)

    with pytest.raises(KpituiError, match=r"you may not write there\. .* change the rights of the file"):
        store.add(REVIEW, note("two"))

    assert (tmp_path / FILE).read_bytes() == before


def test_an_editor_that_saves_at_the_last_moment_keeps_its_words(
    store: RecordStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.add(REVIEW, note("one"))
    path, fsync, edits = tmp_path / FILE, os.fsync, iter(["# by hand\n"])

    def fsync_while_somebody_saves(descriptor: int) -> None:
        fsync(descriptor)
        path.write_text(path.read_text() + next(edits, ""))

    monkeypatch.setattr(os, "fsync", fsync_while_somebody_saves)
    store.add(REVIEW, note("two"))

    assert texts(store) == {"one", "two"}
    assert "# by hand\n" in path.read_text()


def test_a_retraction_goes_to_the_open_review(store: RecordStore) -> None:
    wrong = store.add(REVIEW, note("wrong"))

    undo = store.add(REVIEW, Retraction(by="head", at=AT, of=wrong.id))

    assert undo.id.startswith("r-")
    assert undo.line > wrong.line


@pytest.mark.parametrize("review_id", ["../kpitui", "a/b", "", ".hidden", "x" * 200, "nul\0"])
def test_a_review_id_cannot_lead_out_of_the_folder(store: RecordStore, review_id: str) -> None:
    with pytest.raises(KpituiError, match="cannot name a file"):
        store.add(msgspec.structs.replace(REVIEW, id=review_id), note())


def test_a_review_whose_file_has_another_name_stays_in_that_file(store: RecordStore, tmp_path: Path) -> None:
    store.add(REVIEW, note("one"))
    (tmp_path / FILE).rename(tmp_path / "reviews/october.toml")
    store.load()

    assert store.add(REVIEW, note("two", 1)).path == "reviews/october.toml"
    assert names_in(tmp_path / "reviews")[-1] == "october.toml"
    assert texts(store) == {"one", "two"}


def test_what_a_bulk_save_has_saved_already_is_not_saved_twice(store: RecordStore) -> None:
    store.add(REVIEW, note("one"))

    both = store.add_all(REVIEW, [(note("one"), ""), (note("two", 1), "")])

    assert [getattr(saved.record, "text", "") for saved in both] == ["one", "two"]
    assert [len(file.records) for file in store.load()[0].files] == [2]


def test_an_editor_that_never_stops_saving_is_told(
    store: RecordStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.add(REVIEW, note("one"))
    path, fsync = tmp_path / FILE, os.fsync

    def fsync_while_somebody_saves(descriptor: int) -> None:
        fsync(descriptor)
        path.write_text(path.read_text() + "# by hand\n")

    monkeypatch.setattr(os, "fsync", fsync_while_somebody_saves)
    with pytest.raises(KpituiError, match="another program keeps changing it"):
        store.add(REVIEW, note("two"))

    assert texts(store) == {"one"}
    assert path.read_text().count("# by hand\n") == 5


def test_a_file_that_cannot_be_read_is_not_written(
    store: RecordStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.add(REVIEW, note("one"))
    monkeypatch.setattr(store_module, "bytes_of", failing(errno.EIO))
    with pytest.raises(KpituiError, match=f"{FILE} was not written: Input/output error"):
        store.add(REVIEW, note("two"))

    (tmp_path / FILE).unlink()
    os.mkfifo(tmp_path / FILE)
    monkeypatch.undo()
    with pytest.raises(KpituiError, match=f"{FILE} was not written: this is no regular file"):
        store.add(REVIEW, note("two"))


def test_a_disk_that_cannot_sync_folders_is_good_enough(store: RecordStore, monkeypatch: pytest.MonkeyPatch) -> None:
    fsync = os.fsync

    def of_files(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", of_files)
    store.add(REVIEW, note("one"))

    assert texts(store) == {"one"}


def test_a_folder_that_cannot_be_listed_is_told(store: RecordStore, monkeypatch: pytest.MonkeyPatch) -> None:
    store.add(REVIEW, note("one"))
    monkeypatch.setattr(os, "scandir", failing(errno.EACCES))

    records, problems = store.load()

    assert records.files == ()
    assert [str(problem) for problem in problems] == ["reviews: the folder cannot be read: Permission denied"]
