"""The steps of a case as forms send them: each verb reads what its form asked for and makes one call."""

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from zijing.cases import actions, pleas, shares
from zijing.cases.models import Case
from zijing.core.errors import Invalid, Missing
from zijing.people.models import Unit
from zijing.web.access import ActingRequest
from zijing.web.cases.doing import OUTCOME, PHOTO
from zijing.web.cases.merging import do_merge, do_unmerge
from zijing.web.records.sending import uploads_of
from zijing.web.supervision import verbs as supervision

Verb = Callable[[ActingRequest, Case], None]
One = TypeVar("One", bound=Model)


def _plain(verb: Callable[..., object], *, reason: bool = True) -> Verb:
    def do(request: ActingRequest, case: Case) -> None:
        given = {"reason": request.POST.get("reason", "")} if reason else {}
        verb(actor=request.actor, at=request.now, case=case, **given)

    return do


def _chosen(request: ActingRequest, name: str, rows: QuerySet[One]) -> One | None:
    """The row whose id a field holds, if it is among these."""
    pk = number_in(request, name)
    return rows.filter(pk=pk).first() if pk is not None else None


def _unit(request: ActingRequest) -> Unit:
    chosen = _chosen(request, "unit", Unit.objects.visible_to(request.actor))
    if chosen is None:
        raise Invalid(_("Choose the unit that is to handle it."), field="unit")
    return chosen


def _dispatch(request: ActingRequest, case: Case) -> None:
    reason = request.POST.get("reason", "")
    actions.dispatch(actor=request.actor, at=request.now, case=case, unit=_unit(request), reason=reason)


def _submit(request: ActingRequest, case: Case) -> None:
    sent = uploads_of(request).items()
    photos = {key.removeprefix(PHOTO): upload for key, upload in sent if key.startswith(PHOTO)}
    values = {key.removeprefix(OUTCOME): said for key, said in request.POST.items() if key.startswith(OUTCOME)}
    actions.submit(
        actor=request.actor, at=request.now, case=case, reason=request.POST.get("reason", ""), photos=photos,
        values=values,
    )  # fmt: skip


def _day(request: ActingRequest, name: str) -> date | None:
    """The day a field holds, if it holds one."""
    try:
        return date.fromisoformat(request.POST.get(name, ""))
    except ValueError:
        return None


def number_in(request: ActingRequest, name: str) -> int | None:
    said = request.POST.get(name, "")
    return int(said) if said.isdecimal() and len(said) < 10 else None


def _ask(request: ActingRequest, case: Case) -> None:
    pleas.ask(
        actor=request.actor, at=request.now, case=case, matter=request.POST.get("matter", ""),
        reason=request.POST.get("reason", ""), amount=number_in(request, "amount"), until=_day(request, "until"),
        reference=request.POST.get("reference", ""),
    )  # fmt: skip


def _decide(request: ActingRequest, case: Case) -> None:
    plea = _chosen(request, "plea", case.pleas.all())
    if plea is None:
        raise Missing(_("Nothing of the kind is asked for."))
    granted = request.POST.get("decision") == "grant"
    plea.case = case
    pleas.decide(actor=request.actor, at=request.now, plea=plea, granted=granted, answer=request.POST.get("reason", ""))


def _involve(request: ActingRequest, case: Case) -> None:
    task = request.POST.get("reason", "")
    shares.involve(actor=request.actor, at=request.now, case=case, unit=_unit(request), task=task)


def _answer(request: ActingRequest, case: Case) -> None:
    share = _chosen(request, "share", case.shares.select_related("unit"))
    if share is None:
        raise Missing(_("No other unit was asked for this."))
    share.case = case
    shares.answer(actor=request.actor, at=request.now, share=share, answer=request.POST.get("reason", ""))


VERBS: dict[str, Verb] = {
    "verify": _plain(actions.verify, reason=False),
    "refuse": _plain(actions.refuse),
    "dispatch": _dispatch,
    "accept": _plain(actions.accept, reason=False),
    "object": _plain(actions.object_),
    "submit": _submit,
    "close": _plain(actions.close),
    "rework": _plain(actions.rework),
    "reopen": _plain(actions.reopen),
    "void": _plain(actions.void),
    "resume": _plain(pleas.resume, reason=False),
    "ask": _ask,
    "decide": _decide,
    "involve": _involve,
    "answer": _answer,
    **supervision.VERBS,
    "merge": do_merge,
    "unmerge": do_unmerge,
}
