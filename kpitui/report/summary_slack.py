"""A review's summary as a paste for chat, in Slack's mrkdwn: short lines, no tables.

Its three signs `&`, `<`, `>` are escaped; a name that would call everybody (`@channel`) is taken apart.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from kpitui.printable import printable
from kpitui.report import summary as parts
from kpitui.workspace.summary import OnKpi, Summary

_CALLS_ALL = re.compile(r"@(?=(?:channel|here|everyone)\b)", re.IGNORECASE)
_BOLD_SIGNS = str.maketrans({"*": "∗", "_": "＿", "~": "∼", "`": "ˋ"})
"""Slack knows no escape for them; in a text that is made bold they would end it."""


def summary_slack(summary: Summary) -> str:
    """The whole summary; parts without content are left out."""
    blocks = [f"*{_bold(summary.title)}*\n{_text(summary.held)}"]
    blocks += [_text(remark) for remark in parts.remarks(summary)]
    blocks.append("\n".join(f"{number}. {_text(line)}" for number, line in enumerate(summary.headlines, 1)))
    if summary.exceptions:
        blocks.append(f"*{parts.OFF}*")
    for found in summary.exceptions:
        lines = [f"*{_bold(found.kpi.name)}*: {_text(parts.standing(found))}"]
        lines += [
            f"• {kind}: {_joined(text)} ({_text(' · '.join(filter(None, (remark, by))))})"
            for kind, text, remark, by in parts.said(found)
        ]
        lines.append(f"• Verdict: {_text(found.verdict) or 'none'}")
        blocks.append("\n".join(lines))
    if summary.actions:
        told = (f"• {_text(a.title)}: {_text(a.owner)}, {_text(a.due)}, {_text(a.status)}" for a in summary.actions)
        blocks.append("\n".join([f"*{parts.ACTIONS}*", *told]))
    blocks += _listed(parts.OVERDUE, summary.overdue)
    blocks += _listed(parts.TARGETS, summary.targets)
    blocks += _listed(parts.RESTATED, summary.restated)
    blocks += _listed(parts.LEARNED, summary.learned)
    blocks += _listed(parts.BEFORE, summary.before)
    blocks += _listed(parts.OTHERS, summary.others)
    if summary.carried_over:
        blocks.append(f"*{parts.CARRIED_OVER}*: {_text(', '.join(summary.carried_over))}")
    return "\n\n".join(blocks)


def _text(text: str) -> str:
    text = printable(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _CALLS_ALL.sub("＠", text)


def _bold(text: str) -> str:
    return _text(text.translate(_BOLD_SIGNS))


def _joined(text: str) -> str:
    return _text(" ".join(parts.lines(text)))


def _listed(title: str, found: Sequence[OnKpi]) -> list[str]:
    if not found:
        return []
    told = (
        f"• {_text(each.name)}: {_joined(each.text)}" + (f" ({_text(each.reason)})" if each.reason else "")
        for each in found
    )
    return ["\n".join([f"*{title}*", *told])]
