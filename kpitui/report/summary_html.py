"""A review's summary as one HTML file: its styles and its charts are in it, and it loads nothing and runs nothing."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from kpitui.printable import printable
from kpitui.report import summary as parts
from kpitui.report.svg import chart_svg
from kpitui.report.tables import Table
from kpitui.workspace.summary import Exceptional, OnKpi, Summary

_STYLE = """\
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --faint: #6a737d; --rule: #d0d7de; --worse: #b42318;
  --better: #18794e; --changed: #0969da; --target: #9a6700; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --paper: #0d1117; --faint: #9aa4af; --rule: #30363d;
  --worse: #ff7b72; --better: #56d364; --changed: #79c0ff; --target: #e3b341; } }
body { color: var(--ink); background: var(--paper); font: 16px/1.5 system-ui, sans-serif; max-width: 60rem;
  margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin-top: 2rem; } h3 { font-size: 1rem; margin-bottom: 0; }
table { border-collapse: collapse; width: 100%; font-size: 0.9rem; }
th, td { text-align: left; vertical-align: top; padding: 0.3rem 0.6rem; border-bottom: 1px solid var(--rule); }
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.faint { color: var(--faint); } .remark { border-left: 3px solid var(--target); padding-left: 0.6rem; }
svg { width: 100%; max-width: 40rem; height: auto; font: 11px system-ui, sans-serif; }
svg text { fill: var(--faint); } svg path { fill: none; stroke: var(--ink); stroke-width: 1.5; }
svg .target { stroke: var(--target); stroke-dasharray: 6 3; } svg .mean { stroke: var(--faint); stroke-width: 1; }
svg .limit { stroke: var(--faint); stroke-dasharray: 2 3; stroke-width: 1; }
svg .band { stroke: var(--changed); stroke-dasharray: 1 4; stroke-width: 1; }
svg .point { fill: var(--ink); } svg .hollow { fill: var(--paper); stroke: var(--ink); }
svg .worse { fill: var(--worse); } svg .better { fill: var(--better); } svg .changed { fill: var(--changed); }
@media print { body { margin: 0; } h3, svg, tr { break-inside: avoid; } }
"""


def summary_html(summary: Summary) -> str:
    """The page; parts without content are left out."""
    title = _text(summary.title)
    body = [f"<h1>{title}</h1>", _paragraph(summary.held, "faint")]
    body += [_paragraph(remark, "remark") for remark in parts.remarks(summary)]
    body.append("<ol>" + "".join(f"<li>{_text(line)}</li>" for line in summary.headlines) + "</ol>")
    if summary.exceptions:
        body += [f"<h2>{parts.OFF}</h2>", _table(parts.off_table(summary)), f"<h2>{parts.EXCEPTIONS}</h2>"]
        body += [_exceptional(found) for found in summary.exceptions]
    if summary.actions:
        body += [f"<h2>{parts.ACTIONS}</h2>", _table(parts.actions_table(summary))]
    body += _listed(parts.OVERDUE, summary.overdue)
    body += _listed(parts.TARGETS, summary.targets)
    body += _listed(parts.RESTATED, summary.restated)
    body += _listed(parts.LEARNED, summary.learned)
    body += _listed(parts.BEFORE, summary.before)
    body += _listed(parts.OTHERS, summary.others)
    if summary.carried_over:
        names = "".join(f"<li>{_text(name)}</li>" for name in summary.carried_over)
        body += [f"<h2>{parts.CARRIED_OVER}</h2>", f"<ul>{names}</ul>"]
    head = [
        '<meta charset="utf-8">',
        # No request can leave the page, whatever a text in it says.
        """<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">""",
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{title}</title>",
        f"<style>\n{_STYLE}</style>",
    ]
    return "\n".join(
        ["<!DOCTYPE html>", '<html lang="en">', "<head>", *head, "</head>", "<body>", *body, "</body>", "</html>"]
    )


def _text(text: str) -> str:
    return escape(printable(text), quote=True)


def _paragraph(text: str, kind: str) -> str:
    return f'<p class="{kind}">{_text(text)}</p>'


def _broken(text: str) -> str:
    """A text of several lines."""
    return "<br>".join(_text(line) for line in parts.lines(text))


def _table(table: Table) -> str:
    header, rows, right = table

    def cell(element: str, index: int, text: str) -> str:
        kind = ' class="number"' if index in right else ""
        return f"<{element}{kind}>{_text(text)}</{element}>"

    lines = [("th", header), *(("td", row) for row in rows)]
    told = ("".join(cell(element, index, text) for index, text in enumerate(row)) for element, row in lines)
    return "<table>\n" + "\n".join(f"<tr>{line}</tr>" for line in told) + "\n</table>"


def _exceptional(found: Exceptional) -> str:
    told = [_said(kind, text, " · ".join(filter(None, (remark, by)))) for kind, text, remark, by in parts.said(found)]
    told.append(f"<li>Verdict: {_text(found.verdict) or 'none'}</li>")
    return "\n".join(
        [
            f"<h3>{_text(found.kpi.name)}</h3>",
            _paragraph(parts.standing(found), "faint"),
            chart_svg(found.panel, found.style, found.kpi.name),
            f"<ul>{''.join(told)}</ul>",
        ]
    )


def _said(kind: str, text: str, remark: str) -> str:
    return f'<li>{kind}: {_broken(text)} <span class="faint">{_text(remark)}</span></li>'


def _listed(title: str, found: Sequence[OnKpi]) -> list[str]:
    if not found:
        return []
    told = "".join(
        f"<li>{_text(each.name)}: {_broken(each.text)}"
        + (f' <span class="faint">{_broken(each.reason)}</span>' if each.reason else "")
        + "</li>"
        for each in found
    )
    return [f"<h2>{title}</h2>", f"<ul>{told}</ul>"]
