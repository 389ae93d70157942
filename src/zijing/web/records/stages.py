"""The cases of a list by stage: columns with counts that open, and the nearest deadlines of each as cards."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render

from zijing.cases.access import STRIP
from zijing.cases.models import Case, CaseQuerySet, Stage
from zijing.cases.queries import Work, tops
from zijing.records.filters import Filtering
from zijing.records.models import NOWHERE
from zijing.records.tables import COUNTED, stage_label
from zijing.web.access import ActingRequest, acting
from zijing.web.addresses import case_at, list_of
from zijing.web.home.blocks import Item, case_item, case_text
from zijing.web.records.ways import asked, bar, cases_of, tells_which

# How many cards a column shows, and for how many days back what was closed where the filter does not say.
CARDS, DAYS = 8, 7
OPEN = (
    Stage.REPORTED, Stage.FILED, Stage.REOPENED, Stage.DISPATCHED, Stage.HANDLING, Stage.PARKED, Stage.CHECKING,
)  # fmt: skip
ALWAYS = {stage.value for stage in STRIP}


@dataclass(frozen=True)
class Column:
    """A stage, how many cases stand at it, the list of them, and the first of them as cards."""

    stage: str
    title: str
    n: int
    href: str
    cards: list[Item]
    more: bool

    @property
    def rest(self) -> int:
        """How many are not shown."""
        return self.n - len(self.cards)


@acting
def stages(request: ActingRequest, key: str) -> HttpResponse:
    """The list under the filter of the address, by stage."""
    filtering, params = asked(request, key)
    columns = [] if filtering.errors else _columns(filtering, request)
    context = {**bar(request, filtering, params, "list-stages"), "columns": columns, "days": DAYS}
    template = "records/stages.html#results" if request.htmx.target == "results" else "records/stages.html"
    return render(request, template, context, status=filtering.errors[0].status if filtering.errors else 200)


def _columns(filtering: Filtering, request: ActingRequest) -> list[Column]:
    rows, wanted = cases_of(filtering, request.actor), _wanted(filtering)
    heaps = _open(rows, wanted, request)
    if Stage.CLOSED in wanted:
        heaps[Stage.CLOSED] = _closed(rows, filtering, request)
    first = tops(heaps, CARDS)
    return [_column(filtering, stage, heap, first[stage], request) for stage, heap in heaps.items()]


def _wanted(filtering: Filtering) -> set[str]:
    """The stages that a filter by stage names, all without one; what was closed is not asked for with what is open."""
    conditions = {c.name: c.value for c in filtering.conditions}
    named = set(conditions["stage"].split(",")) if "stage" in conditions else {*Stage.values} - {*NOWHERE}
    return named - {Stage.CLOSED} if conditions.keys() & {"open", "near", "overdue"} else named


def _open(rows: CaseQuerySet, wanted: set[str], request: ActingRequest) -> dict[str, list[int]]:
    stages = [stage for stage in OPEN if stage in wanted]
    found = Work(rows.open(), request.now).spread({s: Q(stage=s) for s in stages})
    return {s: found.get(s, []) for s in stages if s in found or s in ALWAYS}


def _closed(rows: CaseQuerySet, filtering: Filtering, request: ActingRequest) -> list[int]:
    """What was closed lately, the newest first, and no more than is counted."""
    closed = rows.filter(stage=Stage.CLOSED, closed_at__isnull=False)
    if not tells_which(filtering):
        closed = closed.filter(closed_at__gte=request.now - timedelta(days=DAYS))
    return list(closed.order_by("-closed_at", "-pk").values_list("pk", flat=True)[: COUNTED + 1])


def _column(filtering: Filtering, stage: str, heap: list[int], first: list[Case], request: ActingRequest) -> Column:
    closed = stage == Stage.CLOSED
    since = f"{request.today - timedelta(days=DAYS)}.." if closed and not tells_which(filtering) else None
    query = filtering.query(stage=stage, closed=since) if since else filtering.query(stage=stage)
    cards = [
        Item(c.title, case_at(c.pk), case_text(c)) if closed else case_item(c, request.now, case_text(c)) for c in first
    ]
    counted = COUNTED if closed else len(heap)
    return Column(
        stage, stage_label(stage), min(len(heap), counted), list_of(filtering.kind.key, query), cards,
        more=len(heap) > counted,
    )  # fmt: skip
