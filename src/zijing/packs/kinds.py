"""What a pack may say of a kind and its fields, checked strictly; an unknown key is refused."""

from datetime import date
from typing import Annotated, Any, Literal

from django.utils.translation import gettext_lazy as _
from pydantic import BeforeValidator, Field, ValidationInfo, model_validator

from zijing.packs.choices import Choice, Key, LimitSpec, ReplySpec, RungSpec, Strict, Within
from zijing.records.fields import SEVERAL, is_personal

Edition = Annotated[str, Field(pattern=r"^[0-9]{4}\.[0-9]{1,3}$")]


class Words(Strict):
    """A text in both languages."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


class Demand(Strict):
    """When a field is needed, or stays empty: another field has one of these values."""

    field: str
    is_: Annotated[list[str], Field(alias="is", serialization_alias="is", min_length=1)]


Day = Annotated[str, Field(pattern=r"^(today|\d{4}-\d{2}-\d{2})$")]


# What the form of a step can ask for.
STEPPED = ("text", "long_text", "integer", "decimal", "money", "percent", "date", "choice")


class ComesBack(Strict):
    """When a new case counts against the closing of an earlier one of its class."""

    days: int = Field(ge=1, le=365)
    metres: int = Field(default=0, ge=0, le=2000)


class Finds(Strict):
    """What a work record finds: of which kind a case is filed when a field has one of these values."""

    kind: Key
    field: Key
    is_: Annotated[list[str], Field(alias="is", serialization_alias="is", min_length=1)]


class Retention(Strict):
    """For how long the personal values of closed cases are kept."""

    years: int = Field(ge=1, le=50)
    source: str = Field(min_length=1)


class FieldSpec(Strict):
    """A field of a kind."""

    key: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    type: Literal[
        "text", "long_text", "integer", "decimal", "money", "percent", "date", "choice", "tree", "boolean", "place",
        "unit", "post", "entry", "point", "file", "phone", "citizen_id", "credit_code",
    ]  # fmt: skip
    title: Words
    column: (
        Literal["title", "business_key", "amount_fen", "quantity", "happened_on", "place", "unit", "subject"] | None
    ) = None
    required: bool = False
    required_when: Demand | None = None
    empty_when: Demand | None = None
    needed_with: str | None = None
    several: bool = False
    personal: bool | None = None
    aliases: list[str] = []
    help: Words | None = None
    why: Words | None = None
    unit: str = ""
    min: float | None = None
    max: float | None = None
    earliest: Day | None = None
    latest: Day | None = None
    not_before: str | None = None
    max_length: int | None = Field(default=None, ge=1, le=5000)
    choices: list[Choice] = []
    catalogue: Key | None = None
    any_node: bool = False
    kind: Key | None = None
    position: str | None = None
    journalled: bool = False
    step: Literal["submit"] | None = None

    @model_validator(mode="before")
    @classmethod
    def takes_its_catalogue(cls, given: Any, info: ValidationInfo) -> Any:
        """The choices of a field that names a catalogue are the rows of that file."""
        if not isinstance(given, dict) or not given.get("catalogue"):
            return given
        if given.get("choices"):
            raise ValueError(_("a field has choices or a catalogue"))
        found = (info.context or {}).get(given["catalogue"])
        if found is None:
            raise ValueError(_("there is no catalogues/%(name)s.csv") % {"name": given["catalogue"]})
        return {**given, "choices": found}

    @model_validator(mode="after")
    def fits_its_type(self) -> "FieldSpec":
        if (self.type in {"choice", "tree"}) != bool(self.choices):
            raise ValueError(_("choices belong to the types choice and tree, and they need them"))
        if (self.type in {"file", "point"} or self.is_personal) and self.why is None:
            raise ValueError(_("a file, a point or a personal value must say why it is asked for"))
        if self.journalled and (self.is_personal or self.type in {"text", "long_text", "file", "point"}):
            raise ValueError(_("free text, files, positions and personal values never enter the journal"))
        if self.several and (self.column or self.type not in SEVERAL):
            raise ValueError(_("several values: only choices and references, outside the fixed columns"))
        if self.is_personal and (self.column or self.type not in {"text", "long_text", "phone", "citizen_id"}):
            raise ValueError(_("personal values are texts outside the fixed columns"))
        if (self.earliest or self.latest or self.not_before) and self.type != "date":
            raise ValueError(_("earliest, latest and not_before belong to dates"))
        if self.position and self.type != "file":
            raise ValueError(_("position belongs to files"))
        if self.several and any(c.rules_a_case for c in self.choices):
            raise ValueError(_("a choice has a limit, a receiver or photos only where one is chosen"))
        if self.step and (self.column or self.several or self.is_personal or self.type not in STEPPED):
            raise ValueError(
                _("a step asks for texts, numbers, dates and choices, not personal, outside the fixed columns")
            )
        self._check_tree()
        return self

    @property
    def is_personal(self) -> bool:
        """Whether its values are sealed and masked."""
        return is_personal({"type": self.type, "personal": self.personal})

    def _check_tree(self) -> None:
        """Every parent stands before what belongs to it, so that there are no circles; a plain choice has none."""
        known: set[str] = set()
        for choice in self.choices:
            if choice.parent and (self.type != "tree" or choice.parent not in known):
                raise ValueError(_("a parent belongs to a tree and stands before what belongs to it"))
            if choice.key in known:
                raise ValueError(_("the choice “%(key)s” stands twice") % {"key": choice.key})
            known.add(choice.key)


class Parts(Strict):
    """Which fields (posts or units) name those who answer for a record; they see it wherever it lies."""

    lead: list[str] = []
    joint: list[str] = []
    assisting: list[str] = []


Example = str | int | float | bool | list[str]


def _plain(rows: object) -> object:
    """Examples with their dates as text, as a sheet or a form would give them."""
    if not isinstance(rows, list):
        return rows
    return [
        {k: v.isoformat() if isinstance(v, date) else v for k, v in row.items()} if isinstance(row, dict) else row
        for row in rows
    ]


class KindSpec(Strict):
    """A kind of record."""

    noun: Literal["register", "activity", "commitment", "case"]
    key: Key
    edition: Edition
    title: Words
    business_key: str = ""
    icon: str = ""
    limit: LimitSpec | None = None
    within: Within | None = None
    parts: Parts | None = None
    promise: Literal["goal", "indicator", "task", "milestone", "duty"] | None = None
    above: str = ""
    receiver: str = ""
    verified: bool = False
    public: bool = False
    complaints: bool = False
    counted: bool = False
    finds: Finds | None = None
    demands: bool = False
    retention: Retention | None = None
    comes_back: ComesBack | None = None
    escalation: list[RungSpec] = []
    answer_by: str = ""
    replies: list[ReplySpec] = []
    source: str = ""
    restricted: bool = False
    examples: Annotated[list[dict[str, Example]], BeforeValidator(_plain)] = []
    fields: list[FieldSpec]

    @model_validator(mode="after")
    def is_consistent(self) -> "KindSpec":
        keys = [f.key for f in self.fields]
        if doubles := {k for k in keys if keys.count(k) > 1}:
            raise ValueError(_("the field “%(key)s” stands twice") % {"key": min(doubles)})
        columns = [f.column for f in self.fields if f.column]
        if doubles := {c for c in columns if columns.count(c) > 1}:
            raise ValueError(_("two fields fill the column “%(column)s”") % {"column": min(doubles)})
        self._has_its_business_key()
        self._may_be_public()
        of_cases: list[object] = [self.limit, self.within, self.receiver, self.verified, self.demands, self.escalation]
        of_cases += [self.retention, self.comes_back, *(f.step for f in self.fields)]
        if any(of_cases) and self.noun != "case":
            raise ValueError(_("only cases have a limit or a receiver, or are verified"))
        self._names_its_fields()
        self._answers_a_sender()
        return self

    def _answers_a_sender(self) -> None:
        """Orders of another system bear its number; the day by which it wants an answer is a date of the form."""
        if (self.answer_by or self.replies) and (self.noun != "case" or not self.business_key):
            raise ValueError(_("only cases with a business key are answered to a sender"))
        if self.answer_by and not any(f.key == self.answer_by and f.type == "date" for f in self.fields):
            raise ValueError(_("answer_by names no date: “%(key)s”") % {"key": self.answer_by})

    def _may_be_public(self) -> None:
        """What anybody may report is verified first, and shows nobody the office's people and registers."""
        inside = [f.key for f in self.fields if f.type in {"unit", "post", "entry"}]
        if (self.public or self.complaints) and (self.noun != "case" or not self.verified or self.restricted or inside):
            raise ValueError(_("public: only verified cases, not restricted, without units, posts or entries"))
        if (self.public or self.complaints) and not any(f.column == "place" and f.required for f in self.fields):
            raise ValueError(_("public: it needs a required place"))
        if self.finds and (self.noun != "activity" or self.finds.field not in {f.key for f in self.fields}):
            raise ValueError(_("finds: only work records find something, by a field of theirs"))

    def _names_when_it_is_empty(self, field: FieldSpec) -> None:
        others = {f.key for f in self.fields} - {field.key}
        if field.empty_when and (field.required or field.empty_when.field not in others):
            text = _("“%(field)s”: empty_when names no other field, or the field is needed")
            raise ValueError(text % {"field": field.key})

    def _names_its_fields(self) -> None:
        described = {f.key: f for f in self.fields}
        for field in self.fields:
            other = described.get(field.required_when.field) if field.required_when else None
            if field.required_when and (other is None or other is field):
                raise ValueError(_("“%(field)s”: required_when names no other field") % {"field": field.key})
            self._names_when_it_is_empty(field)
            beside = described.get(field.needed_with) if field.needed_with else None
            if field.needed_with and (beside is None or beside is field):
                raise ValueError(_("“%(field)s”: needed_with names no other field") % {"field": field.key})
            start = described.get(field.not_before) if field.not_before else None
            if field.not_before and (start is None or start.type != "date" or start is field):
                raise ValueError(_("“%(field)s”: not_before names no other date") % {"field": field.key})
            spot = described.get(field.position) if field.position else None
            if field.position and (spot is None or spot.type != "point"):
                raise ValueError(_("“%(field)s”: position names no point") % {"field": field.key})
        choices = [c for f in self.fields for c in f.choices]
        if self.noun != "case" and any(c.rules_a_case for c in choices):
            raise ValueError(_("only cases have a limit or a receiver, or are verified"))
        if self.limit is None and any(c.limit for c in choices):
            raise ValueError(_("choices with a limit: say with “limit” of the kind what holds for the others"))
        if self.parts and self.noun != "commitment":
            raise ValueError(_("only commitments have parts"))
        self._stands_in_a_plan(described)
        owners = {f.key for f in self.fields if f.type in {"post", "unit"}}
        named = {key for keys in self.parts.model_dump().values() for key in keys} if self.parts else set()
        if unknown := sorted(named - owners):
            raise ValueError(_("parts: “%(field)s” is no field that names a post or a unit") % {"field": unknown[0]})

    def _stands_in_a_plan(self, described: dict[str, FieldSpec]) -> None:
        """Which sort of promise it is, and the field with the code of the one above it: only of commitments."""
        if (self.promise or self.above) and self.noun != "commitment":
            raise ValueError(_("only commitments have promise and above"))
        if self.above and (self.above not in described or described[self.above].type != "text"):
            raise ValueError(_("above names no text: “%(key)s”") % {"key": self.above})

    def _has_its_business_key(self) -> None:
        named = [f for f in self.fields if f.key == self.business_key]
        if self.business_key and not named:
            raise ValueError(_("business_key names no field: “%(key)s”") % {"key": self.business_key})
        if named and (named[0].column != "business_key" or not named[0].required):
            raise ValueError(
                _('the field “%(key)s” is the business key: it needs column = "business_key" and required = true')
                % {"key": self.business_key}
            )
