"""What a scheme says: population, period, items whose weights sum to 100, and what follows; checked strictly.

No scheme can count log-ins, clock-ins, time online or photos: there are no such figures. A figure that measures effort
needs the duty rule that asks for it (国办函〔2026〕12号: no points for presence, no daily assessment by an app).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field, model_validator

from zijing.core.errors import DomainError, Invalid
from zijing.records.models import in_language

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
Amount = Annotated[Decimal, Field(ge=-(10**12), le=10**12, decimal_places=6)]
Population = Literal["projects", "posts", "communities", "units", "enterprises", "offices"]
Step = Literal["week", "month", "quarter", "year"]
WHOLE = Decimal(100)
CONTEXT = "figures"


class StrictPart(BaseModel):
    """No key beyond those named, nothing guessed."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Title(StrictPart):
    """A name in both languages."""

    zh: str = Field(min_length=1, max_length=60)
    en: str = Field(min_length=1, max_length=60)

    def __str__(self) -> str:
        return in_language(self.zh, self.en)


class BandSpec(StrictPart):
    """Points for a value that reaches a limit."""

    limit: Amount
    points: Decimal = Field(ge=0)


class ItemSpec(StrictPart):
    """An item of a scheme."""

    key: Name
    title: Title
    weight: Decimal = Field(ge=0, le=100, decimal_places=2)
    way: Literal["linear", "band", "deduction", "rank", "marks", "veto"]
    figure: str = ""
    direction: Literal["higher", "lower"] = "higher"
    target: Amount = Decimal(100)
    floor: Amount = Decimal(0)
    bands: list[BandSpec] = []
    each: Amount = Field(default=Decimal(0), ge=0)
    cap: Amount | None = None
    limit: int = Field(default=1, ge=1)
    missing: Literal["neutral", "zero", "full", "average"] = "neutral"
    small: Literal["as_is", "shrink"] = "as_is"
    dispersion: Literal["none", "standardise"] = "none"
    duty: str = ""

    @model_validator(mode="after")
    def _makes_sense(self) -> "ItemSpec":
        for problem in _item_problems(self):
            raise ValueError(problem)
        return self


class ConsequenceSpec(StrictPart):
    """What a scheme proposes for whom; a person confirms it."""

    when: Literal["last", "bottom", "top", "under", "veto"]
    n: int = Field(default=1, ge=1, le=50)
    score: Decimal = Field(default=Decimal(60), ge=0, le=100)
    type: Literal["praise", "red_flag", "naming", "on_site", "talk", "accountability", "observation"]
    source: str = Field(min_length=1, max_length=200)


class SchemeSpec(StrictPart):
    """schemes/<key>.toml"""

    key: Name
    title: Title
    population: Population
    period: Step
    since: date
    source: str = Field(default="", max_length=200)
    roles: list[Name] = []
    kind: str = ""
    least_cases: int = Field(default=10, ge=1, le=1000)
    least_members: int = Field(default=5, ge=2, le=100)
    appeal_workdays: int = Field(default=5, ge=1, le=60)
    items: list[ItemSpec] = Field(min_length=1, max_length=30)
    consequences: list[ConsequenceSpec] = []

    @model_validator(mode="after")
    def _adds_up(self) -> "SchemeSpec":
        if (total := sum((i.weight for i in self.items), Decimal(0))) != WHOLE:
            raise ValueError(_("The weights sum to %(sum)s, not 100.") % {"sum": f"{total.normalize():f}"})
        if len({i.key for i in self.items}) != len(self.items):
            raise ValueError(_("An item's key stands twice."))
        if self.population == "posts" and not self.roles:
            raise ValueError(_("roles: say which roles' posts are assessed"))
        return self

    def definition(self) -> dict[str, Any]:
        """What is kept of it beside its own columns."""
        return self.model_dump(mode="json", exclude={"key", "title", "population", "period", "since", "source"})


def _item_problems(item: ItemSpec) -> Iterator[Any]:
    if (item.way == "marks") == bool(item.figure):
        yield _("figure: every way but marks counts a figure")
    if (item.way == "veto") != (item.weight == 0):
        yield _("weight: more than 0, and 0 for a veto")
    if item.way == "linear" and item.dispersion == "none" and item.target == item.floor:
        yield _("target: it must differ from the floor, which is worth nothing")
    elif item.way == "linear" and item.dispersion == "none" and (item.target > item.floor) != _rises(item):
        yield _("direction: with “higher” the target lies above the floor, with “lower” below it")
    if item.way == "deduction" and (item.each <= 0 or (item.cap or Decimal(0)) > item.weight):
        yield _("each: points off per event; cap: no more than the weight")
    if item.way == "band":
        yield from _band_problems(item)


def _rises(item: ItemSpec) -> bool:
    return item.direction == "higher"


def _band_problems(item: ItemSpec) -> Iterator[Any]:
    limits = [b.limit for b in item.bands]
    if not limits or limits != sorted(limits, reverse=_rises(item)) or len(set(limits)) != len(limits):
        yield _("bands: at least one, the best first")
    if any(b.points > item.weight for b in item.bands):
        yield _("bands: no band is worth more than the weight")


@dataclass(frozen=True)
class Said:
    """What matters of a figure to a scheme: whether it measures effort, falls on days, and is open to all."""

    effort: bool
    has_course: bool
    restricted: bool


def figure_problems(spec: SchemeSpec, find: Callable[[str], Said | None]) -> Iterator[tuple[int, str, DomainError]]:
    """What stands against the figures of a scheme: the item, the key of the item, and the problem."""
    for n, item in enumerate(spec.items):
        if not item.figure:
            continue
        said = find(item.figure)
        if said is None:
            yield n, "figure", Invalid(_("There is no figure “%(key)s”."), key=item.figure)
        elif said.effort and not item.duty:
            text = _("“%(key)s” measures effort: cite the duty rule that asks for it (duty).")
            yield n, "duty", Invalid(text, key=item.figure)
        elif not said.has_course:
            text = _("“%(key)s” says how things stand now; a period is assessed by what falls on its days.")
            yield n, "figure", Invalid(text, key=item.figure)
        elif said.restricted:
            text = _("“%(key)s” counts records that few may see; nobody is assessed by it.")
            yield n, "figure", Invalid(text, key=item.figure)
