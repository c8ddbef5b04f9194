"""The summary of a review in Markdown, HTML and for chat: what it says, that it stays so, and that texts stay texts."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from kpitui.problems import KpituiError
from kpitui.report.summary_html import summary_html
from kpitui.report.summary_markdown import summary_markdown
from kpitui.report.summary_slack import summary_slack
from kpitui.workspace import journal as journal_module
from kpitui.workspace import sessions
from kpitui.workspace.deciding import revise_target
from kpitui.workspace.opening import Workspace
from kpitui.workspace.summary import Summary, newest_review, summarise

MORNING = datetime(2026, 11, 4, 9, 0, tzinfo=UTC)
SETTINGS = """\
[workspace]
name = "Acme"
as_of = 2026-11-04

[person.ops]
name = "Marketing operations"

[source.crm]
files = "crm.csv"
date = "month"
frequency = "monthly"

[kpi.rate]
name = "RATE"
source = "crm"
column = "rate"
aggregate = "last"
unit = "percent"
tier = "primary"
target = [{ from = 2026-01-01, value = 0.3 }]

[kpi.cost]
name = "Cost"
source = "crm"
column = "calls"
aggregate = "sum"
direction = "down"
target = [{ from = 2026-01-01, value = 10 }]

[kpi.calls]
name = "Calls"
source = "crm"
column = "calls"
aggregate = "sum"
target = [{ from = 2026-01-01, value = 10 }]
"""
CRM = "month,rate,calls\n2026-08,0.30,10\n2026-09,0.30,10\n2026-10,0.24,11\n"
HOSTILE = "[/b] <script>alert(1)</script> & *x* `y` | @channel \x1b[2J\u202e"


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    times = [MORNING]
    monkeypatch.setattr(journal_module, "_now", lambda: times[-1])
    return times


Hold = Callable[..., Path]


@pytest.fixture
def held(tmp_path: Path) -> Hold:
    """Holds October's review; gives the workspace's folder."""

    def hold(name: str = "Rate", said: str = "Leads wait.\nIn a shared inbox.") -> Path:
        (tmp_path / "kpitui.toml").write_text(SETTINGS.replace("RATE", name), encoding="utf-8")
        (tmp_path / "crm.csv").write_text(CRM)
        workspace = Workspace.open(tmp_path)
        session = sessions.start(workspace, chair="head", attendees=["ops"])
        rate = session.rows["rate"]
        workspace.record("cause", rate, said, by="ops", values={"cause_class": "process", "confidence": "confirmed"})
        workspace.record("decision", rate, "Route by name.", by="head")
        workspace.record("action", rate, "give each lead an owner @ops fri", by="head", values={"effect": "30% again"})
        workspace.record("note", session.rows["calls"], "A fair in October.", by="ops")
        form = {"from": "2026-12-01", "value": "12", "per": "month", "reason": "agreed with finance"}
        revise_target(workspace, session.rows["cost"], form, by="head")
        session.again().give_verdicts(["rate"], owner="ops", by="head")
        session.again().all_seen(by="head")
        session.again().sign_off(by="head")
        return tmp_path

    return hold


def summary(root: Path) -> Summary:
    workspace = Workspace.open(root)
    return summarise(workspace, newest_review(workspace))


def test_explained_without_a_cause_says_so_or_tells_the_cause_that_was_known(
    tmp_path: Path, clock: list[datetime]
) -> None:
    (tmp_path / "kpitui.toml").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "crm.csv").write_text(CRM)
    workspace = Workspace.open(tmp_path)
    september = workspace.row(workspace.kpi("rate"), workspace.period("2026-09"))
    said = workspace.record("cause", september, "Leads wait. In a shared inbox.", by="ops")
    clock.append(MORNING + timedelta(hours=1))
    sessions.start(workspace).give_verdicts(["rate", "cost"], "explained", by="head")

    rate, cost = summary(tmp_path).exceptions
    assert (rate.why, cost.why) == ("Leads wait. (said 4 Nov)", "no cause written")
    assert "| explained | no cause written |" in summary_markdown(summary(tmp_path))

    Workspace.open(tmp_path).journal.retract(said.id, by="ops")
    found = summary(tmp_path)
    assert [each.why for each in found.exceptions] == ["no cause written", "no cause written"]
    assert found.headlines[1].endswith("behind; no signal.")


@pytest.mark.parametrize(
    ("period", "why"), [("2026-10", "Leads wait. (said 4 Nov)"), ("2026-09", "")], ids=["the same", "another"]
)
def test_a_cause_that_was_given_before_is_told_where_it_is_of_the_period(
    tmp_path: Path, clock: list[datetime], period: str, why: str
) -> None:
    (tmp_path / "kpitui.toml").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "crm.csv").write_text(CRM)
    workspace = Workspace.open(tmp_path)
    row = workspace.row(workspace.kpi("rate"), workspace.period(period))
    workspace.record("cause", row, "Leads wait. In a shared inbox.", by="ops")
    clock.append(MORNING + timedelta(hours=1))
    sessions.start(workspace).give_verdicts(["rate"], "act", by="head")
    assert summary(tmp_path).exceptions[0].why == why


def test_what_was_said_of_an_action_that_was_kept_is_told(tmp_path: Path, clock: list[datetime]) -> None:
    (tmp_path / "kpitui.toml").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "crm.csv").write_text(CRM)
    workspace = Workspace.open(tmp_path)
    september = workspace.row(workspace.kpi("rate"), workspace.period("2026-09"))
    action = workspace.record("action", september, "give each lead an owner @ops 2026-11-02", by="head")
    clock.append(MORNING + timedelta(hours=1))
    sessions.start(workspace)
    workspace.keep_action(action.id, "6 nov the list came late. More on Friday.")
    [kept] = summary(tmp_path).actions
    assert kept.status == "open, slipped once: the list came late."


MARKDOWN = """\
# Acme · Oct 2026 · monthly review

held 4 Nov 2026 · chair head · with Marketing operations · signed off 4 Nov 09:00 by head

1. 2 of 3 KPIs are off target, 0 changed.
2. Rate: 24.0% against 30.0%, behind; no signal. Leads wait.
3. Agreed: 1 decision, 1 action, 1 other target. 1 exception is carried over without a verdict.

## What is off, and why

| KPI | actual | target | status | chart | verdict | why |
|---|--:|--:|---|---|---|---|
| Rate | 24.0% | 30.0% | Behind | no signal | act · Marketing operations | Leads wait. |
| Cost | 11 | ≤ 10 | At risk | no signal |  |  |

## Exceptions

### Rate

24.0% against 30.0% · Behind · no signal

- Cause: Leads wait.\x20\x20
  In a shared inbox. (process · confirmed · Marketing operations)
- Decision: Route by name. (head)
- Verdict: act · Marketing operations

## Actions

| what | owner | due | status | KPI | expected |
|---|---|---|---|---|---|
| give each lead an owner | Marketing operations | 6 Nov | open | Rate | 30% again |

## Changed targets

- Cost: ≤ 10 a month → ≤ 12 a month from 1 Dec (agreed with finance)

## What we learned

- Rate: Leads wait.\x20\x20
  In a shared inbox. (process)

## Also said

- Calls: A fair in October. (note · Marketing operations)

## Without a verdict, carried over

- Cost"""

SLACK = """\
*Acme · Oct 2026 · monthly review*
held 4 Nov 2026 · chair head · with Marketing operations · signed off 4 Nov 09:00 by head

1. 2 of 3 KPIs are off target, 0 changed.
2. Rate: 24.0% against 30.0%, behind; no signal. Leads wait.
3. Agreed: 1 decision, 1 action, 1 other target. 1 exception is carried over without a verdict.

*What is off, and why*

*Rate*: 24.0% against 30.0% · Behind · no signal
• Cause: Leads wait. In a shared inbox. (process · confirmed · Marketing operations)
• Decision: Route by name. (head)
• Verdict: act · Marketing operations

*Cost*: 11 against ≤ 10 · At risk · no signal
• Verdict: none

*Actions*
• give each lead an owner: Marketing operations, 6 Nov, open

*Changed targets*
• Cost: ≤ 10 a month → ≤ 12 a month from 1 Dec (agreed with finance)

*What we learned*
• Rate: Leads wait. In a shared inbox. (process)

*Also said*
• Calls: A fair in October. (note · Marketing operations)

*Without a verdict, carried over*: Cost"""


def test_markdown(held: Hold) -> None:
    assert summary_markdown(summary(held())) == MARKDOWN


def test_slack(held: Hold) -> None:
    assert summary_slack(summary(held())) == SLACK


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("Since February leads from EMEA\nwait. Response went up first.", "Since February leads from EMEA wait."),
        ("Routing\n\nLeads wait", "Routing"),
        ("Cost rose by 1.5 points", "Cost rose by 1.5 points"),
        ("x" * 200, "x" * 159 + "…"),
    ],
)
def test_the_table_has_the_first_sentence_of_the_cause(held: Hold, said: str, why: str) -> None:
    assert summary(held(said=said)).exceptions[0].why == why


def test_of_a_review_that_kept_no_figures_there_are_todays(held: Hold) -> None:
    root = held()
    file = root / "reviews/2026-10-monthly.toml"
    file.write_text(file.read_text().partition("[figures]")[0])
    found = summary(root)
    assert (found.frozen, found.carried_over, len(found.exceptions)) == (False, (), 2)
    assert "The record kept no figures: these are what the data give now." in summary_markdown(found)


# The same record, the same summary


def test_a_later_day_a_new_month_and_another_run_change_nothing(held: Hold) -> None:
    root = held()
    before = [write(summary(root)) for write in (summary_markdown, summary_html, summary_slack)]
    settings = root / "kpitui.toml"
    settings.write_text(settings.read_text().replace("as_of = 2026-11-04", "as_of = 2027-02-20"))
    (root / "crm.csv").write_text(CRM + "2026-11,0.50,30\n")
    assert [write(summary(root)) for write in (summary_markdown, summary_html, summary_slack)] == before


def test_a_restated_figure_is_told_beside_what_the_room_saw(held: Hold) -> None:
    root = held()
    (root / "crm.csv").write_text(CRM.replace("0.24", "0.29"))
    text = summary_markdown(summary(root))
    assert "| Rate | 24.0% | 30.0% | Behind |" in text
    assert "## Restated figures\n\n- Rate: Oct 2026: 24.0% in 2026-10-monthly, 29.0% now\n" in text


def test_an_open_review_is_a_draft(held: Hold) -> None:
    root = held()
    sessions.reopen(Workspace.open(root), "2026-10-monthly")
    for write in (summary_markdown, summary_html, summary_slack):
        assert "Draft: the review is not signed off." in write(summary(root))


def test_the_next_review_tells_what_became_of_the_action(held: Hold, clock: list[datetime]) -> None:
    root = held()
    settings = root / "kpitui.toml"
    settings.write_text(settings.read_text().replace("as_of = 2026-11-04", "as_of = 2026-12-02"))
    clock.append(MORNING + timedelta(days=28))
    workspace = Workspace.open(root)
    session = sessions.start(workspace)
    [asked] = session.actions
    workspace.journal.follow_up(asked.state.action.id, status="doing", due=date(2026, 12, 11), by="ops")
    [action] = summary(root).actions
    assert (action.title, action.due, action.status) == ("give each lead an owner", "11 Dec", "doing, slipped once")


def test_what_is_overdue_and_nobody_looked_at_is_named_and_stays_so(held: Hold, clock: list[datetime]) -> None:
    root = held()
    settings = root / "kpitui.toml"
    settings.write_text(settings.read_text().replace("as_of = 2026-11-04", "as_of = 2026-12-02"))
    clock.append(MORNING + timedelta(days=28))
    workspace = Workspace.open(root)
    [asked] = sessions.start(workspace).actions
    told = "Rate: give each lead an owner · Marketing operations · due 6 Nov"
    for write in (summary_markdown, summary_html, summary_slack):
        assert told in write(summary(root))
        assert "Still overdue, not looked at" in write(summary(root))
    session = sessions.session(workspace, "2026-11-monthly")
    session.sign_off()
    clock.append(MORNING + timedelta(days=40))
    workspace.journal.follow_up(asked.state.action.id, status="done", by="ops")
    assert [each.text for each in summary(root).overdue] == [told.removeprefix("Rate: ")]


def test_what_was_looked_at_is_not_named_as_overdue(held: Hold, clock: list[datetime]) -> None:
    root = held()
    settings = root / "kpitui.toml"
    settings.write_text(settings.read_text().replace("as_of = 2026-11-04", "as_of = 2026-12-02"))
    clock.append(MORNING + timedelta(days=28))
    workspace = Workspace.open(root)
    session = sessions.start(workspace)
    workspace.journal.held = session.review.id
    workspace.journal.follow_up(session.actions[0].state.action.id, text="half of them", by="ops")
    assert summary(root).overdue == ()


def test_a_cause_tells_its_whys_and_how_sure_it_is_in_every_format(held: Hold) -> None:
    root = held()
    workspace = Workspace.open(root)
    sessions.reopen(workspace, "2026-10-monthly")
    values = {"cause_class": "market", "confidence": "hypothesis", "segment": "EMEA", "whys": ("a holiday", "in Spain")}
    for kpi in ("rate", "calls"):
        row = workspace.row(workspace.kpi(kpi), workspace.period("2026-10"))
        workspace.record("cause", row, "Fewer days.", review="2026-10-monthly", by="ops", values=values)
    for write in (summary_markdown, summary_html, summary_slack):
        text = write(summary(root))
        assert text.count("Why: a holiday") == 2
        assert text.count("Why: in Spain") == 2
        assert text.count("market · hypothesis · EMEA · Marketing operations") == 2


def test_without_a_review_there_is_no_summary(tmp_path: Path) -> None:
    (tmp_path / "kpitui.toml").write_text(SETTINGS)
    (tmp_path / "crm.csv").write_text(CRM)
    with pytest.raises(KpituiError, match="no review was started yet"):
        newest_review(Workspace.open(tmp_path))


# Texts stay texts


class _Page(HTMLParser):
    """What a browser would see."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: dict[str, str] = {}
        self.text: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name: value or "" for name, value in attrs}

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def test_the_page_loads_nothing_and_runs_nothing(held: Hold) -> None:
    page = _Page(summary_html(summary(held(HOSTILE.replace("\x1b", "\\u001b"), HOSTILE))))
    assert page.tags & {"script", "link", "img", "iframe", "a", "object", "base", "form"} == set()
    assert set(page.attributes) & {"href", "src", "onload", "onclick", "style", "action"} == set()
    shown = "[/b] <script>alert(1)</script> & *x* `y` | @channel ␛[2J\N{REPLACEMENT CHARACTER}"
    assert shown in page.text
    assert "svg" in page.tags


def test_no_control_code_leaves_in_any_format(held: Hold) -> None:
    found = summary(held(HOSTILE.replace("\x1b", "\\u001b"), HOSTILE))
    for write in (summary_markdown, summary_html, summary_slack):
        assert re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", write(found)) is None


def test_markdown_escapes_what_would_be_markup(held: Hold) -> None:
    text = summary_markdown(summary(held(said=f"{HOSTILE}\n- no item\n1. nor this\n=== no heading\n# nor this")))
    assert r"\[/b\] \<script\>alert(1)\</script\> \& \*x\* \`y\` \| @channel" in text
    for line in (r"  \- no item  ", r"  1\. nor this  ", r"  \=== no heading  ", r"  \# nor this "):
        assert f"\n{line}" in text


def test_chat_is_not_called_and_gets_no_markup(held: Hold) -> None:
    text = summary_slack(summary(held("*Rate* <!channel>", HOSTILE)))
    assert "@channel" not in text
    assert "*∗Rate∗ &lt;!channel&gt;*: 24.0% against" in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp;" in text
