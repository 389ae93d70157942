"""What a reader of figures asks for in the address: a period, a place, a step, a word."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zijing.core.errors import DomainError, Missing
from zijing.figures.counting import Scope
from zijing.figures.periods import RUNNING, STEPS, Period, parse_period, step_of
from zijing.places.models import Level, Place
from zijing.web.access import ActingRequest

DEFAULT = "year"
STEP = {"week": "day", "month": "week", "quarter": "month", "year": "month"}


@dataclass(frozen=True)
class Choice:
    """A link of a switch."""

    href: str
    title: str
    chosen: bool


@dataclass(frozen=True)
class Asked:
    """The question: which days, which place (None: all within sight), which step, and the word searched for."""

    period: Period
    place: Place | None
    step: str
    word: str
    fault: str

    def scope(self, request: ActingRequest) -> Scope:
        """The question as the reader's scope."""
        return Scope(request.actor, request.now, self.place, self.period.since, self.period.until)

    def query(self, **changes: str) -> str:
        """The question as an address's query, with changes."""
        place = str(self.place.pk) if self.place else ""
        params = {"period": self.period.name, "place": place, "q": self.word} | changes
        kept = {k: v for k, v in params.items() if v}
        return f"?{urlencode(kept)}" if kept else "?"

    def at(self, place: Place) -> str:
        """The same question about another place."""
        return self.query(place=str(place.pk))


def asked(request: ActingRequest) -> Asked:
    """Understand the address; what cannot be understood is said, and the running year shown instead."""
    fault = ""
    try:
        period = parse_period(_period(request), request.today)
    except DomainError as error:
        period, fault = parse_period(default_for(request), request.today), str(error)
    wanted = request.GET.get("step", "")
    try:
        step = step_of(wanted or _fitting(period), period)
    except DomainError as error:
        step, fault = _fitting(period), fault or str(error)
    return Asked(period, _place(request), step, request.GET.get("q", "").strip()[:60], fault)


def _period(request: ActingRequest) -> str:
    first, last = request.GET.get("from", ""), request.GET.get("to", "")
    if first or last:
        return f"{first}..{last}"
    return request.GET.get("period", "") or default_for(request)


def default_for(request: ActingRequest) -> str:
    """The running year; the running month for whoever sees by assignment only, whose numbers no cache holds."""
    return DEFAULT if request.actor.path else "month"


def _fitting(period: Period) -> str:
    """The step that makes a readable number of bars."""
    limits = ((31, "day"), (120, "week"), (1200, "month"), (3700, "quarter"))
    if period.name in RUNNING:
        return STEP[period.name]
    return next((step for most, step in limits if period.days <= most), "year")


def _place(request: ActingRequest) -> Place | None:
    asked_for = request.GET.get("place", "")
    if not asked_for:
        return None
    found = Place.objects.visible_to(request.actor).filter(pk=int(asked_for)) if _is_id(asked_for) else None
    place = found.defer("geometry").first() if found is not None else None
    if place is None:
        raise Missing(_("There is no such place within your sight."))
    return place


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 16


def places_to_choose(request: ActingRequest) -> list[Place]:
    """The places a reader may choose: offices, communities and villages; grids are reached by the roll-up."""
    rows = Place.objects.visible_to(request.actor).standing().exclude(level=Level.GRID)
    return list(rows.only("name", "level", "path").order_by("path"))


def switch(choices: Mapping[str, str | Promise], name: str, chosen: str, this: Asked) -> list[Choice]:
    """Links that change one part of the question and keep the rest."""
    return [Choice(this.query(**{name: key}), str(title), key == chosen) for key, title in choices.items()]


def period_switch(this: Asked, today: date) -> list[Choice]:
    """The running periods and last year."""
    last = str(today.year - 1)
    return switch({**RUNNING, last: last}, "period", this.period.name, this)


def step_switch(this: Asked) -> list[Choice]:
    """The steps that the period bears."""
    fit = {k: v for k, v in STEPS.items() if _bears(k, this.period)}
    return switch(fit, "step", this.step, this)


def _bears(step: str, period: Period) -> bool:
    length = {"day": 1, "week": 7, "month": 28, "quarter": 90, "year": 360}[step]
    return 1 < period.days / length <= 62
