"""All kinds of record there are, by noun: the way to any list, also to those a role's navigation does not name."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from zijing.packs import intake
from zijing.packs.entering import may_enter
from zijing.records.kinds import every_kind
from zijing.records.models import Kind, Noun
from zijing.web.access import ActingRequest, acting

TITLES = {
    Noun.REGISTER: (_("Ledgers"), _("what exists")),
    Noun.COMMITMENT: (_("Commitments"), _("what was promised")),
    Noun.ACTIVITY: (_("Work records"), _("what was done")),
    Noun.CASE: (_("Cases"), _("what is wrong")),
}


@dataclass(frozen=True)
class Ledger:
    """A kind, and what the reader may do with its records."""

    kind: Kind
    may_enter: bool
    may_import: bool


@acting
def index(request: ActingRequest) -> HttpResponse:
    """Every kind of record, by noun."""
    kinds = sorted(every_kind().values(), key=lambda k: (k.pack, k.pk))
    into = {t.key for t in intake.targets(request.actor)}
    ledgers = [Ledger(k, may_enter(request.actor, k), k.key in into) for k in kinds]
    groups = [(title, text, [x for x in ledgers if x.kind.noun == noun]) for noun, (title, text) in TITLES.items()]
    return render(request, "records/ledgers.html", {"groups": [g for g in groups if g[2]]})
