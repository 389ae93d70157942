"""Which pages a phone keeps for whoever works outside: Today, what waits, the forms, the cases given to them."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import F
from django.utils.translation import get_language

from zijing.cases.models import Case, Stage
from zijing.cases.queries import open_work
from zijing.core.plans import passing
from zijing.packs.entering import may_enter
from zijing.people.access import Actor
from zijing.people.models import Role
from zijing.projects.queries.reporting import to_report
from zijing.records.files import pictures_of
from zijing.records.kinds import every_kind
from zijing.records.models import Kind, Noun
from zijing.web.access import ActingRequest
from zijing.web.addresses import case_at, page_of

OUTSIDE = frozenset({"on_the_ground", "reporting"})
DAILY = "daily-report"
MOST_CASES = 40
TURNS = (Stage.DISPATCHED, Stage.HANDLING, Stage.PARKED)


@dataclass(frozen=True)
class Kept:
    """A page to keep; it is fetched anew when its stamp is another."""

    address: str
    stamp: str


def works_outside(role: Role) -> bool:
    """Whether posts of a role work outside, with a phone: on the ground, or on the site of a project."""
    return role.day in OUTSIDE


def forms_of(actor: Actor) -> list[Kind]:
    """The kinds that the actor reports: what is wrong, and what was done. No phone keeps what is restricted."""
    kinds = [k for k in every_kind().values() if k.noun in {Noun.CASE, Noun.ACTIVITY} and not k.restricted]
    return [k for k in kinds if k.key != DAILY and may_enter(actor, k)]


def cases_of(request: ActingRequest) -> list[Case]:
    """The open cases of the actor's unit, the nearest deadline first, at most forty; none of a restricted kind."""
    own = passing("unit", request.actor.unit_id)
    mine = open_work(request.actor, request.now).where(own, stage__in=TURNS, kind__restricted=False)
    rows = mine.rows.only("title", "due_at", "revision").order_by(F("due_at").asc(nulls_last=True), "pk")
    return list(rows[:MOST_CASES])


def pages_of(request: ActingRequest) -> Iterator[Kept]:
    """Every page to keep. All are fetched anew once a day, because forms begin with today."""
    day = f"{request.today} {get_language()}"
    yield Kept(page_of("today"), f"{day} {request.now:%H}")
    yield Kept(page_of("waiting"), f"{day} {request.now:%H}")
    for kind in forms_of(request.actor):
        yield Kept(page_of("new", kind.key), f"{day} {kind.edition}")
    for form in to_report(request.actor, request.today):
        address = page_of("report", form.project.pk)
        yield Kept(address, f"{day} {form.mark}")
        yield from (Kept(f"{address}?stage={stage}", f"{day} {form.mark}") for stage in form.stages)
    cases = cases_of(request)
    for case in cases:
        yield Kept(case_at(case.pk), f"{day} {case.revision}")
    for picture in pictures_of(cases):
        yield Kept(f"{page_of('file', 0).replace('/0/', f'/{picture}/')}?size=small", "")
