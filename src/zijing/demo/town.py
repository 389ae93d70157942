"""The demo's second office: a town that has just brought its ledgers of 2022 in, as any office begins.

Nothing is replayed here: sections hand in their workbooks in the first days of January 2023, and the year's report is
written from them.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext

from zijing.commitments.actions import state
from zijing.commitments.models import Commitment
from zijing.core.errors import Invalid
from zijing.core.worktime import ZONE
from zijing.demo.words import MARK
from zijing.packs import loader
from zijing.packs.actions import apply
from zijing.packs.workbooks import bring_in_workbook
from zijing.people.access import system_actor
from zijing.places.actions import found_office, set_clock
from zijing.places.models import Place

COUNTY = ("410106000000", "上街区")
OFFICE = ("410106100000", "峡窝镇")
FOLDER = "410106100"
BEGINS = datetime(2023, 1, 3, 8, 30, tzinfo=ZONE)
STOPS = datetime(2023, 1, 5, 9, 30, tzinfo=ZONE)
LAST_MONTH = date(2022, 12, 1)
# In the order in which one section's ledgers name another's.
WORKBOOKS = (
    "office", "plan", "rhythms", "party", "enterprises", "environment", "archives", "livelihood", "safety", "honours",
)  # fmt: skip
PACKS = (
    "project-drive", "hazards", "targets", "compounds", "honours", "party-building", "enterprise-service",
    "environment", "relocation-archive", "livelihood", "emergency", "rural", "documents", "town-report",
)  # fmt: skip
QUARTER = timedelta(minutes=15)
# What its sections state of the goals in words at the end of the year, in percent. Synthetic.
STATED = {"T07-19": 60, "T08-22": 100}


def found(say: Callable[[str], None]) -> Place:
    """Found the town and its district, import the workbooks, set the clocks; returns the office.

    ``Invalid`` when there is such an office already, or when a workbook is not taken: its first faults are named.
    """
    county = found_office(code=COUNTY[0], name=COUNTY[1], at=BEGINS, demo=True)
    office = found_office(code=OFFICE[0], name=OFFICE[1], at=BEGINS, county=county, demo=True)
    for key, offices in (("base", [county, office]), *((key, [office]) for key in PACKS)):
        apply(at=BEGINS, pack=loader.load(loader.find(Path(settings.PACKS), key)), offices=offices)
    for n, name in enumerate(WORKBOOKS, 1):
        say(f"{FOLDER}/{name}.xlsx")
        _bring(office, county, name, BEGINS + n * QUARTER)
    _state(office, BEGINS + (len(WORKBOOKS) + 1) * QUARTER)
    for place in (office, county):
        set_clock(actor=system_actor(office, "demo"), at=STOPS, office=place, shows=STOPS)
    return Place.objects.get(pk=office.pk)


def _state(office: Place, at: datetime) -> None:
    for promise in Commitment.objects.filter(office=office, business_key__in=STATED):
        state(
            actor=system_actor(office, "demo"), at=at, commitment=promise, period=LAST_MONTH, status="actual",
            value=Decimal(STATED[promise.business_key]), source=MARK,
        )  # fmt: skip


def _bring(office: Place, county: Place, name: str, at: datetime) -> None:
    path = Path(settings.DEMO_FOLDER) / FOLDER / f"{name}.xlsx"
    clerk = replace(system_actor(office, "import"), office_path=county.path)
    done = bring_in_workbook(actor=clerk, at=at, source=path, name=path.name, confirmed=True)
    if not done[-1].result.landed:
        faults = "; ".join(f"{e.where} {e.message}" for e in done[-1].result.errors[:5])
        raise Invalid(
            gettext("%(file)s was not imported: %(faults)s"), file=f"{path.name} {done[-1].name}", faults=faults
        )
