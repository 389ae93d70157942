"""What a reader may do with a case, as forms: one shape for every step, question and answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from zijing.cases.access import (
    MOVES,
    Move,
    askable,
    may_answer,
    may_decide,
    may_involve,
    next_steps,
)
from zijing.cases.actions import missing_photos
from zijing.cases.models import ENDED, Case, Plea, Share
from zijing.cases.reporters import RESIDENT
from zijing.cases.suggesting import unit_for
from zijing.core.errors import DomainError, Several
from zijing.people.access import Actor
from zijing.people.models import Unit
from zijing.records.models import Attachment
from zijing.web.records.forms import as_written
from zijing.web.records.picking import Chooser, Option, findable

SHOW_FILES = "cases.handle"
# What a step's photo is called in its form, before the part of it: what it shows.
PHOTO = "photo."
Text = str | Promise
Matter = Plea.Matter


@dataclass(frozen=True)
class Asked(Chooser):
    """One thing that a form asks for; ``options`` makes it a choice among these, ``note`` says why it holds a value."""

    name: str
    label: Text
    type: str = "text"
    most: int | None = None
    required: bool = True
    options: list[Option] = field(default_factory=list)
    value: str = ""
    note: Text = ""
    error: str = ""


@dataclass(frozen=True)
class Refusal:
    """A form that was refused: its step, what had been typed, and what is wrong with it; by default none was."""

    verb: str = ""
    said: Mapping[str, str] = field(default_factory=dict)
    error: DomainError | None = None

    @property
    def status(self) -> int:
        return self.error.status if self.error else 200

    @property
    def wrong(self) -> dict[str, str]:
        """What is wrong with each thing asked for."""
        errors = self.error.errors if isinstance(self.error, Several) else [self.error] if self.error else []
        return {e.field: str(e) for e in errors if e.field}


NOT_REFUSED = Refusal()


@dataclass(frozen=True)
class Doing:
    """Something that may be done with a case: a button with what it asks for, or folded behind a button of its own.

    ``sends`` are the buttons: the value of ``decision`` each stands for, and its text. ``action`` is where it is sent,
    if not to the steps of a case.
    """

    verb: str
    label: Text
    sends: tuple[tuple[str, Text], ...]
    asks: tuple[Asked, ...] = ()
    hidden: Mapping[str, str] = field(default_factory=dict)
    icon: str = ""
    note: Text = ""
    danger: bool = False
    quiet: bool = False
    folded: bool = True
    open: bool = False
    action: str = ""

    @property
    def sends_files(self) -> bool:
        return any(a.type == "file" for a in self.asks)

    def given_back(self, refused: Refusal) -> "Doing":
        """The form as it was if it was this one that was refused, with what had been typed and what is wrong."""
        said, wrong = refused.said, refused.wrong
        if refused.verb != self.verb or any(said.get(name) != value for name, value in self.hidden.items()):
            return self
        back = [replace(a, value=said.get(a.name, a.value), error=wrong.get(a.name, "")) for a in self.asks]
        return replace(self, open=True, asks=tuple(back))


WHY, DONE = Asked("reason", _("Why"), most=500), Asked("reason", _("What was done"), most=500)


def doings(case: Case, actor: Actor) -> list[Doing]:
    """Everything the reader may do with the case itself now, the most likely first."""
    steps, runs = next_steps(case, actor), case.stage not in ENDED
    wants_units = any(m.needs_unit for m in steps) or may_involve(case, actor)
    units = units_for(actor) if wants_units else []
    found = [step_of(m, units, case) for m in steps]
    found = [_suggested(d, case, actor) if d.verb == "dispatch" else d for d in found]
    if runs and actor.may(SHOW_FILES):
        found.append(_evidence())
    if may_involve(case, actor):
        found.append(_involve(units))
    found += [_plead(m, case) for m in askable(case, actor)]
    return found


def following(case: Case, actor: Actor) -> list[tuple[str, Doing]]:
    """By a step that the reader may take: what can be done right after it, also before the server has answered."""
    may = any(m.verb == "accept" for m in next_steps(case, actor))
    return [("accept", step_of(MOVES["submit"], [], case))] if may else []


def units_for(actor: Actor) -> list[Option]:
    """The units a case may be given to."""
    units = Unit.objects.visible_to(actor).order_by("kind", "name").values_list("pk", "name", "kind")
    return findable([Option(str(pk), name, str(Unit.Kind(kind).label)) for pk, name, kind in units])


def _suggested(dispatch: Doing, case: Case, actor: Actor) -> Doing:
    """The form with the unit chosen that speaks for itself, and why; a person sends it."""
    unit, why = unit_for(actor, case)
    if unit is None:
        return dispatch
    note = format_lazy(_("suggested: {unit}, {why}"), unit=str(unit), why=why)
    asks = (replace(a, value=str(unit.pk), note=note) if a.name == "unit" else a for a in dispatch.asks)
    return replace(dispatch, asks=tuple(asks))


ANSWER = Asked("reason", _("Answer; whoever reported it can read it"), most=500)


OUTCOME = "outcome."
INPUTS = {"date": "date", "integer": "number"}


def _outcome(case: Case) -> list[Asked]:
    """What the kind asks for when a case is reported as done."""
    return [
        Asked(
            OUTCOME + f.key, f"{f.label} · {f.why}" if f.why else f.label,
            "choice" if f.choices else INPUTS.get(f.type, "text"), most=f.max_length or None, required=f.required,
            options=[Option(key, text) for key, text in f.options], value=as_written(f, case.value(f)),
        )
        for f in case.kind.fields_of("submit")
    ]  # fmt: skip


def step_of(m: Move, units: list[Option], case: Case) -> Doing:
    """The form of a step of the loop."""
    asks: list[Asked] = [Asked("unit", _("To which unit"), "choice", options=units)] if m.needs_unit else []
    if m.verb in {"close", "refuse"} and (case.source == RESIDENT or case.kind.definition.get("replies")):
        asks.append(ANSWER)
    elif m.needs_reason:
        asks.append(DONE if m.verb == "submit" else WHY)
    if m.verb == "submit":
        asks += [*_outcome(case), *_photos(case)]
    # To say what was done is what the handler comes for; any other reason is the exception.
    folded = m.needs_reason and m.verb != "submit"
    return Doing(m.verb, m.label, (("", m.label),), tuple(asks), danger=m.verb == "void", folded=folded)


SHOWS = {
    "after": _("after"), "before": _("before"), "near": _("near view"), "far": _("far view"), "document": _("document"),
}  # fmt: skip


def _photos(case: Case) -> list[Asked]:
    """The photos that go with what was done: those the class wants and lacks, and one of the result if one likes."""
    wanted = missing_photos(case)
    shown = [*wanted, *({Attachment.Part.AFTER} - set(wanted))]
    return [
        Asked(f"{PHOTO}{part}", format_lazy(_("Photo: {shows}"), shows=SHOWS[part]), "file", required=part in wanted)
        for part in shown
    ]


def _evidence() -> Doing:
    shows = [Option(part, str(text)) for part, text in SHOWS.items()]
    asks = (Asked("file", _("File"), "file"), Asked("part", _("It shows"), "choice", options=shows, value="after"))
    return Doing("evidence", _("Add a photo or document"), (("", _("Add")),), asks, icon="camera")


def _involve(units: list[Option]) -> Doing:
    asks = (
        Asked("unit", _("Which unit"), "choice", options=units),
        Asked("reason", _("What it is asked for"), most=200),
    )
    return Doing("involve", _("Ask another unit for its part"), (("", _("Ask")),), asks, icon="users")


PLEADS: dict[Matter, Text] = {
    Matter.EXTENSION: _("Ask for more time"),
    Matter.PARKING: _("Ask to park it"),
    Matter.APPEAL: _("Appeal"),
    Matter.EXCLUSION: _("Say that the demand is unreasonable"),
}


def _plead(matter: Matter, case: Case) -> Doing:
    asks = [WHY]
    if matter == Matter.EXTENSION:
        much = format_lazy(_("How much more; the limit is {limit}"), limit=str(case.timer.limit))
        asks.insert(0, Asked("amount", much, "number", most=case.timer.amount, value="1"))
    elif matter == Matter.PARKING:
        asks.insert(0, Asked("until", _("Parked until"), "date"))
    elif matter == Matter.EXCLUSION:
        asks.append(
            Asked(
                "reference",
                _("Number of the document that shows it, if it is not added here"),
                most=120,
                required=False,
            )
        )
    return Doing("ask", PLEADS[matter], (("", _("Ask")),), tuple(asks), {"matter": matter.value})


SAID: dict[str, Text] = {
    Matter.EXTENSION: _("More time is asked for"),
    Matter.PARKING: _("Parking is asked for"),
    Matter.APPEAL: _("Appealed: not to count as overdue"),
    Matter.EXCLUSION: _("Said to be an unreasonable demand"),
}


def decision(plea: Plea, actor: Actor) -> Doing | None:
    """How what was asked for is decided, if the reader may."""
    if not may_decide(plea, actor):
        return None
    sends = (("grant", _("Grant")), ("deny", _("Do not grant")))
    asks = (Asked("reason", _("Answer; a refusal says why"), most=500, required=False),)
    return Doing("decide", SAID[plea.matter], sends, asks, {"plea": str(plea.pk)}, folded=False)


def answering(share: Share, actor: Actor) -> Doing | None:
    """How the reader's unit answers for its part, if it still has to."""
    if not may_answer(share, actor):
        return None
    return Doing("answer", share.task, (("", _("Answer")),), (DONE,), {"share": str(share.pk)}, folded=False)
