"""What a run of the demo knows: the office as its records say it, the people who act, and the pace of every site."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property

from zijing.core.worktime import day_of
from zijing.demo.cast import Cast
from zijing.demo.pace import PlannedStage, Site, percent_at, reaches
from zijing.demo.pictures import picture
from zijing.demo.sources import lag_of, paces, tales
from zijing.demo.tales import Tale
from zijing.people.models import Unit
from zijing.places.models import Place, PlaceCode, under
from zijing.projects.models import Project, Stage
from zijing.projects.queries import shares_at
from zijing.records.files import Upload, store
from zijing.records.models import File, Kind

COMMITTEES = (Unit.Kind.COMMUNITY, Unit.Kind.VILLAGE)


@dataclass(frozen=True)
class Happening:
    """One thing that happens in the replay: when, what tells it from others at that moment, and the doing of it.

    ``do`` returns how many actions it took: 0 when the record it is about has meanwhile gone another way. Nothing falls
    due earlier because of a ``quiet`` one.
    """

    at: datetime
    key: str
    do: Callable[[], int]
    quiet: bool = False


class World:
    """One run's view of an office. Everything needed to go on from ``since`` is read from the records.

    Only what the demo's own files name is touched: in another office, or about a visitor's project, nothing happens.
    """

    def __init__(self, office: Place, since: datetime, until: datetime, more: Iterable[Tale] = ()) -> None:
        self.office, self.since, self.until = office, since, until
        self.today = day_of(since)
        self.cast = Cast(office, self.today)
        self.kinds = {k.key: k for k in Kind.objects.all()}
        rows = Project.objects.filter(entry__office=office, entry__business_key__in=paces())
        rows = rows.exclude(entry__stage="retired")
        self.projects = list(
            rows.select_related("entry__place", "entry__kind", "leader").order_by("entry__business_key")
        )
        self.by_code = {p.entry.business_key: p for p in self.projects}
        self.places = {
            c.code: c.place
            for c in PlaceCode.objects.filter(under(office.path, "place__path"), until=None).select_related("place")
        }
        self.units = {u.code: u for u in Unit.objects.filter(office=office).order_by("code")}
        named = {*self.by_code, *self.places} if self.by_code else set()
        self.tales = [t for t in (*tales(), *more) if (t.project or t.place) in named and t.kind in self.kinds]
        self.sites = self._sites()
        self.told = self._told()
        self.photos: dict[int, File] = {}

    def _sites(self) -> dict[str, Site]:
        stages = defaultdict[int, list[PlannedStage]](list)
        rows = Stage.objects.filter(project__in=self.projects).select_related("milestone").order_by("project", "order")
        for s in rows:
            planned = PlannedStage(s.milestone.business_key, float(s.weight), s.planned_start, s.planned_end)
            stages[s.project_id].append(planned)
        return {
            code: Site(code, tuple(stages[p.pk]), lag_of(code, paces()[code]), self._blocked(code))
            for code, p in self.by_code.items()
            if stages[p.pk]
        }

    def _blocked(self, code: str) -> tuple[tuple[date, date], ...]:
        return tuple(t.stretch for t in self.tales if t.project == code and t.kind == "blocker")

    def _told(self) -> dict[str, dict[str, Decimal]]:
        """The share last reported of every stage, by project and stage code, a visitor's reports included."""
        last = day_of(self.until)
        shares = shares_at([p.pk for p in self.projects], [last])[last]
        rows = Stage.objects.filter(project__in=self.projects).values_list(
            "pk", "milestone__business_key", "project__entry__business_key"
        )
        told = defaultdict[str, dict[str, Decimal]](dict)
        for pk, stage, project in rows:
            if pk in shares:
                told[project][stage] = shares[pk]
        return told

    @cached_property
    def reach(self) -> dict[str, dict[date, float]]:
        """How far every site has got in its plan at the end of every day of the run, and since January."""
        last = day_of(self.until)
        return {code: reaches(site, last) for code, site in self.sites.items()}

    def percent(self, code: str, day: date) -> float:
        """The percent of a project done at the end of a day, by the model."""
        known = self.reach.get(code, {})
        return percent_at(self.sites[code], known[day]) if day in known else 0.0

    def done(self, code: str) -> bool:
        """Whether every stage has been reported done."""
        told = self.told.get(code, {})
        return all(told.get(s.code, 0) >= 100 for s in self.sites[code].stages)

    def at_work(self, day: date) -> list[str]:
        """The codes of the projects that should report on ``day``: begun by plan, and not yet reported done."""
        return [code for code, site in self.sites.items() if site.begins <= day and not self.done(code)]

    def photo(self, number: int, at: datetime) -> File:
        """One of the demo's pictures, kept once."""
        if number not in self.photos:
            name = f"demo-{number}.jpg"
            self.photos[number] = store(actor=self.cast.system, at=at, sent=Upload(picture(number), name))
        return self.photos[number]

    def unit_at(self, place: int | None) -> Unit:
        """The unit of a community: its committee."""
        return next(u for u in self.units.values() if u.place_id == place and u.kind in COMMITTEES)

    def unit_of(self, pk: int | None) -> Unit | None:
        """The unit with this id."""
        return next((u for u in self.units.values() if u.pk == pk), None)
