"""The cases of a list by stage: columns with counts that open, and the nearest deadlines of each as cards."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render

from zijing.cases.access import STRIP
from zijing.cases.models import CaseQuerySet, Stage
from zijing.cases.queries import Heap, Work
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
CARRIED = ("title", "stage", "subject__title", "place__name", "unit__name")
ALWAYS = {stage.value for stage in STRIP}


@dataclass(frozen=True)
class Column:
    """A stage, how many cases stand at it, the list of them, and the first of them as cards."""

    stage: str
    title: str
    n: int
    href: str
    cards: list[Item]
    more: bool = False

    @property
    def rest(self) -> int:
        """How many are not shown."""
        return self.n - len(self.cards)


@acting
def stages(request: ActingRequest, key: str) -> HttpResponse:
    """The list under the filter of the address, by stage."""
    filtering, params = asked(request, key)
    rows = cases_of(filtering, request.actor)
    columns = [] if filtering.errors else [*_open(filtering, rows, request), *_closed(filtering, rows, request)]
    context = {**bar(request, filtering, params, "list-stages"), "columns": columns, "days": DAYS}
    template = "records/stages.html#results" if request.htmx.target == "results" else "records/stages.html"
    return render(request, template, context, status=filtering.errors[0].status if filtering.errors else 200)


def _wanted(filtering: Filtering) -> set[str]:
    """The stages that a filter by stage names, all without one."""
    named = [c.value for c in filtering.conditions if c.name == "stage"]
    return set(named[0].split(",")) if named else {*Stage.values} - {*NOWHERE}


def _open(filtering: Filtering, rows: CaseQuerySet, request: ActingRequest) -> list[Column]:
    wanted = [stage for stage in OPEN if stage in _wanted(filtering)]
    heaps = Work(rows.open(), request.now).spread({s: Q(stage=s) for s in wanted}, CARDS) if wanted else {}
    shown = [s for s in wanted if s in heaps or s in ALWAYS]
    return [_column(filtering, s, heaps.get(s, Heap(0, [])), request) for s in shown]


def _column(filtering: Filtering, stage: str, heap: Heap, request: ActingRequest) -> Column:
    href = list_of(filtering.kind.key, filtering.query(stage=stage))
    cards = [case_item(case, request.now, case_text(case)) for case in heap.first]
    return Column(stage, stage_label(stage), heap.n, href, cards)


def _closed(filtering: Filtering, rows: CaseQuerySet, request: ActingRequest) -> list[Column]:
    """What was closed lately, the newest first; when the filter asks for open cases, nothing is."""
    names = {c.name for c in filtering.conditions}
    if Stage.CLOSED not in _wanted(filtering) or names & {"open", "near", "overdue"}:
        return []
    lately = {} if tells_which(filtering) else {"closed": f"{request.today - timedelta(days=DAYS)}.."}
    closed = rows.filter(stage=Stage.CLOSED, closed_at__isnull=False)
    if lately:
        closed = closed.filter(closed_at__gte=request.now - timedelta(days=DAYS))
    n = closed.order_by()[: COUNTED + 1].count()
    first = closed.select_related("subject", "place", "unit").only(*CARRIED).order_by("-closed_at", "-pk")[:CARDS]
    cards = [Item(c.title, case_at(c.pk), case_text(c)) for c in first]
    href = list_of(filtering.kind.key, filtering.query(stage=Stage.CLOSED.value, **lately))
    return [Column(Stage.CLOSED, stage_label(Stage.CLOSED), min(n, COUNTED), href, cards, more=n > COUNTED)]
