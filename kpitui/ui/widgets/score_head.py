"""The line at the top of the scorecard: whose it is, which period, and how many KPIs have which status."""

from __future__ import annotations

from kpitui.definitions.model import Definitions
from kpitui.ui.text import fit, plain, width
from kpitui.ui.widgets.grid_rows import IN_ORDER
from kpitui.ui.widgets.line import KeyLine, Part
from kpitui.workspace.answers import Scorecard
from kpitui.workspace.grouping import changed
from kpitui.workspace.grouping import counts as counted
from kpitui.workspace.numbers import period_days, period_name, short_day
from kpitui.workspace.wording import STATUS_SIGN, known_phrase

NARROWEST_NAME = 16


class ScoreHead(KeyLine):
    """Its counts are keys: a click goes to the next KPI that is meant."""

    DEFAULT_CSS = """
    ScoreHead { height: 1; background: $panel; padding: 0 1; }
    """

    def show_scorecard(self, scorecard: Scorecard, definitions: Definitions, remark: str, room: int) -> None:
        """`remark` is what is said of the reading; `room` are the cells that there are."""
        counts = _counts(scorecard)
        if remark:
            counts.append(Part(f" {remark}", "$accent"))
        taken = sum(len(count.text) for count in counts) + len(counts) - 1
        whens = _whens(scorecard, definitions)
        when = next((text for text in whens if width(text) + taken + NARROWEST_NAME + 2 <= room), whens[-1])
        cells = max(10, room - taken - width(when) - 4)
        name = fit(scorecard.workspace, min(cells, width(plain(scorecard.workspace))))
        gap = max(2, (room - width(name) - width(when) - taken) // 2)
        parts = [Part(name, "bold"), Part(" " * gap + when + " " * (gap - 1))]
        for count in counts:
            parts += [Part(" "), count]
        self.show_parts(parts)


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


def _counts(scorecard: Scorecard) -> list[Part]:
    found = counted(scorecard.rows)
    counts = [
        Part(
            f"{STATUS_SIGN[status]}{found[status]}",
            f"$status-{status.replace('_', '-')}",
            f"screen.next_of('{status}')",
        )
        for status in IN_ORDER
        if status in found
    ]
    counts.append(Part(f" {changed(scorecard.rows)} changed", "", "screen.next_changed"))
    if scorecard.problems:
        text = f" !{scorecard.problems} {'problem' if scorecard.problems == 1 else 'problems'}"
        counts.append(Part(text, "$error", "app.problems"))
    return counts
