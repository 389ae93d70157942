"""The page of a case, and the steps that move it on."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zijing.cases.access import STRIP
from zijing.cases.models import ENDED, Case, Stage
from zijing.cases.queries import explain, explain_turn, timeline, turn_of
from zijing.cases.reporters import RESIDENT
from zijing.cases.suggesting import similar
from zijing.core.errors import DomainError, Invalid, Missing
from zijing.people.access import Actor
from zijing.records.files import Upload, add, attachments_of
from zijing.records.history import history, verb_in_words
from zijing.records.models import Noun
from zijing.records.tables import show_moment, stage_label
from zijing.web.access import ActingRequest, acting
from zijing.web.cases.doing import NOT_REFUSED, SAID, SHOW_FILES, Doing, Refusal, answering, decision, doings, following
from zijing.web.cases.merging import merging, sameness
from zijing.web.cases.verbs import VERBS, number_in
from zijing.web.documents.about import papers_about
from zijing.web.home.signing import safe_next
from zijing.web.records.nouns import record_of
from zijing.web.records.pages import facts, project_address
from zijing.web.records.sending import done_once, is_for_the_page, taken, uploads_of
from zijing.web.supervision.forms import on_lists

# What the columns of the page's head already say.
TOLD = {"stage", "unit_id", "due_at"}


@acting
def page(request: ActingRequest, pk: int) -> HttpResponseBase:
    """One case: where it stands, whose turn it is, until when, and what the reader may do now."""
    return _show(request, case_of(request.actor, pk))


def case_of(actor: Actor, pk: int) -> Case:
    """A case within the actor's sight; ``Missing`` otherwise."""
    found = record_of(actor, Noun.CASE, pk)
    if not isinstance(found, Case):
        raise TypeError(type(found))
    return found


def _show(request: ActingRequest, case: Case, refused: Refusal = NOT_REFUSED) -> HttpResponse:
    context = {
        "case": case,
        "record": case,
        "kind": case.kind,
        **_standing(case, request.now),
        **_doable(case, request, refused),
        **papers_about(case, request.actor),
        "facts": facts(case, request.actor, without=TOLD),
        "attachments": attachments_of(case),
        "similar": similar(request.actor, case),
        "happenings": history(case),
        "project_href": project_address(case),
        "error": refused.error,
        "next": safe_next(request, ""),
    }
    return render(request, "cases/case.html", context, status=refused.status)


def _standing(case: Case, at: datetime) -> dict[str, Any]:
    """Where the case stands, and until when."""
    runs = case.stage not in ENDED
    return {
        "strip": strip(case),
        "stage": stage_label(case.stage),
        "turn": turn_of(case),
        "due": show_moment(case.due_at) if case.due_at and runs else "",
        "late": bool(runs and case.due_at and case.due_at < at),
        "near": case.is_near(at),
        "explanation": explain(case) if runs else "",
        "turn_explanation": explain_turn(case) if runs else "",
        "turn_late": bool(case.timer.turn_due_at and case.timer.turn_due_at < at),
        "timeline": happened(case),
        "exempt": case.get_exempt_display() if case.exempt else "",
    }


def _doable(case: Case, request: ActingRequest, refused: Refusal) -> dict[str, Any]:
    """What the reader may do now: with the case, with what is asked of others, on whose list it stands."""
    actor = request.actor

    def form(one: Doing | None) -> Doing | None:
        return one and one.given_back(refused)

    pleas_ = case.pleas.filter(granted=None).select_related("asked_by")
    same = sameness(case, actor)
    lists = on_lists(case, actor, request.today, refused)
    put = lists.pop("put_on_list")
    offered = [form(one) for one in [*doings(case, actor), *merging(case, actor, same["doubles"])]]
    return {
        **same,
        **lists,
        "doings": [*offered, *([put] if put else [])],
        "following": following(case, actor),
        "pleas": [(p, SAID[p.matter], form(decision(p, actor))) for p in pleas_],
        "shares": [(s, form(answering(s, actor))) for s in case.shares.select_related("unit").order_by("pk")],
        "may_assign": actor.may("records.assign"),
    }


def strip(case: Case) -> list[tuple[str, str]]:
    """The stages of the loop with what is done, now and next. A reopened case waits to be dispatched again, a parked
    one is being handled still.
    """
    if case.stage == Stage.VOIDED:
        return []
    stages = (Stage.REPORTED, *STRIP) if case.kind.verified else STRIP
    stage = {Stage.REOPENED: Stage.FILED, Stage.PARKED: Stage.HANDLING}.get(Stage(case.stage), Stage(case.stage))
    now = stages.index(stage)
    states = ["done" if n < now or stage == Stage.CLOSED else "now" if n == now else "next" for n in range(len(stages))]
    return [(str(s.label), state) for s, state in zip(stages, states, strict=True)]


def happened(case: Case) -> list[dict[str, Any]]:
    """The steps of a case as the timeline shows them, the newest first."""
    outside = {"receive", "rated"} if case.source == RESIDENT else set()
    return [
        {
            "at": step.at,
            "title": capfirst(verb_in_words(step.verb)) + (f" → {step.unit}" if step.unit else ""),
            "text": step.reason,
            "who": step.post.title if step.post else _("a resident") if step.verb in outside else _("the system"),
        }
        for step in reversed(timeline(case))
    ]


@require_POST
@acting
def step(request: ActingRequest, pk: int, verb: str) -> HttpResponseBase:
    """Move a case on. Who was slower is told so and sees how the case stands now."""
    if verb not in VERBS:
        raise Missing(_("There is no such step."))
    case = case_of(request.actor, pk)
    case.revision = _seen(request, case)
    uploads = uploads_of(request)

    def do() -> dict[str, Any]:
        VERBS[verb](request, case)
        return {"case": case.pk, "seen": case.revision}

    return _sent(request, pk, verb, do, uploads)


@require_POST
@acting
def evidence(request: ActingRequest, pk: int) -> HttpResponseBase:
    """Add a photo or a document to a case."""
    case, uploads = case_of(request.actor, pk), uploads_of(request)

    def do() -> dict[str, Any]:
        if "file" not in uploads:
            raise Invalid(_("Choose a photo or a document."), field="file")
        add(
            actor=request.actor, at=request.now, subject=case, sent=uploads["file"],
            part=request.POST.get("part", ""), right=SHOW_FILES,
        )  # fmt: skip
        return {"case": case.pk}

    return _sent(request, pk, "evidence", do, uploads)


def _seen(request: ActingRequest, case: Case) -> int:
    """The revision the person saw when pressing the button: the verb refuses when the case has moved on since."""
    seen = number_in(request, "seen")
    return case.revision if seen is None else seen


def _sent(
    request: ActingRequest, pk: int, verb: str, do: Callable[[], dict[str, Any]], uploads: dict[str, Upload]
) -> HttpResponseBase:
    try:
        answer = done_once(request, uploads, do)
    except DomainError as error:
        if not is_for_the_page(request, error):
            raise
        return _show(request, case_of(request.actor, pk), Refusal(verb, request.POST.dict(), error))
    still_seen = Case.objects.visible_to(request.actor).filter(pk=pk).exists()
    to = safe_next(request, reverse("case", args=[pk])) if still_seen else "today"
    return taken(request, _("Done."), to, seen=answer.get("seen"))
