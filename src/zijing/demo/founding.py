"""The demo office before anything happens: founded, packs applied, its workbooks imported as anybody's would be."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext

from zijing.core.errors import Invalid
from zijing.demo.days import BEGINS
from zijing.packs import loader
from zijing.packs.actions import apply
from zijing.packs.intake import target
from zijing.people.access import Actor, system_actor
from zijing.places.actions import found_office
from zijing.places.models import Place
from zijing.records.sheets import Options, Result, bring_in

COUNTY = ("410181000000", "巩义市")
OFFICE = ("410181005000", "紫荆路街道")
# In the order in which one ledger names another.
WORKBOOKS = (
    ("place", "places.xlsx"), ("unit", "units.xlsx"), ("post", "posts.xlsx"), ("enterprise", "enterprises.xlsx"),
    ("project", "projects.xlsx"), ("milestone", "milestones.xlsx"), ("building", "buildings.xlsx"),
    ("clearance", "clearances.xlsx"), ("permit", "permits.xlsx"), ("parcel", "parcels.xlsx"), ("plan", "plan.xlsx"),
    ("indicator", "targets.xlsx"), ("task", "tasks.xlsx"), ("hazard-point", "hazard_points.xlsx"),
    ("compound", "compounds.xlsx"), ("compound-chief", "chiefs.xlsx"), ("self-committee", "committees.xlsx"),
)  # fmt: skip
MORE = (
    "project-drive",
    "hazards",
    "targets",
    "compounds",
    "city-cases",
    "hotline",
    "residents",
    "documents",
    "subdistrict-report",
    "assessment",
)
MINUTE = timedelta(minutes=1)


def found(say: Callable[[str], None]) -> Place:
    """Found county and office, apply the packs, import the workbooks; returns the office.

    ``Invalid`` when there is such an office already, or when a workbook is not taken: its first faults are named.
    """
    county = found_office(code=COUNTY[0], name=COUNTY[1], at=BEGINS, demo=True)
    office = found_office(code=OFFICE[0], name=OFFICE[1], at=BEGINS, county=county, demo=True)
    for key, offices in (("base", [county, office]), *((key, [office]) for key in MORE)):
        apply(at=BEGINS, pack=loader.load(loader.find(Path(settings.PACKS), key)), offices=offices)
    clerk = clerk_of(office, county)
    for n, (kind, name) in enumerate(WORKBOOKS, 1):
        say(name)
        bring(kind, Path(settings.DEMO_FOLDER) / name, clerk, BEGINS + n * MINUTE)
    return Place.objects.get(pk=office.pk)


def clerk_of(office: Place, county: Place) -> Actor:
    """Who imports: the system for the office, able to name the county's own unit and post in its ledgers."""
    return replace(system_actor(office, "import"), office_path=county.path)


def bring(kind: str, path: Path, actor: Actor, at: datetime) -> Result:
    """Import one workbook whole; ``Invalid`` with its first faults otherwise."""
    options = Options(confirmed=True)
    result = bring_in(target=target(kind, actor), actor=actor, at=at, source=path, name=path.name, options=options)
    if not result.landed:
        faults = "; ".join(f"{e.where} {e.message}" for e in result.errors[:5])
        raise Invalid(gettext("%(file)s was not imported: %(faults)s"), file=path.name, faults=faults)
    return result
