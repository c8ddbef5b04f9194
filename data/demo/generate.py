"""Write the synthetic measurements of the demo workspace.

Acme is invented and so is every figure: nothing here was measured anywhere. The numbers come from a seeded
generator, so that each run writes the same bytes. Python's standard library is enough:

    python data/demo/generate.py              writes into measurements/ beside this file
    python data/demo/generate.py --out DIR    writes into DIR/measurements/

Most series are made the same way: a month gets a total (a level, some noise, now and then a figure that the
story asks for), and the total is spread over the days of that month. README.md tells the story.
"""

import argparse
import random
from datetime import date, timedelta
from pathlib import Path

SEED = 104
FIRST, LAST = date(2023, 11, 1), date(2026, 11, 3)
THIS_MONTH = "2026-10"

REGIONS = {"EMEA": 0.45, "Americas": 0.38, "APAC": 0.17}
CHANNELS = {"organic": 0.30, "paid": 0.34, "events": 0.16, "partners": 0.20}
WEEKDAY_LOAD = (1.30, 1.10, 1.00, 0.95, 0.75)
WEB_LOAD = (1.12, 1.18, 1.16, 1.12, 0.98, 0.66, 0.70)

USUAL_RESPONSE_HOURS = 6.8
ROUTING_RULE = date(2026, 2, 9)
"""From here on leads of one region wait in a queue that nobody watches."""
PUT_OFF = (date(2026, 2, 9), date(2026, 2, 23), 30.0)
"""In the rule's first week somebody still emptied the inbox by hand; so many hours a day are felt two weeks later only.
From that later week on the chart of the weeks has its signal, three weeks before that of the accepted leads."""
ROUTING_LAG = timedelta(weeks=3)
"""How long until slower calls are seen in the share of leads that sales accepts."""
SITE_RELAUNCH = "2025-09"
BRIEF_TEMPLATE = "2026-03"
"""From this month on campaigns start from a shared brief and take less time."""
TAG_OUTAGE = (date(2026, 10, 6), date(2026, 10, 14))
SURVEY_ENDS = date(2026, 5, 3)

WIN_RATE_SINCE_MAY = {
    "2026-05": 0.303,
    "2026-06": 0.306,
    "2026-07": 0.299,
    "2026-08": 0.301,
    "2026-09": 0.294,
}


def days(first: date, last: date) -> list[date]:
    """Every date from the first to the last, both included."""
    return [first + timedelta(n) for n in range((last - first).days + 1)]


ALL_DAYS = days(FIRST, LAST)
WEEKDAYS = [day for day in ALL_DAYS if day.weekday() < 5]
MONDAYS = [day - timedelta(3) for day in ALL_DAYS if day.weekday() == 3]
"""Mondays of the weeks whose fourth day lies in the three years; each of these weeks has ended."""
MONTHS = sorted({f"{day:%Y-%m}" for day in ALL_DAYS})
FULL_MONTHS = MONTHS[:-1]


def monday_of(day: date) -> date:
    return day - timedelta(day.weekday())


def week_id(monday: date) -> str:
    year, week, _ = monday.isocalendar()
    return f"{year}-W{week:02d}"


def days_of(month: str, among: list[date]) -> list[date]:
    return [day for day in among if f"{day:%Y-%m}" == month]


def spread(rng: random.Random, total: int, weights: list[float], noise: float) -> list[int]:
    """Whole numbers that add up to the total, in about the shares of the weights."""
    shares = [weight * rng.lognormvariate(0, noise) for weight in weights]
    exact = [total * share / sum(shares) for share in shares]
    counts = [int(part) for part in exact]
    by_remainder = sorted(range(len(exact)), key=lambda i: (counts[i] - exact[i], i))
    for i in by_remainder[: total - sum(counts)]:
        counts[i] += 1
    return counts


def nudge(rng: random.Random, counts: list[int], total: int, most: list[int] | None = None) -> None:
    """Move single units, at random places, until the counts add up to the total."""
    while sum(counts) != total:
        i = rng.randrange(len(counts))
        step = 1 if sum(counts) < total else -1
        if counts[i] + step >= 0 and (most is None or counts[i] + step <= most[i]):
            counts[i] += step


def month_share(month: str) -> float:
    """How much of a usual month lies in this one: 1, but for the three days at the end."""
    return 0.1 if month == MONTHS[-1] else 1.0


def level(rng: random.Random, mean: float, noise: float, month: str, this_month: float) -> int:
    """A month's total: the mean with noise, or what the story says of the month under review."""
    drawn = mean * (1 + rng.gauss(0, noise)) * month_share(month)
    return round(this_month if month == THIS_MONTH else drawn)


def write(folder: Path, name: str, header: str, rows: list[str]) -> None:
    text = "\n".join([header, *rows]) + "\n"
    (folder / name).write_bytes(text.encode("utf-8"))


# the website, day by day


WEB_LEVELS = {
    "sessions": (60_500, 61_180),
    "organic": (10_170, 10_400),
    "leads": (2_440, 2_420),
    "journeys": (3_150, 3_140),
}
"""What a usual month brings, and what the month under review brings."""


def web(folder: Path) -> dict[str, int]:
    """Sessions, leads and tracked journeys; returns the leads of each month."""
    rng = random.Random(f"{SEED} web")
    columns: dict[str, dict[date, int]] = {name: {} for name in (*WEB_LEVELS, "tracked")}
    wobble = {name: {monday_of(day): rng.gauss(1, 0.042) for day in ALL_DAYS} for name in WEB_LEVELS}
    known_share = {monday_of(day): rng.gauss(0.782, 0.018) for day in ALL_DAYS}
    leads_by_month = {}
    for month in MONTHS:
        here = days_of(month, ALL_DAYS)
        for name, (usual, this_month) in WEB_LEVELS.items():
            weights = [WEB_LOAD[day.weekday()] * wobble[name][monday_of(day)] for day in here]
            if name == "organic" and month < SITE_RELAUNCH:
                usual -= 1_110
            # Longer months bring more, though less than their days would say: people catch up.
            length = 1.0 if month == MONTHS[-1] else (len(here) / 30.44) ** 0.5
            mean_wobble = sum(wobble[name][monday_of(day)] for day in here) / len(here)
            total = level(rng, usual * length * mean_wobble, 0.004, month, this_month)
            columns[name].update(zip(here, spread(rng, total, weights, 0.06), strict=True))
        leads_by_month[month] = sum(columns["leads"][day] for day in here)
        for day in here:
            share = known_share[monday_of(day)] + rng.gauss(0, 0.02)
            columns["tracked"][day] = round(columns["journeys"][day] * share)
    rows = []
    for day in ALL_DAYS:
        known = not TAG_OUTAGE[0] <= day <= TAG_OUTAGE[1]
        journeys = f"{columns['journeys'][day]},{columns['tracked'][day]}" if known else ","
        rows.append(f"{day},{columns['sessions'][day]},{columns['organic'][day]},{columns['leads'][day]},{journeys}")
    write(folder, "web.csv", "date,sessions,organic_sessions,leads,journeys,journeys_tracked", rows)
    return leads_by_month


# from qualified lead to opportunity, by working day and region


def response_level(day: date, region: str) -> float:
    """Usual hours until the first call; in one region they climb after the routing rule, quickly at first."""
    weeks = (day - ROUTING_RULE).days / 7
    if region != "EMEA" or weeks <= 0:
        return USUAL_RESPONSE_HOURS
    return USUAL_RESPONSE_HOURS + 2.5 * min(1, weeks / 4) + 0.095 * max(0, weeks - 4)


def crm(folder: Path) -> dict[str, int]:
    """Qualified leads, calls, accepted leads, opportunities; returns the opportunities of each month."""
    rng = random.Random(f"{SEED} crm")
    cells = [(day, region) for day in WEEKDAYS for region in REGIONS]
    mqls: dict[tuple[date, str], int] = {}
    for month in MONTHS:
        here = [(day, region) for day in days_of(month, WEEKDAYS) for region in REGIONS]
        weights = [WEEKDAY_LOAD[day.weekday()] * REGIONS[region] for day, region in here]
        usual = 836 if month == MONTHS[-1] else 836 * (len(here) / len(REGIONS) / 21.75) ** 0.7
        mqls.update(zip(here, spread(rng, level(rng, usual, 0.030, month, 800), weights, 0.22), strict=True))

    # One wobble a week for all regions, and it is felt three weeks later in the acceptance too.
    wobble = {monday_of(day): rng.gauss(0, 0.62) for day in days(FIRST - ROUTING_LAG, LAST)}
    accepted_by_chance = {monday: rng.gauss(0, 0.013) for monday in wobble}

    hours: dict[tuple[date, str], float] = {}
    sqls: dict[tuple[date, str], int] = {}
    owed = dict.fromkeys(REGIONS, 0.5)
    for day, region in cells:
        count = mqls[day, region]
        monday = monday_of(day)
        slow = response_level(day, region) + wobble[monday]
        hours[day, region] = round(count * slow * rng.lognormvariate(0, 0.10), 1)
        slow_then = response_level(day - ROUTING_LAG, region) + wobble[monday - ROUTING_LAG]
        owed[region] += count * (0.2565 - 0.0140 * (slow_then - USUAL_RESPONSE_HOURS) + accepted_by_chance[monday])
        sqls[day, region] = max(0, min(count, int(owed[region])))
        owed[region] -= sqls[day, region]
    fix_month(rng, sqls, 176, mqls)
    soon, late, put_off = PUT_OFF
    for n in range(5):
        hours[soon + timedelta(n), "EMEA"] -= put_off
        hours[late + timedelta(n), "EMEA"] += put_off

    # Accepted leads become opportunities three to five weeks later.
    opportunities: dict[tuple[date, str], int] = {}
    owed = dict.fromkeys(REGIONS, 0.5)
    luck = {monday: rng.gauss(1, 0.04) for monday in wobble}
    for n, day in enumerate(WEEKDAYS):
        for region, share in REGIONS.items():
            before = [sqls[past, region] for past in WEEKDAYS[max(0, n - 25) : max(0, n - 10)]]
            usual = 836 * 0.2565 * share * 12 / 261
            expected = sum(before) / len(before) if len(before) == 15 else usual
            owed[region] += 0.617 * expected * luck[monday_of(day)]
            opportunities[day, region] = int(owed[region])
            owed[region] -= opportunities[day, region]
    fix_month(rng, opportunities, 104)

    rows = []
    for cell in cells:
        counts = f"{mqls[cell]},{hours[cell]:.1f},{sqls[cell]},{opportunities[cell]}"
        rows.append(f"{cell[0]},{cell[1]},{counts}")
    write(folder, "crm.csv", "date,region,mqls,response_hours,sqls,opportunities", rows)
    return {
        month: sum(count for (day, _), count in opportunities.items() if f"{day:%Y-%m}" == month) for month in MONTHS
    }


def fix_month(
    rng: random.Random,
    counts: dict[tuple[date, str], int],
    total: int,
    most: dict[tuple[date, str], int] | None = None,
) -> None:
    """Give the month under review exactly the total that the story names."""
    here = [cell for cell in counts if f"{cell[0]:%Y-%m}" == THIS_MONTH]
    values = [counts[cell] for cell in here]
    nudge(rng, values, total, None if most is None else [most[cell] for cell in here])
    counts.update(zip(here, values, strict=True))


# one row per closed deal


def continental(amount: int) -> str:
    """26700 as 26.700,00."""
    return f"{amount:,}".replace(",", ".") + ",00"


def deals(folder: Path, opportunities: dict[str, int]) -> None:
    """New and expansion deals, as a continental export: semicolons, decimal commas, day before month."""
    rng = random.Random(f"{SEED} deals")
    found: list[tuple[date, str, int]] = []
    for month in MONTHS:
        here = days_of(month, WEEKDAYS)
        rate = WIN_RATE_SINCE_MAY.get(month, rng.gauss(0.314, 0.010))
        won = 30 if month == THIS_MONTH else round(opportunities[month] * rate)
        size = 26_700 if month == THIS_MONTH else 27_300 * (1 + rng.gauss(0, 0.032))
        amounts = spread(rng, round(won * size / 10), [1.0] * won, 0.45)
        found += [(rng.choice(here), "new", amount * 10) for amount in amounts]
        grown = round(rng.gauss(9, 0.8)) if month_share(month) == 1 else 1
        total = level(rng, 204_000, 0.045, month, 209_400)
        amounts = spread(rng, round(total / 10), [1.0] * grown, 0.35)
        found += [(rng.choice(here), "expansion", amount * 10) for amount in amounts]
    rows = []
    for day, kind, amount in sorted(found):
        region = rng.choices(list(REGIONS), list(REGIONS.values()))[0]
        channel = rng.choices(list(CHANNELS), list(CHANNELS.values()))[0]
        rows.append(f"{day:%d/%m/%Y};{kind};{region};{channel};{continental(amount)}")
    write(folder, "deals.csv", "closed;kind;region;channel;amount", rows)


# weekly and monthly reports


OPERATIONS = (
    "campaigns",
    "campaign_days",
    "lead_quality",
    "webinar_registered",
    "webinar_attended",
    "records_checked",
    "records_complete",
)


def operations(folder: Path) -> None:
    """The weekly report of marketing operations: one row per week and figure."""
    rng = random.Random(f"{SEED} operations")
    figures: dict[str, dict[date, float]] = {name: {} for name in OPERATIONS}
    for monday in MONDAYS:
        month = f"{monday + timedelta(3):%Y-%m}"
        campaigns = rng.choice((4, 5, 5, 6, 6, 7))
        usual_days = 9.75 if month >= BRIEF_TEMPLATE else 11.1
        registered = rng.randint(165, 235)
        checked = rng.randint(470, 530)
        figures["campaigns"][monday] = campaigns
        figures["campaign_days"][monday] = round(campaigns * (usual_days + rng.gauss(0, 0.95)))
        figures["lead_quality"][monday] = round(rng.gauss(71.2, 1.9), 1)
        figures["webinar_registered"][monday] = registered
        figures["webinar_attended"][monday] = round(registered * rng.gauss(0.452, 0.026))
        figures["records_checked"][monday] = checked
        figures["records_complete"][monday] = round(checked * rng.gauss(0.912, 0.013))
    here = [monday for monday in MONDAYS if f"{monday + timedelta(3):%Y-%m}" == THIS_MONTH]
    for part, whole, rate in (
        ("campaign_days", "campaigns", 9.6),
        ("webinar_attended", "webinar_registered", 0.466),
    ):
        values = [int(figures[part][monday]) for monday in here]
        nudge(rng, values, round(rate * sum(figures[whole][monday] for monday in here)))
        figures[part].update(zip(here, values, strict=True))
    rows = []
    for monday in MONDAYS:
        for name in OPERATIONS:
            no_webinar = name.startswith("webinar") and monday.isocalendar().week == 52
            rows.append(f"{week_id(monday)},{name},{'N/A' if no_webinar else figures[name][monday]}")
    write(folder, "operations.csv", "week,figure,value", rows)


def survey(folder: Path) -> None:
    """Answers to the customer survey, which nobody has exported since May 2026."""
    rng = random.Random(f"{SEED} survey")
    rows = []
    for monday in MONDAYS:
        if monday > SURVEY_ENDS:
            break
        answers = rng.randint(52, 72)
        promoters = round(answers * rng.gauss(0.545, 0.030))
        detractors = round(answers * rng.gauss(0.140, 0.018))
        rows.append(f"{week_id(monday)},{answers},{promoters},{detractors}")
    write(folder, "survey.csv", "week,answers,promoters,detractors", rows)


def ledger(folder: Path, leads: dict[str, int]) -> None:
    """The monthly ledger: one row per month and account, with commas between thousands."""
    rng = random.Random(f"{SEED} ledger")
    customers = 1_020
    rows = []
    for month in FULL_MONTHS:
        now = month == THIS_MONTH
        spend = leads[month] * (150 if now else rng.gauss(147.5, 3.9))
        paid = spend * rng.gauss(0.46, 0.012)
        lost = 16 if now else round(customers * rng.gauss(0.0136, 0.0013))
        accounts = {
            "spend": spend,
            "planned": spend / (0.986 if now else rng.gauss(0.995, 0.014)),
            "paid_spend": paid,
            "paid_revenue": paid * (3.12 if now else rng.gauss(3.08, 0.10)),
            "customers": customers,
            "customers_lost": lost,
        }
        rows += [f'{month},{account},"{round(value):,}"' for account, value in accounts.items()]
        customers += rng.randint(19, 22) - lost
    write(folder, "ledger.csv", "month,account,value", rows)


def team(folder: Path) -> None:
    """Training and experiments of the marketing team, month by month."""
    rng = random.Random(f"{SEED} team")
    rows = []
    for n, month in enumerate(FULL_MONTHS):
        now = month == THIS_MONTH
        people = 21 + n // 9
        training = people * (4.1 if now else rng.gauss(4.05, 0.26))
        experiments = 8 if now else rng.choice((7, 8, 8, 8, 9, 9, 10))
        rows.append(f"{month},{people},{training:.1f},{experiments}")
    write(folder, "team.csv", "month,people,training_hours,experiments", rows)


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the synthetic measurements of the demo workspace.")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent, help="the workspace to write into")
    folder = parser.parse_args().out / "measurements"
    folder.mkdir(parents=True, exist_ok=True)
    leads = web(folder)
    deals(folder, crm(folder))
    operations(folder)
    survey(folder)
    ledger(folder, leads)
    team(folder)


if __name__ == "__main__":
    main()
