"""The line at the top of the scorecard: whose it is, which period, and how many KPIs have which status."""

from __future__ import annotations

from textual.content import Content

from kpitui.definitions.model import Definitions
from kpitui.ui.text import fit, plain, width
from kpitui.ui.widgets.grid_rows import IN_ORDER
from kpitui.ui.widgets.line import Line
from kpitui.workspace.answers import Scorecard
from kpitui.workspace.grouping import changed, counts
from kpitui.workspace.numbers import period_days, period_name, short_day
from kpitui.workspace.wording import STATUS_SIGN, known_phrase

NARROWEST_NAME = 16


class ScoreHead(Line):
    """Its counts are keys: a click goes to the next KPI that is meant."""

    DEFAULT_CSS = """
    ScoreHead {
        height: 1; background: $panel; padding: 0 1;
        link-style: none; link-color: auto; link-background: $panel;
        link-style-hover: bold; link-background-hover: $panel;
    }
    """

    def show_scorecard(self, scorecard: Scorecard, definitions: Definitions, remark: str, room: int) -> None:
        """`remark` is what is said of the reading; `room` are the cells that there are."""
        counted = _counts(scorecard, remark)
        taken = counted.cell_length
        whens = _whens(scorecard, definitions)
        when = next((text for text in whens if width(text) + taken + NARROWEST_NAME + 2 <= room), whens[-1])
        cells = max(10, room - taken - width(when) - 4)
        name = fit(scorecard.workspace, min(cells, width(plain(scorecard.workspace))))
        gap = max(2, (room - width(name) - width(when) - taken) // 2)
        self.show(Content.assemble(Content.styled(name, "bold"), " " * gap, when, " " * gap, counted))


def _whens(scorecard: Scorecard, definitions: Definitions) -> list[str]:
    """The period, in the fewer words the later."""
    locale = definitions.locale
    name, days = period_name(scorecard.period, locale), period_days(scorecard.period, locale)
    grain, as_of = scorecard.grain.word, f"as of {short_day(scorecard.as_of, locale)}"
    known = known_phrase(scorecard.known_at, locale, scorecard.as_of)
    if not days:
        return [" · ".join((name, grain, as_of)) + known, name + known]
    said = ((name, days, grain, as_of), (name, days, as_of), (name, grain, as_of), (name, days), (name,))
    return [" · ".join(parts) + known for parts in said]


def _counts(scorecard: Scorecard, remark: str) -> Content:
    found = counts(scorecard.rows)
    signs = [
        # Words of our own only: the one place here where markup is wanted.
        Content.from_markup(
            f"[@click=screen.next_of('{status}')][$status-{status.replace('_', '-')}]$text[/][/]",
            text=f"{STATUS_SIGN[status]}{found[status]}",
        )
        for status in IN_ORDER
        if status in found
    ]
    signs.append(
        Content.from_markup("[@click=screen.next_changed] $text[/]", text=f"{changed(scorecard.rows)} changed")
    )
    if scorecard.problems:
        count = scorecard.problems
        text = f"!{count} {'problem' if count == 1 else 'problems'}"
        signs.append(Content.from_markup("[@click=app.problems] [$error]$text[/][/]", text=text))
    if remark:
        signs.append(Content.styled(f" {remark}", "$accent"))
    return Content(" ").join(signs)
