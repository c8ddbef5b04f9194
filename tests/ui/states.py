"""A workspace in which every mark of a row is in use, for the tests of what each state looks like."""

from __future__ import annotations

from pathlib import Path

from tests.ui.helpers import SETTINGS, write_workspace

_PLACES = 'objective = "grow"\nstage = "acquire"\ntype = "volume"\ninitiative = "Push"\n'
MORE = """
[person.ann]
name = "Ann Lee"
team = "Sales"

[objective.grow]
title = "Grow the base"

[view.mine]
filter = "owner:ann"
group = "owner"
[view.none]
filter = "owner:nobody"

[source.web]
files = "measurements/web.csv"
date = "day"
frequency = "daily"
segments = ["region"]

[kpi.visits]
name = "Visits"
source = "web"
column = "visits"
aggregate = "sum"
owner = "ann"
target = [{ from = 2025-01-01, value = 10 }]
benchmark = { low = 200, high = 400 }

[kpi.share]
name = "Lost of leads"
formula = "churn / leads"
unit = "percent"
direction = "down"
owner = "ann"
target = [{ from = 2025-01-01, value = 0.11 }, { from = 2026-02-01, value = 0.12, reason = "agreed in spring" }]

[source.survey]
files = "measurements/survey.csv"
date = "month"
frequency = "monthly"

[kpi.nps]
name = "Promoters"
source = "survey"
column = "score"
aggregate = "mean"
owner = "ann"
target = [{ from = 2025-01-01, value = 40 }]

[kpi.young]
name = "Trial users"
source = "survey"
column = "young"
aggregate = "sum"
owner = "ann"
target = [{ from = 2025-01-01, value = 30 }]

[kpi.mood]
name = "Mood"
source = "manual"
owner = "ann"
target = [{ from = 2025-01-01, value = 7 }]
"""
REVIEW = """\
schema = 1

[review]
id = "2026-10-monthly"
cadence = "monthly"
period = "2026-10"
state = "open"
started = 2026-11-04T09:00:00+01:00

[figures]
leads = [75, 100, "behind", "", "0000"]

[cause.c-9m2x]
kpi = "leads"
period = "2026-10"
by = "ann"
at = 2026-11-04T09:12:00Z
text = "Leads from EMEA land in a shared inbox"

[action.a-7k3q]
kpi = "leads"
period = "2026-10"
by = "ann"
at = 2026-11-04T09:20:00Z
title = "Restore routing"
owner = "ops"
due = 2026-11-01
"""


def workspace_of_all_marks(root: Path) -> Path:
    """Ten days of October's visits are missing, the survey's score ends in May and its users begin in April, the mood
    is typed in, a review saw other leads, and the customers lost have no owner."""
    settings = SETTINGS.replace('tier = "primary"', f'tier = "primary"\nparent = "churn"\n{_PLACES}')
    settings = settings.replace('unit = "hours"', 'unit = "hours"\nparent = "leads"')
    root = write_workspace(root, settings + MORE)
    days = [(month, day) for month in (8, 9, 10) for day in range(1, 31) if month < 10 or day > 10]
    visits = [f"2026-{m:02d}-{d:02d},{region},{5 + d % 7}" for m, d in days for region in ("north", "south")]
    (root / "measurements" / "web.csv").write_text("day,region,visits\n" + "\n".join(visits) + "\n", encoding="utf-8")
    survey = [f"2025-{m:02d},{40 + m % 3}," for m in range(1, 13)]
    survey += [f"2026-{m:02d},{41 if m <= 5 else ''},{30 + m % 2 if m >= 4 else ''}" for m in range(1, 11)]
    (root / "measurements" / "survey.csv").write_text("month,score,young\n" + "\n".join(survey) + "\n", "utf-8")
    typed = root / "measurements" / "manual" / "mood.csv"
    typed.parent.mkdir()
    typed.write_text("period,value,by,at\n2026-10,7,ann,2026-11-02T09:00:00+01:00\n", encoding="utf-8")
    (root / "reviews").mkdir()
    (root / "reviews" / "2026-10-monthly.toml").write_text(REVIEW, encoding="utf-8")
    (root / "events.csv").write_text("date,kpi,text\n2026-03-02,leads,New form\n2026-10-05,,Prices raised\n", "utf-8")
    return root
