"""The sheet of a case on paper (案件处理单): what it is, what was done, its photos, and lines to sign on."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zijing.cases.models import ENDED, Case
from zijing.cases.queries import explain, turn_of
from zijing.records.files import attachments_of
from zijing.records.models import Attachment
from zijing.records.tables import show_moment, stage_label
from zijing.web.access import ActingRequest, acting
from zijing.web.cases.views import TOLD, case_of, happened
from zijing.web.records.pages import facts

# Who signs, in the order of the loop.
SIGNS: tuple[Promise, ...] = (_("Dispatched by"), _("Handled by"), _("Head of the unit"), _("Checked by"))
# What the head of the sheet says already.
HEADED = {"title", "place_id", "recorded_at", "business_key"}
PICTURED = (Attachment.Part.FAR, Attachment.Part.NEAR, Attachment.Part.BEFORE, Attachment.Part.AFTER)


@dataclass(frozen=True)
class Rule:
    """What the class of a case says, with its name in words."""

    label: Promise
    text: str


@acting
def sheet(request: ActingRequest, pk: int) -> HttpResponse:
    """A case on one sheet of A4: personal values masked as everywhere."""
    case = case_of(request.actor, pk)
    files = attachments_of(case)
    context = {
        "case": case,
        "kind": case.kind,
        "number": case.business_key or f"{case.pk}",
        "stage": stage_label(case.stage),
        "turn": turn_of(case),
        "due": show_moment(case.due_at) if case.due_at else "",
        "explanation": "" if case.stage in ENDED else explain(case),
        "facts": facts(case, request.actor, without=TOLD | HEADED),
        "rules": rules(case),
        "steps": list(reversed(happened(case))),
        "photos": _in_order(f for f in files if f.file.media_type.startswith("image/")),
        "papers": [f for f in files if not f.file.media_type.startswith("image/")],
        "signs": SIGNS,
    }
    return render(request, "cases/sheet.html", context)


RULES: tuple[tuple[str, Promise], ...] = (("condition", _("Condition for filing")), ("remedy", _("What is to be done")))


def rules(case: Case) -> list[Rule]:
    """The condition for filing and the remedy of the case's class, where the catalogue says them."""
    told = ((label, case.kind.told(case.fields, what)) for what, label in RULES)
    return [Rule(label, str(found.said)) for label, found in told if found]


def _in_order(photos: Iterable[Attachment]) -> list[Attachment]:
    """Far and near, before and after, then any other."""
    places = {part: n for n, part in enumerate(PICTURED)}
    return sorted(photos, key=lambda one: places.get(Attachment.Part(one.part), len(places)))
