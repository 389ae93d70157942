"""The ways to look at the cases of a list: as a table, by stage, on a map. All read the same address."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zijing.cases.models import Case, CaseQuerySet
from zijing.core.errors import Missing
from zijing.people.access import Actor
from zijing.records.filters import Filtering, parse
from zijing.records.kinds import kind_of
from zijing.records.models import Kind, Noun
from zijing.web.access import ActingRequest
from zijing.web.addresses import list_of, page_of
from zijing.web.records.asking import chip, plain
from zijing.web.records.controls import controls

# Conditions that say themselves which cases are meant, open or closed.
TELLING = {"open", "near", "overdue", "on_time", "stage", "closed", "all"}


@dataclass(frozen=True)
class Way:
    """A way to look at a list, under the filter it has now."""

    name: str
    title: Promise
    icon: str
    href: str


def ways(kind: Kind, query: str) -> list[Way]:
    """How the records of a kind can be looked at; none where the table is the only way."""
    if kind.noun != Noun.CASE:
        return []
    after = f"?{query}" if query else ""
    found = [
        Way("list", _("Table"), "list-check", list_of(kind.key) + after),
        Way("list-stages", _("By stage"), "columns", page_of("list-stages", kind.key) + after),
    ]
    if kind.spot:
        found.append(Way("list-map", _("On the map"), "map", page_of("list-map", kind.key) + after))
    return found


def asked(
    request: ActingRequest, key: str, besides: Iterable[str] = ()
) -> tuple[Filtering, dict[str, str]]:  # fmt: skip
    """The filter of an address about cases, ``besides`` what else it says; ``Missing`` for a kind of anything else."""
    kind = kind_of(key)
    if kind.noun != Noun.CASE:
        raise Missing(_("There is no kind of case called “%(key)s”."), key=key[:40])
    params = plain(request.GET)
    for name in ("after", "view", "exact", *besides):
        params.pop(name, None)
    return parse(params, kind, at=request.now, actor=request.actor), params


def cases_of(filtering: Filtering, actor: Actor) -> CaseQuerySet:
    """The cases within sight that meet the filter."""
    found: Any = filtering.apply(Case.objects.visible_to(actor))
    return cast(CaseQuerySet, found)


def bar(request: ActingRequest, filtering: Filtering, params: dict[str, str], here: str) -> dict[str, Any]:
    """What every way shows above its own: the filter, its conditions as chips, the other ways."""
    kind = filtering.kind
    return {
        "kind": kind,
        "errors": filtering.errors,
        "chips": [chip(filtering, c) for c in filtering.conditions],
        "controls": controls(kind, request.actor, params),
        "ways": ways(kind, filtering.query()),
        "way": here,
    }


def tells_which(filtering: Filtering) -> bool:
    """Whether the filter itself says if open or closed cases are meant."""
    return any(c.name in TELLING for c in filtering.conditions)
