"""What a pack may say: every file's keys, checked strictly; an unknown key is refused."""

from datetime import date, time
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.utils.translation import gettext_lazy as _
from pydantic import BeforeValidator, Field, field_serializer, field_validator, model_validator

from zijing.packs.choices import Empty, Key, Strict
from zijing.packs.kinds import Edition, Words

Need = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,39}(>=[0-9]{4}\.[0-9]{1,3})?$")]


class PackSpec(Strict):
    """pack.toml"""

    key: Key
    edition: Edition
    title: Words
    summary: Words
    requires: list[Need] = []

    @property
    def needs(self) -> dict[str, str]:
        """What it requires: the key of each pack, and the least edition ("" for any)."""
        return {key: least for key, _sign, least in (need.partition(">=") for need in self.requires)}


def as_numbers(edition: str) -> tuple[int, ...]:
    """An edition in order: 2020.10 comes after 2020.9."""
    return tuple(int(part) for part in edition.split(".")) if edition else ()


class RoleRow(Strict):
    """A row of roles.csv"""

    key: Key
    title_zh: str = Field(min_length=1)
    title_en: str = Field(min_length=1)
    sight: Literal["office", "place", "assigned"]
    verbs: list[str]
    day: Literal[
        "leading", "in_charge", "organising", "dispatching", "reporting", "on_the_ground", "comparing", "administering"
    ] = "leading"  # fmt: skip
    was: Annotated[Key | None, Empty] = None

    @field_validator("verbs", mode="before")
    @classmethod
    def split(cls, value: object) -> object:
        return value.split() if isinstance(value, str) else value


# The pages of the software that a navigation may name; each opens without an id.
PAGES = ("today", "board", "my-report", "map", "figures", "ledgers", "import", "packs", "reviews", "admin", "jobs",
         "machinery", "channels", "admin-posts", "admin-places", "admin-accounts", "admin-screens", "admin-journal",
         "admin-sign-ins", "admin-looks", "hot-spots", "supervision", "projects", "mine", "plans",
         "indicators", "calendar", "reading", "assessments", "samples", "year-report", "documents",
         "rhythms")  # fmt: skip


class RailRow(Strict):
    """A row of rail.csv: a way into the software that roles find in their navigation, in order over all packs.

    ``to`` is a page of the software by its name, or ``list`` or ``new`` of a kind: ``list:blocker?open=yes``. Ways of
    one ``group`` fold into one where a role has more of them than a screen shows.
    """

    role: list[Key]
    order: int = Field(ge=1, le=99)
    to: Annotated[str, Field(pattern=rf"^({'|'.join(PAGES)}|(list|new):[a-z][a-z0-9_-]*)(\?[^ ]*)?$")]
    title_zh: str = Field(min_length=1, max_length=12)
    title_en: str = Field(min_length=1, max_length=24)
    icon: Key
    group: Literal["", "promises", "cases", "registers"] = ""

    @field_validator("role", mode="before")
    @classmethod
    def split(cls, value: object) -> object:
        return value.split() if isinstance(value, str) else value

    @property
    def kind(self) -> str:
        """The kind whose list or form it leads to, "" for a page."""
        return self.to.partition("?")[0].partition(":")[2]


class StageRow(Strict):
    """A row of stage_templates.csv"""

    template: Key
    template_zh: str = Field(min_length=1)
    template_en: str = Field(min_length=1)
    order: int = Field(ge=1, le=99)
    stage: Key
    stage_zh: str = Field(min_length=1)
    stage_en: str = Field(min_length=1)
    weight: Decimal = Field(gt=0, le=100)
    unit: str = ""


class WorkRow(Strict):
    """A row of works.csv: a work of a schedule, done at every building or once for the whole project"""

    template: Key
    order: int = Field(ge=1, le=99)
    work: Key
    work_zh: str = Field(min_length=1, max_length=60)
    work_en: str = Field(min_length=1, max_length=60)
    stage: Key
    part: Literal["building", "project"]
    days: Annotated[int, Field(ge=0, le=2000)] = 0
    days_per_floor: Decimal = Field(default=Decimal(0), ge=0, le=100)
    days_per_flat: Decimal = Field(default=Decimal(0), ge=0, le=100)
    crew: Annotated[Key | None, Empty] = None
    after: list[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*(:[0-9]{1,3})?$")]] = []
    halted_by: list[Key] = []

    @field_validator("after", "halted_by", mode="before")
    @classmethod
    def split(cls, value: object) -> object:
        return value.split() if isinstance(value, str) else value

    @property
    def links(self) -> dict[str, int]:
        """The works that must have ended before, each with the days between."""
        return {key: int(lag or 0) for key, _sign, lag in (text.partition(":") for text in self.after)}


class RhythmRow(Strict):
    """A row of rhythms.csv"""

    key: Key
    task: str
    every: Literal["workday", "week", "month", "quarter"]
    on: str = ""
    at: time
    off: Literal["", "next"] = ""
    title_zh: str = Field(min_length=1)
    title_en: str = Field(min_length=1)
    source: str = ""

    @model_validator(mode="after")
    def day_fits(self) -> "RhythmRow":
        fits = {
            "workday": self.on == "",
            "week": self.on in set("1234567"),
            "month": _is_of_month(self.on),
            "quarter": self.on[:2] in {"1-", "2-", "3-"} and _is_of_month(self.on[2:]),
        }
        if not fits[self.every]:
            raise ValueError(
                _("on: empty for workday, 1 to 7 for week, 1 to 31 or last-workday for month, 3-20 for quarter")
            )
        return self


def _is_of_month(on: str) -> bool:
    return on == "last-workday" or (on.isascii() and on.isdecimal() and 1 <= int(on) <= 31)


class FigureRow(Strict):
    """A row of figures.csv"""

    key: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_.-]{0,59}$")]
    title_zh: str = Field(min_length=1)
    title_en: str = Field(min_length=1)
    sentence_zh: str = Field(min_length=1, max_length=300)
    sentence_en: str = Field(min_length=1, max_length=300)
    kind: Annotated[Key | None, Empty] = None
    filter: str = ""
    measure: Literal["count", "sum", "latest", "share", "median", "p90"]
    of: str = ""
    time: Literal["", "happened_on", "closed_at", "recorded_at", "due_at", "deadline"] = ""
    unit: str = ""
    decimals: Annotated[int, BeforeValidator(lambda v: v or 0)] = 0
    measures: Literal["outcome", "effort"]
    owner: str = ""
    since: date

    @model_validator(mode="after")
    def fits_its_measure(self) -> "FigureRow":
        if self.measure == "share" and ("/" not in self.of or self.kind):
            raise ValueError(_("a share has no kind, and names its two figures as part/whole"))
        if self.measure != "share" and self.kind is None:
            raise ValueError(_("a figure counts records of one kind"))
        of_number = self.of in {"amount_fen", "quantity", "hours"} or self.of.startswith("f.")
        if self.measure not in {"count", "share"} and not of_number:
            raise ValueError(_("of: amount_fen, quantity, hours (from recording to closing) or f.<number field>"))
        if self.measure == "count" and self.of:
            raise ValueError(_("a count counts records, not a field of theirs"))
        return self


class DocumentRow(Strict):
    """A row of documents.csv: a document's form; its text stands in documents/KEY.docx, in English in KEY.en.docx"""

    key: Key
    title_zh: str = Field(min_length=1, max_length=60)
    title_en: str = Field(min_length=1, max_length=60)
    sort: Literal["notice", "bulletin", "report", "request", "reply", "minutes", "brief"]
    layout: Literal["document", "minutes", "report"] = "document"
    step: Literal["", "week", "month", "quarter", "year"] = ""
    word: str = Field(default="", max_length=20)
    heading_zh: str = Field(min_length=1, max_length=200)
    heading_en: str = Field(default="", max_length=200)
    sealed: Annotated[bool, BeforeValidator(lambda v: v or False)] = False
    upward: Annotated[bool, BeforeValidator(lambda v: v or False)] = False
    reply_days: Annotated[int, BeforeValidator(lambda v: v or 0), Field(ge=0, le=250)] = 0
    fits: str = Field(default="", max_length=200)
    source: str = Field(default="", max_length=200)


class PrizeSpec(Strict):
    """What a contest gives the projects up to a place"""

    to: int = Field(ge=1, le=50)
    title: Words


class ContestSpec(Strict):
    """A contest of ranking.toml: projects of some types and levels against each other over a period, by an outcome"""

    key: Key
    title: Words
    since: date
    until: date
    outcome: Literal["points", "gain", "investment"]
    types: list[Key] = []
    levels: list[Key] = []
    prizes: list[PrizeSpec] = []
    named_last: int = Field(default=0, ge=0, le=20)
    naming: Words | None = None
    source: str = ""

    @model_validator(mode="after")
    def _makes_sense(self) -> "ContestSpec":
        if self.until < self.since:
            raise ValueError(_("A contest cannot end before it begins."))
        if self.named_last and self.naming is None:
            raise ValueError(_("naming: say what follows for the last"))
        return self


class RankingSpec(Strict):
    """ranking.toml"""

    edition: str
    green_points: Decimal = Decimal(-2)
    yellow_points: Decimal = Decimal(-10)
    report_limit_workdays: int = Field(default=1, ge=1, le=30)
    naming_last: int = Field(default=3, ge=0, le=20)
    on_site_weeks: int = Field(default=2, ge=1, le=52)
    least_ranked: int = Field(default=5, ge=2)
    led_by: dict[Key, list[Key]] = {}
    contests: list[ContestSpec] = []
    source: str = ""

    @field_serializer("contests")
    def _contests_as_stored(self, contests: list[ContestSpec]) -> list[dict[str, Any]]:
        return [c.model_dump(mode="json") for c in contests]
