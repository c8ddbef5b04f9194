"""A review's summary as Markdown. Texts from the record stay texts: what would be markup is escaped."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kpitui.report import summary as parts
from kpitui.report.plain import markdown, markdown_text
from kpitui.workspace.summary import OnKpi, Summary

_LINE_SIGN = re.compile(r"^(\d*)([-+=.)])")


def summary_markdown(summary: Summary) -> str:
    """The whole summary; parts without content are left out."""
    blocks = [f"# {markdown_text(summary.title)}", markdown_text(summary.held)]
    blocks += [f"*{markdown_text(remark)}*" for remark in parts.remarks(summary)]
    blocks.append("\n".join(f"{number}. {_text(line)}" for number, line in enumerate(summary.headlines, 1)))
    if summary.exceptions:
        blocks += [f"## {parts.OFF}", markdown(*parts.off_table(summary))]
    talked_about = [found for found in summary.exceptions if parts.said(found)]
    if talked_about:
        blocks.append(f"## {parts.EXCEPTIONS}")
    for found in talked_about:
        blocks += [f"### {markdown_text(found.kpi.name)}", markdown_text(parts.standing(found))]
        told = [
            _point(kind, text, " · ".join(filter(None, (remark, by)))) for kind, text, remark, by in parts.said(found)
        ]
        told.append(f"- Verdict: {markdown_text(found.verdict) or 'none'}")
        blocks.append("\n".join(told))
    if summary.actions:
        blocks += [f"## {parts.ACTIONS}", markdown(*parts.actions_table(summary))]
    blocks += _listed(parts.OVERDUE, summary.overdue)
    blocks += _listed(parts.TARGETS, summary.targets)
    blocks += _listed(parts.RESTATED, summary.restated)
    blocks += _listed(parts.LEARNED, summary.learned)
    blocks += _listed(parts.BEFORE, summary.before)
    blocks += _listed(parts.OTHERS, summary.others)
    if summary.carried_over:
        names = "\n".join(f"- {_text(name)}" for name in summary.carried_over)
        blocks += [f"## {parts.CARRIED_OVER}", names]
    return "\n\n".join(blocks)


def _text(line: str) -> str:
    """A line that begins a line in the file: what would begin a list or underline a heading is escaped."""
    return _LINE_SIGN.sub(r"\1\\\2", markdown_text(line))


def _point(kind: str, text: str, remark: str) -> str:
    """An item with the text's further lines below it."""
    first, *rest = parts.lines(text) or [""]
    tail = f" ({markdown_text(remark)})" if remark else ""
    body = [markdown_text(first), *(_text(line) for line in rest)]
    return f"- {kind}: " + "  \n  ".join(body) + tail


def _listed(title: str, found: Sequence[OnKpi]) -> list[str]:
    if not found:
        return []
    return [f"## {title}", "\n".join(_point(markdown_text(each.name), each.text, each.reason) for each in found)]
