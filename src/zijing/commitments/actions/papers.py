"""Have a plan read, and decide what of it becomes a commitment."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from zijing.commitments.actions.judging import kind_of_plan
from zijing.commitments.actions.promising import Source, promise
from zijing.commitments.models import Commitment, Draft, Paper, Sort
from zijing.commitments.models.papers import MAY_READ
from zijing.commitments.papers import Answerers
from zijing.commitments.reading import Candidate, read
from zijing.commitments.reading.families import FAMILIES
from zijing.commitments.reading.files import admit
from zijing.commitments.reading.second import configured, second_reading
from zijing.core.errors import Conflict, DomainError, Invalid, Missing
from zijing.core.worktime import day_of
from zijing.journal.acting import act
from zijing.outbox.jobs import Made, Progress, enqueue, register_job
from zijing.people.access import Actor, require
from zijing.people.models import Unit
from zijing.records.kinds import find_kind

READ_JOB = "commitments.read_paper"
AT_ONCE = 40_000
"""Characters read while the person waits; a longer paper, or one a second reader sees, is read by the work process."""
PLAN = "goal"
NO_PLANS = _("No pack that is applied knows plans and goals. Have one applied first, such as “targets”.")
KIND_OF = {Sort.GOAL: PLAN, Sort.INDICATOR: "indicator", Sort.DUTY: "duty"}
BOUNDS = {"ge": "ge", "gt": "gt", "le": "le", "lt": "le", "range": "ge"}
"""What a target's bound becomes: a range is promised from its lower end on. 3个 and 约3个 say none: the number counts
as reached when it is reached, and the sentence stays beside it. A kind that asks for a bound is given "at least"."""
RHYTHMS = {"daily": "day", "weekly": "week", "monthly": "month", "quarterly": "quarter", "yearly": "year"}
EDITABLE = ("title", "object", "quantity", "unit", "bound", "deadline", "recurrence", "owner", "sort", "family")
Chosen = Sequence[tuple[int, int]]
"""Drafts by id with the revision they were seen in."""


def keep_paper(*, actor: Actor, at: datetime, title: str, text: str, client_id: UUID) -> Paper:
    """Keep a paper and read it, a long one behind the page. The same ``client_id`` keeps it once.

    ``Conflict`` where no pack has a kind for plans: nothing could be accepted.
    """
    require(actor, MAY_READ)
    if find_kind(PLAN) is None:
        raise Conflict(NO_PLANS)
    text = admit(text.replace("\r\n", "\n"))
    if not title.strip():
        title = next(line.strip() for line in text.splitlines() if line.strip())
    later = len(text) > AT_ONCE or configured() is not None
    candidates = [] if later else read(text, year=day_of(at).year)
    with act(actor, at) as a:
        paper, made = Paper.objects.get_or_create(
            client_id=client_id,
            defaults={
                "office_id": actor.office_id, "title": title.strip()[:120], "text": text, "year": day_of(at).year,
                "digest": hashlib.sha256(text.encode()).hexdigest(), "kept_at": at, "post_id": actor.post_id,
            },
        )  # fmt: skip
        if not made:
            if paper.office_id != actor.office_id:
                raise Conflict(_("This was sent before, for something else."))
            return paper
        a.record("commitments.paper.keep", paper, {"digest": [None, paper.digest]})
        if later:
            about = {"actor": actor, "at": at, "task": READ_JOB, "client_id": client_id, "about": paper.title}
            enqueue(params={"paper": paper.pk}, **about)  # type: ignore[arg-type]
        else:
            _draft(paper, candidates, at)
    return paper


def read_later(progress: Progress) -> Made:
    """The job: read a kept paper. Begun anew after a crash, it writes once."""
    paper = Paper.objects.visible_to(progress.actor).filter(pk=progress.params["paper"]).first()
    if paper is None:
        raise Missing(_("There is no such paper."))
    found = read(paper.text, year=paper.year)
    if model := configured():
        found = second_reading(paper.text, model, found)
    progress.say(1, 2)
    with act(progress.actor, progress.at):
        if Paper.objects.filter(pk=paper.pk, read_at=None).update(read_at=progress.at):
            _draft(paper, found, progress.at)
    return Made(str(_("%(n)s drafts to decide on.") % {"n": len(found)}))


register_job(READ_JOB, read_later, title=_("read a plan"))


def _draft(paper: Paper, candidates: Sequence[Candidate], at: datetime) -> None:
    Draft.objects.bulk_create(
        [
            Draft(
                paper=paper, start=c.start, end=c.end, title=c.title, object=c.object, quantity=_fitting(c.quantity),
                unit=c.unit[:12], bound=c.bound, deadline=c.deadline, recurrence=c.recurrence, owner=c.owner[:60],
                sort=c.kind, family=c.family, strength=c.strength, reasons=" ".join(c.reasons)[:120], found=c.as_json(),
            )
            for c in candidates
        ],
        batch_size=500,
    )  # fmt: skip
    Paper.objects.filter(pk=paper.pk).update(read_at=at)


def _fitting(value: Decimal | None) -> Decimal | None:
    return value if value is not None and abs(value) < Decimal(10) ** 14 else None


def edit_draft(*, actor: Actor, at: datetime, draft: Draft, revision: int, values: Mapping[str, Any]) -> Draft:
    """Change what a draft says. ``Conflict`` when somebody changed or decided it meanwhile."""
    require(actor, MAY_READ)
    given = {key: values[key] for key in EDITABLE if key in values}
    if not str(given.get("title", draft.title)).strip():
        raise Invalid(_("A commitment needs a title."), field="title")
    if given.get("sort", draft.sort) not in Sort.values:
        raise Invalid(_("There is no such sort of promise."), field="sort")
    if given.get("family", draft.family) not in FAMILIES:
        raise Invalid(_("There is no such family of work."), field="family")
    if given.get("quantity", draft.quantity) is not None and not given.get("unit", draft.unit):
        raise Invalid(_("Say what is counted: a target needs a unit."), field="unit")
    with act(actor, at) as a:
        _change([(draft.pk, revision)], draft.paper_id, given)
        a.record("commitments.draft.edit", draft, {"fields": [None, sorted(given)]})
    draft.refresh_from_db()
    return draft


def drop_drafts(*, actor: Actor, at: datetime, paper: Paper, chosen: Chosen) -> int:
    """These are no commitments; how many were dropped."""
    require(actor, MAY_READ)
    with act(actor, at) as a:
        _change(chosen, paper.pk, {"state": Draft.State.DROPPED, "decided_at": at, "decided_by_id": actor.post_id})
        a.record("commitments.paper.drop", paper, {"drafts": [None, len(chosen)]})
    return len(chosen)


def merge_drafts(*, actor: Actor, at: datetime, paper: Paper, chosen: Chosen) -> Draft:
    """Two or more drafts say the same: the first in the text stays, and takes what it lacks from the others."""
    require(actor, MAY_READ)
    if len(chosen) < 2:
        raise Invalid(_("Choose the drafts that say the same: at least two."), field="chosen")
    with act(actor, at) as a:
        first, *others = _open(paper, chosen)
        given: dict[str, Any] = {"start": min(d.start for d in (first, *others)), "end": first.end}
        given["end"] = max(d.end for d in (first, *others))
        for name in ("quantity", "unit", "bound", "deadline", "recurrence", "owner", "object"):
            had = [getattr(d, name) for d in (first, *others) if getattr(d, name) not in (None, "")]
            given[name] = had[0] if had else getattr(first, name)
        seen = dict(chosen)
        _change([(first.pk, seen[first.pk])], paper.pk, given)
        away = {"state": Draft.State.MERGED, "into_id": first.pk, "decided_at": at, "decided_by_id": actor.post_id}
        _change([(d.pk, seen[d.pk]) for d in others], paper.pk, away)
        a.record("commitments.paper.merge", paper, {"drafts": [None, len(chosen)]})
    first.refresh_from_db()
    return first


def accept_drafts(
    *, actor: Actor, at: datetime, paper: Paper, chosen: Chosen, lead: Unit, deadline: date,
    parent: Commitment | None = None, named: bool = False,
) -> list[Commitment]:  # fmt: skip
    """Make commitments of these drafts, all or none, under ``parent`` or the paper's own plan.

    ``lead`` answers for them, but where the text names a unit or post of the office and ``named`` is asked for, that
    one does. ``deadline`` is the last day of those that state none.
    """
    require(actor, MAY_READ)
    if not chosen:
        raise Invalid(_("Choose at least one draft."), field="chosen")
    with act(actor, at) as a:
        under = parent or _plan_of(actor, at, paper, lead, deadline)
        made = []
        own = Answerers.of(actor) if named else None
        for draft in _open(paper, chosen):
            answers = (own.named(draft.owner) if own else None) or lead
            made.append(_promised(actor, at, paper, draft, under, answers, deadline))
            decided = {"state": Draft.State.ACCEPTED, "commitment": made[-1], "decided_at": at,
                       "decided_by_id": actor.post_id}  # fmt: skip
            _change([(draft.pk, dict(chosen)[draft.pk])], paper.pk, decided)
        a.record("commitments.paper.accept", paper, {"drafts": [None, len(made)]})
    return made


def _open(paper: Paper, chosen: Chosen) -> list[Draft]:
    found = list(Draft.objects.filter(paper=paper, pk__in=[pk for pk, _r in chosen]).order_by("start", "pk"))
    if len(found) != len({pk for pk, _r in chosen}):
        raise Missing(_("There is no such draft."))
    return found


def _change(chosen: Chosen, paper: int, values: Mapping[str, Any]) -> None:
    for pk, revision in chosen:
        same = Draft.objects.filter(pk=pk, paper=paper, revision=revision, state=Draft.State.OPEN)
        if not same.update(revision=F("revision") + 1, **values):
            raise Conflict(_("Somebody changed or decided this draft meanwhile. Look at it again."))


def _plan_of(actor: Actor, at: datetime, paper: Paper, lead: Unit, deadline: date) -> Commitment:
    """The plan a paper stands for, made when the first of its drafts is accepted."""
    if paper.root is None:
        values = {"name": paper.title, "level": "plan", "deadline": deadline, "lead": lead.pk}
        paper.root = promise(
            actor=actor, at=at, kind=kind_of_plan(PLAN), values=values,
            source=Source(document=paper.title, digest=paper.digest),
        )  # fmt: skip
        Paper.objects.filter(pk=paper.pk).update(root=paper.root)
    return paper.root


def _promised(
    actor: Actor, at: datetime, paper: Paper, draft: Draft, parent: Commitment, lead: Unit, deadline: date
) -> Commitment:
    sort = Sort(draft.sort)
    kind = kind_of_plan("task" if sort == Sort.INDICATOR and draft.quantity is None else KIND_OF.get(sort, "task"))
    values: dict[str, Any] = {"name": draft.title, "lead": lead.pk, "deadline": draft.deadline or deadline}
    if "level" in kind.by_key:
        values["level"] = "goal"
    if kind.key == "duty":
        values["recurrence"] = RHYTHMS.get(draft.recurrence, "continuous")
        values["deadline"] = draft.deadline
    if draft.quantity is not None:
        amount = "target" if kind.key == "indicator" else "amount"
        asked = "bound" in kind.by_key and kind.by_key["bound"].required
        bound = BOUNDS.get(draft.bound, "ge" if asked else None)
        values |= {amount: draft.quantity, "unit": draft.unit or None, "bound": bound}
    quote = paper.text[draft.start : draft.end]
    source = Source(document=paper.title, digest=paper.digest, start=draft.start, end=draft.end, quote=quote)
    values = {key: value for key, value in values.items() if key in kind.by_key}
    try:
        return promise(actor=actor, at=at, kind=kind, values=values, parent=parent, source=source)
    except DomainError as error:
        raise Invalid(_("“%(title)s”: %(why)s"), field=error.field, title=draft.title, why=str(error)) from error
