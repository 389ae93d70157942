"""What a pack may say of a choice: its names, and what holds for the cases of its class."""

import re
from typing import Annotated, Literal

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
Empty = BeforeValidator(lambda v: None if v == "" else v)
Amount = Annotated[int, Field(ge=1, le=3650)]
Clock = Literal["continuous_hours", "office_hours", "working_days", "calendar_days"]
Photo = Literal["near", "far", "before", "after"]
Code = Annotated[str, Field(pattern=r"^([0-9]{2}){1,6}$")]


class Strict(BaseModel):
    """No key beyond those named, nothing guessed."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class LimitSpec(Strict):
    """A case's time limit."""

    amount: Amount
    clock: Clock


class RungSpec(LimitSpec):
    """A step up the ladder: so long after the deadline the posts of these roles are told."""

    to: list[Key] = Field(min_length=1)


class StageLimit(LimitSpec):
    """How long a case may stand at a stage, where that is written, and whom it is told to when it stays longer."""

    source: str = ""
    escalation: list[RungSpec] = []


class Within(Strict):
    """Within what time each stage is to be done; a stage without one has only the limit of the whole."""

    verify: StageLimit | None = None
    dispatch: StageLimit | None = None
    accept: StageLimit | None = None
    handle: StageLimit | None = None
    check: StageLimit | None = None

    def roles(self) -> set[str]:
        """The roles that its ladders name."""
        limits: list[StageLimit | None] = [self.verify, self.dispatch, self.accept, self.handle, self.check]
        return {role for limit in limits if limit for rung in limit.escalation for role in rung.to}


class Choice(Strict):
    """One value of a choice field; of a choice tree, ``parent`` is the value it belongs to.

    A choice may carry what holds for the cases of its class; what it does not say itself, its parent says for it.
    """

    key: Key
    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)
    parent: Key | None = None
    code: Code | None = None
    aliases: list[str] | None = None
    condition: str | None = None
    remedy: str | None = None
    limit: LimitSpec | None = None
    within: Within | None = None
    receiver: str | None = None
    photos: list[Photo] | None = None
    source: str | None = None

    @property
    def rules_a_case(self) -> bool:
        """Whether it says how long a case takes, who receives it, or which photos it needs."""
        return bool(self.limit or self.within or self.receiver or self.photos)


def _apart(value: object) -> object:
    """The parts of a cell: apart by blanks, commas or 、; none of an empty one."""
    return (re.split(r"[\s、，,]+", value.strip()) if value.strip() else None) if isinstance(value, str) else value


STAGE_LIMIT = re.compile(r"([a-z]+)[ ]+([0-9]+)[ ]+([a-z_]+)")


def _limits(value: object) -> object:
    """Limits of stages in a cell: "accept 4 office_hours, handle 2 working_days"."""
    if not isinstance(value, str):
        return value
    said = [part for part in re.split(r"\s*[、，,；;]\s*", value.strip()) if part]
    found = [STAGE_LIMIT.fullmatch(part) for part in said]
    if not all(found):
        raise ValueError(_("limits of stages are written so: accept 4 office_hours, handle 2 working_days"))
    return {m[1]: {"amount": m[2], "clock": m[3]} for m in found if m} or None


class CatalogueRow(Strict):
    """A row of catalogues/NAME.csv: a choice, its limit in two columns."""

    key: Key
    parent: Annotated[Key | None, Empty]
    code: Annotated[Code | None, Empty]
    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)
    aliases: Annotated[list[str] | None, BeforeValidator(_apart)]
    condition: Annotated[str | None, Empty]
    remedy: Annotated[str | None, Empty]
    amount: Annotated[Amount | None, Empty]
    clock: Annotated[Clock | None, Empty]
    within: Annotated[Within | None, BeforeValidator(_limits)] = None
    receiver: Annotated[str | None, Empty]
    photos: Annotated[list[Photo] | None, BeforeValidator(_apart)]
    source: Annotated[str | None, Empty]

    @model_validator(mode="after")
    def has_a_whole_limit(self) -> "CatalogueRow":
        if (self.amount is None) != (self.clock is None):
            raise ValueError(_("a limit has an amount and a clock"))
        return self

    def choice(self) -> Choice:
        """The row as a choice of a field."""
        limit = {"amount": self.amount, "clock": self.clock} if self.amount else None
        return Choice.model_validate(self.model_dump(exclude={"amount", "clock"}) | {"limit": limit})


class ReplySpec(Strict):
    """What a column of the sender's sheet is filled with when its orders are answered, and how results are called."""

    fill: Literal["answer", "result", "closed_on", "unit"]
    labels: list[str] = Field(min_length=1)
    words: dict[Literal["closed", "open", "refused"], str] = {}
