"""What definitions come to be when they are sound, and which folders can be opened at all."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from kpitui.definitions.formula import Binary, Ref
from kpitui.definitions.load import load
from kpitui.definitions.model import Benchmark, Link, Measure, Person, Selection, Source, View
from kpitui.periods import Calendar, Grain
from kpitui.problems import KpituiError
from kpitui.terms import Bands, ChartRule, Target

from .conftest import CRM, Open

CONFORMANCE = Path(__file__).parents[3] / "shared" / "conformance"
DATA = Path(__file__).parents[2] / "data"

EVERY_KEY = """\
[workspace]
name = "Acme marketing"
currency = "EUR"
locale = "en_GB"
fiscal_year_start = 4
week_start = "sunday"
stage = "growth"
min_coverage = 0.8
as_of = 2026-11-04

[person.ops]
name = "Marketing operations"
team = "Marketing"

[review.monthly]
[review.weekly]
kpis = { kind = ["leading"], tier = "primary", ids = ["sql_rate"] }

[status]
ahead = 0.02
bands = "absolute"

[objective.pipeline]
title = "€2.5M marketing-influenced revenue in 2026"

[view.demand_gen]
filter = "team:marketing tier:primary"
group = "stage"

[source.funnel]
files = "measurements/funnel*.csv"
date = "date"
date_format = "%d/%m/%Y"
layout = "long"
measure = "metric"
value = "value"
frequency = "daily"
due_after = 2
delimiter = ";"
encoding = "cp1252"
decimal = ","
thousands = "."
missing = ["", "N/A"]
segments = ["channel", "region"]
recorded = "exported_at"

[measure.sqls]
name = "Sales qualified leads"
source = "funnel"
key = "sqls"
aggregate = "sum"
where = { channel = ["paid", "organic"], region = "EMEA" }

[kpi.mqls]
name = "Marketing qualified leads"
source = "funnel"
key = "mqls"
aggregate = "sum"

[kpi.sql_rate]
name = "SQL conversion rate"
formula = "sqls / mqls"
unit = "percent"
decimals = 1
direction = "up"
comparison = "bps"
grain = "week"
owner = "ops"
data_source = "HubSpot"
frequency = "every Monday"
review = "weekly"
target = [
  { from = 2026-04-01, until = 2026-12-31, value = 0.30, path = "linear", start = 0.25 },
  { from = 2026-01-01, until = 2026-03-31, value = 0.25, per = "month", reason = "median" },
]
tier = "primary"
kind = "leading"
type = "quality"
perspective = "internal process"
stage = "decision"
level = "kpi"
parent = "mqls"
objective = "pipeline"
initiative = "Paid search"
predicts = [{ kpi = "mqls", lag = 3 }]
pair = "mqls"
benchmark = { low = 0.20, high = 0.30, source = "industry survey 2026" }
question = "Are the leads worth a call?"
description = "d"
so_what = "s"
assumption = "a"
attribution = "multi-touch"
status = { on_track = 0.01 }

[kpi.sql_rate.chart]
method = "wheeler"
screen = false
baseline = 12
rebase = [2026-04-01, 2025-04-01]
seasonal = true
"""


def test_every_key_of_the_format_is_read(opened: Open) -> None:
    definitions, problems = opened(EVERY_KEY)
    assert problems == []
    assert definitions.name == "Acme marketing"
    assert definitions.calendar == Calendar(fiscal_year_start=4, week_start=6)
    assert (definitions.currency, definitions.locale, definitions.stage) == ("EUR", "en_GB", "growth")
    assert (definitions.min_coverage, definitions.as_of) == (0.8, date(2026, 11, 4))
    assert definitions.people == {"ops": Person("ops", "Marketing operations", "Marketing")}
    assert definitions.objectives["pipeline"].title == "€2.5M marketing-influenced revenue in 2026"
    assert definitions.views == {"demand_gen": View("demand_gen", "team:marketing tier:primary", "stage")}
    assert [(cadence.id, cadence.grain) for cadence in definitions.cadences] == [
        ("weekly", Grain.WEEK),
        ("monthly", Grain.MONTH),
    ]
    assert definitions.cadences[0].kpis == Selection(
        (("tier", ("primary",)), ("kind", ("leading",)), ("ids", ("sql_rate",)))
    )
    assert definitions.sources["funnel"] == Source(
        id="funnel",
        files=("measurements/funnel*.csv",),
        date="date",
        frequency="daily",
        date_format="%d/%m/%Y",
        layout="long",
        measure="metric",
        value="value",
        due_after=2,
        delimiter=";",
        encoding="cp1252",
        decimal=",",
        thousands=".",
        missing=("", "N/A"),
        segments=("channel", "region"),
        recorded="exported_at",
    )
    assert definitions.measures["sqls"] == Measure(
        id="sqls",
        name="Sales qualified leads",
        source="funnel",
        aggregate="sum",
        key="sqls",
        where=(("channel", ("paid", "organic")), ("region", ("EMEA",))),
    )
    assert definitions.measures["mqls"].name == "Marketing qualified leads"
    kpi = definitions.kpis["sql_rate"]
    assert (kpi.name, kpi.file, kpi.line) == ("SQL conversion rate", "kpitui.toml", 60)
    assert (kpi.formula, kpi.formula_text) == (Binary("/", Ref("sqls"), Ref("mqls")), "sqls / mqls")
    assert (kpi.unit, kpi.currency, kpi.decimals, kpi.comparison) == ("percent", "EUR", 1, "bps")
    assert (kpi.frequency, kpi.stated_frequency, kpi.grain) == ("daily", "every Monday", Grain.WEEK)
    assert (kpi.owner, kpi.team, kpi.data_source, kpi.review) == ("ops", "Marketing", "HubSpot", "weekly")
    assert kpi.targets == (
        Target(
            *(date(2026, 1, 1), date(2026, 3, 31), 0.25, None, None),
            *(Grain.MONTH, "flat", None, "median"),
        ),
        Target(
            *(date(2026, 4, 1), date(2026, 12, 31), 0.30, None, None),
            *(Grain.WEEK, "linear", 0.25, ""),
        ),
    )
    assert (kpi.tier, kpi.kind, kpi.type, kpi.level) == ("primary", "leading", "quality", "kpi")
    assert (kpi.perspective, kpi.stage, kpi.initiative) == ("internal process", "decision", "Paid search")
    assert (kpi.parent, kpi.objective, kpi.pair) == ("mqls", "pipeline", "mqls")
    assert kpi.predicts == (Link("mqls", 3),)
    assert kpi.benchmark == Benchmark(0.20, 0.30, "industry survey 2026")
    assert (kpi.question, kpi.description, kpi.so_what) == ("Are the leads worth a call?", "d", "s")
    assert (kpi.assumption, kpi.attribution) == ("a", "multi-touch")
    assert kpi.bands == Bands(ahead=0.02, on_track=0.01, at_risk=0.10, absolute=True)
    assert kpi.chart == ChartRule("wheeler", False, 12, (date(2025, 4, 1), date(2026, 4, 1)), True)
    assert (kpi.additive, kpi.missing_components) == (False, ())


def test_an_owner_is_a_person_or_any_text(opened: Open) -> None:
    definitions, problems = opened("[person.ops]\nname = 'Marketing operations'")
    assert problems == []
    assert [definitions.who(owner) for owner in ("ops", "Ann", None)] == ["Marketing operations", "Ann", ""]


def test_what_holds_where_nothing_is_said(opened: Open) -> None:
    definitions, problems = opened(CRM + '[kpi.x]\nsource = "crm"\ncolumn = "x"\naggregate = "sum"', a_toml="")
    assert problems == []
    assert [(cadence.id, cadence.kpis) for cadence in definitions.cadences] == [("monthly", Selection())]
    assert (definitions.calendar, definitions.locale, definitions.min_coverage) == (Calendar(), "en_GB", 0.9)
    kpi = definitions.kpis["x"]
    assert (kpi.name, kpi.unit, kpi.direction, kpi.comparison) == ("x", "number", "up", "percent")
    assert (kpi.frequency, kpi.stated_frequency, kpi.data_source) == ("daily", "daily", "crm")
    assert (kpi.grain, kpi.additive, kpi.bands) == (Grain.DAY, True, Bands())
    assert kpi.missing_components == ("target", "owner")


def test_without_a_name_the_workspace_has_the_folders(opened: Open, tmp_path: Path) -> None:
    assert opened("")[0].name == tmp_path.name


@pytest.mark.parametrize(
    ("unit", "comparison"),
    [
        ("percent", "points"),
        ("days", "points"),
        ("score", "points"),
        ("ratio", "percent"),
        ("€/lead", "percent"),
    ],
)
def test_how_a_change_is_told_depends_on_the_unit(with_crm: Open, unit: str, comparison: str) -> None:
    definitions, _ = with_crm(f'[kpi.x]\nformula = "sqls / mqls"\nunit = "{unit}"')
    assert definitions.kpis["x"].comparison == comparison


def test_a_formula_lives_at_the_coarsest_frequency_of_its_inputs(with_crm: Open) -> None:
    definitions, problems = with_crm(
        """
[source.ledger]
files = "ledger.csv"
date = "month"
frequency = "monthly"
[measure.spend]
source = "ledger"
column = "spend"
aggregate = "sum"
[kpi.cpl]
formula = "spend / leads"
[kpi.leads]
formula = "sqls + mqls"
"""
    )
    assert problems == []
    cpl, leads = definitions.kpis.values()
    assert (cpl.frequency, cpl.grain, cpl.data_source, cpl.additive) == (
        "monthly",
        Grain.MONTH,
        "ledger, crm",
        False,
    )
    assert (leads.frequency, leads.grain, leads.data_source, leads.additive) == (
        "daily",
        Grain.DAY,
        "crm",
        True,
    )


def test_a_typed_kpi_states_its_frequency_and_where_the_values_come_from(opened: Open) -> None:
    definitions, problems = opened(
        """
[kpi.bare]
source = "manual"
[kpi.full]
source = "manual"
aggregate = "mean"
frequency = "quarterly"
data_source = "Survey"
owner = "ops"
target = { from = 2026-01-01, value = 40 }
[kpi.both]
formula = "bare + full"
"""
    )
    assert problems == []
    bare, full, both = definitions.kpis.values()
    assert (bare.frequency, bare.stated_frequency, bare.data_source) == ("monthly", None, None)
    assert bare.missing_components == ("target", "data_source", "frequency", "owner")
    assert definitions.measures["bare"].aggregate == "last"
    assert (full.frequency, full.grain, full.missing_components) == ("quarterly", Grain.QUARTER, ())
    assert (both.frequency, both.data_source) == ("quarterly", "manual")


def test_a_long_measure_may_repeat_the_values_column(opened: Open) -> None:
    definitions, problems = opened(EVERY_KEY.replace('key = "mqls"', 'key = "mqls"\ncolumn = "value"'))
    assert problems == []
    assert (definitions.measures["mqls"].key, definitions.measures["mqls"].column) == ("mqls", None)


def test_rows_are_counted_without_a_column(with_crm: Open) -> None:
    definitions, problems = with_crm('[kpi.x]\nsource = "crm"\naggregate = "count"')
    assert problems == []
    assert definitions.measures["x"].column is None
    assert definitions.kpis["x"].additive


def test_kpis_stand_in_the_order_of_files_and_tables(with_crm: Open) -> None:
    definitions, _ = with_crm(
        "[kpi.z]\nformula = 'a'",
        b_toml="[kpi.y]\nformula = 'z'\n[kpi.x]\nformula = 'z'",
        a_toml="[kpi.a]\nformula = 'sqls'",
    )
    assert list(definitions.kpis) == ["z", "a", "y", "x"]
    assert definitions.kpis["x"].file == "kpis/b.toml"
    assert definitions.kpis["x"].line == 3


SHAPES = [
    ('column = "sqls"', 'column = "sqls2"', True),
    ('aggregate = "sum"', 'aggregate = "mean"', True),
    ('aggregate = "sum"', 'aggregate = "sum"\nwhere = { channel = "paid" }', True),
    ('frequency = "daily"', 'frequency = "daily"\ndecimal = ","', True),
    ('files = "measurements/crm.csv"', 'files = "measurements/hubspot.csv"', True),
    ("sqls / mqls", "sqls / (sqls + mqls)", True),
    ("sqls / mqls", "sqls/mqls", False),
    ('frequency = "daily"', 'frequency = "daily"\nsegments = ["region"]', False),
    ("[kpi.rate]", '[kpi.rate]\nname = "Rate"\nowner = "ops"', False),
    ("[kpi.rate]", "[kpi.rate]\ntarget = { from = 2026-01-01, value = 1 }", False),
]


@pytest.mark.parametrize(("old", "new", "changes"), SHAPES)
def test_the_fingerprint_changes_with_the_meaning(opened: Open, old: str, new: str, changes: bool) -> None:
    text = CRM + '[kpi.rate]\nformula = "sqls / mqls"\n[kpi.share]\nformula = "rate * 100"'
    before, _ = opened(text)
    after, problems = opened(text.replace(old, new, 1))
    assert problems == []
    for kpi in ("rate", "share"):
        assert len(before.kpis[kpi].fingerprint) == 4
        assert (before.kpis[kpi].fingerprint != after.kpis[kpi].fingerprint) is changes


def test_events_by_date(with_crm: Open) -> None:
    definitions, problems = with_crm(
        '[kpi.x]\nformula = "sqls"',
        events_csv='date,kpi,text\n2026-02-01,x,"Prices, raised"\n\n2026-01-01,,Outage\n',
    )
    assert problems == []
    assert [(event.day, event.kpi, event.text) for event in definitions.events] == [
        (date(2026, 1, 1), None, "Outage"),
        (date(2026, 2, 1), "x", "Prices, raised"),
    ]


@pytest.mark.parametrize("make", ["nothing", "file", "empty folder", "folder as settings", "fifo"])
def test_what_is_no_workspace_is_said_in_a_sentence(tmp_path: Path, make: str) -> None:
    root = tmp_path / "acme"
    if make == "file":
        root.write_text("")
    elif make != "nothing":
        root.mkdir()
    if make == "folder as settings":
        (root / "kpitui.toml").mkdir()
    if make == "fifo":
        if not hasattr(os, "mkfifo"):
            pytest.skip("this system has no named pipes")
        os.mkfifo(root / "kpitui.toml")
    with pytest.raises(KpituiError, match="acme"):
        load(root)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_settings_that_may_not_be_read(tmp_path: Path) -> None:
    (tmp_path / "kpitui.toml").write_text("")
    (tmp_path / "kpitui.toml").chmod(0)
    with pytest.raises(KpituiError, match="cannot be read"):
        load(tmp_path)


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        (b"[workspace]\nname = ", 2, "not TOML: Invalid value"),
        (b"[workspace]\nname = 'x' 'y'", 2, "not TOML"),
        (b"a = 1\na = 2", 2, "not TOML: Cannot overwrite a value"),
        (b"a = '\xff'", None, "not UTF-8 text (line 1)"),
        (b"a = " + b"9" * 5_000, None, "not read"),
        (b"a = " + b"[" * 100_000, None, "nested too deep"),
        (b"\n" + b"a." * 100 + b"a = 1", 2, "a dotted key of more than 64 parts"),
        (b"#" * 2_000_001, None, "larger than 2,000,000 bytes"),
    ],
)
def test_settings_that_do_not_parse_leave_an_empty_workspace(
    tmp_path: Path, content: bytes, line: int | None, said: str
) -> None:
    (tmp_path / "kpitui.toml").write_bytes(content)
    definitions, problems = load(tmp_path)
    assert [(problem.file, problem.line) for problem in problems] == [("kpitui.toml", line)]
    assert said in problems[0].message
    assert (definitions.name, definitions.kpis) == (tmp_path.name, {})
    assert [cadence.id for cadence in definitions.cadences] == ["monthly"]


def test_a_byte_order_mark_and_windows_line_ends(tmp_path: Path) -> None:
    text = CRM + "[kpi.x]\nformula = 'sqls'\nteir = 1\n"
    (tmp_path / "kpitui.toml").write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    definitions, problems = load(tmp_path)
    assert [(problem.line, problem.key) for problem in problems] == [(18, "kpi.x.teir")]
    assert list(definitions.kpis) == ["x"]


def test_files_that_are_not_read(opened: Open, tmp_path: Path) -> None:
    outside = tmp_path / "outside.toml"
    outside.write_text(CRM)
    root = tmp_path / "acme"
    (root / "kpis" / "folder.toml").mkdir(parents=True)
    (root / "kpis" / "notes.txt").write_text("not definitions")
    (root / "kpis" / ".#lock.toml").write_text("an editor's")
    (root / "kpis" / "link.toml").symlink_to(outside)
    (root / "kpis" / "ring.toml").symlink_to("ring.toml")
    (root / "kpitui.toml").write_text("")
    _, problems = load(root)
    assert [(problem.file, problem.message.split(":")[0]) for problem in problems] == [
        ("kpis/folder.toml", "not read"),
        ("kpis/link.toml", "not read"),
        ("kpis/ring.toml", "cannot be read"),
    ]


@pytest.mark.parametrize("settings", sorted(CONFORMANCE.glob("*/*/kpitui.toml")), ids=lambda file: file.parent.name)
def test_the_conformance_sets_have_no_problems(settings: Path) -> None:
    definitions, problems = load(settings.parent)
    assert problems == []
    assert definitions.kpis


@pytest.mark.skipif(not CONFORMANCE.is_dir(), reason="the conformance sets are not beside this checkout")
def test_the_conformance_sets_are_found() -> None:
    assert list(CONFORMANCE.glob("*/*/kpitui.toml"))


@pytest.mark.parametrize("settings", sorted(DATA.glob("*/kpitui.toml")), ids=lambda file: file.parent.name)
def test_what_is_shipped_has_no_problems(settings: Path) -> None:
    definitions, problems = load(settings.parent)
    assert problems == []
    assert definitions.broken == {}


def test_loading_imports_nothing_that_is_slow_to_start() -> None:
    program = """
import sys, pathlib
from kpitui.definitions.load import load
load(pathlib.Path(sys.argv[1]))
print(*{"polars", "textual", "babel", "csv", "difflib"} & sys.modules.keys())
"""
    demo = DATA / "b2b-dashboard"
    done = subprocess.run([sys.executable, "-c", program, str(demo)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
