"""The figures of cases of every kind: how many fall due, how long they take, and whether they stay closed."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from zijing.cases.comebacks import UNCOUNTED
from zijing.cases.models import Case, Reporter, Stage, Step
from zijing.cases.stage_figures import CLOSED, SINCE, of_steps
from zijing.figures.models import Figure
from zijing.figures.registry import Declared, Narrow, Words, register
from zijing.records.filters import open_overdue
from zijing.records.models import Noun

Measure, Measures = Figure.Measure, Figure.Measures


def with_step(verb: str) -> Q:
    """The condition that a case has made a move at least once."""
    return Q(Exists(Step.objects.filter(case=OuterRef("pk"), verb=verb)))


def fallen_due(at: datetime) -> Q:
    """The condition that the deadline is past: what is due later today is not late yet.

    What an accepted appeal or an unreasonable demand exempts is not in the rates; the fact stays in its steps.
    """
    return Q(due_at__lte=at, exempt="")


def _counted(
    key: str, title: Words, sentence: Words, time: str = "", narrow: Narrow | None = None, *, open_only: bool = False
) -> Declared:
    return Declared(
        key=key, app=Case._meta.app_label, title=title, sentence=sentence, measure=Measure.COUNT, noun=Noun.CASE,
        time=time, unit="件", measures=Measures.OUTCOME, since=SINCE, narrow=narrow, open_only=open_only,
    )  # fmt: skip


def _share(key: str, title: Words, sentence: Words, of: str) -> Declared:
    return Declared(
        key=key, app=Case._meta.app_label, title=title, sentence=sentence, measure=Measure.SHARE, of=of, unit="%",
        decimals=1, measures=Measures.OUTCOME, since=SINCE,
    )  # fmt: skip


def _hours(key: str, title: Words, sentence: Words, measure: str) -> Declared:
    return Declared(
        key=key, app=Case._meta.app_label, title=title, sentence=sentence, measure=measure, noun=Noun.CASE, of="hours",
        time="closed_at", unit="小时", decimals=1, measures=Measures.OUTCOME, since=SINCE, narrow=lambda at: CLOSED,
    )  # fmt: skip


COMEBACKS = Case.objects.filter(follows=OuterRef("pk")).exclude(stage__in=UNCOUNTED)


def rated(**answer: bool) -> Q:
    """The condition that somebody who reported a case has rated its handling, with this answer."""
    told = Reporter.objects.filter(case=OuterRef("pk"), rated_at__isnull=False, **answer)
    return Q(Exists(told))


register(
    _counted(
        "cases.open", ("未结案件", "Open cases"),
        ("已立案而未结案、未作废的各类案件数。", "Cases of every kind filed and neither closed nor voided."),
        narrow=lambda at: Q(closed_at=None) & ~Q(stage=Stage.REPORTED), open_only=True,
    ),
    _counted(
        "cases.overdue", ("超期案件", "Overdue cases"),
        ("未结且已过期限的各类案件数。", "Open cases of every kind whose deadline has passed."),
        narrow=open_overdue, open_only=True,
    ),
    _counted(
        "cases.filed", ("立案数", "Cases filed"),
        ("期内发生并立案的各类案件数。", "Cases of every kind that arose in the period and were filed."),
        "happened_on", lambda at: ~Q(stage=Stage.REPORTED),
    ),
    _counted(
        "cases.closed", ("结案数", "Cases closed"),
        ("期内结案的各类案件数。", "Cases of every kind closed in the period."), "closed_at", lambda at: CLOSED,
    ),
    _counted(
        "cases.due", ("到期案件", "Cases fallen due"),
        ("期限落在期内且已到的各类案件数。", "Cases of every kind whose deadline fell in the period and is past."),
        "due_at", fallen_due,
    ),
    _counted(
        "cases.due_closed", ("到期案件中已结案", "Closed of those fallen due"),
        ("期限落在期内且已到、现已结案的案件数。",
         "Cases whose deadline fell in the period and that are closed by now."),
        "due_at", lambda at: fallen_due(at) & CLOSED,
    ),
    _counted(
        "cases.due_on_time", ("到期案件中按期结案", "Closed on time of those fallen due"),
        ("期限落在期内且已到、并在期限前结案的案件数。",
         "Cases whose deadline fell in the period and that were closed before it."),
        "due_at", lambda at: fallen_due(at) & CLOSED & Q(closed_on_time=True),
    ),
    _share(
        "cases.on_time_rate", ("按期结案率", "On-time rate"),
        ("期内到期的案件中按期结案的比例；到期未结的计入分母。",
         "Of the cases fallen due in the period, the share closed on time; what is still open counts as not met."),
        "cases.due_on_time/cases.due",
    ),
    _share(
        "cases.closing_rate", ("结案率", "Closing rate"),
        ("期内到期的案件中现已结案的比例。", "Of the cases fallen due in the period, the share closed by now."),
        "cases.due_closed/cases.due",
    ),
    _hours(
        "cases.median_hours", ("结案用时中位数", "Median hours to close"),
        ("期内结案的案件，从立案到结案所用小时数的中位数（昼夜连续计）。",
         "Of the cases closed in the period, the median of the hours from filing to closing, day and night."),
        Measure.MEDIAN,
    ),
    _hours(
        "cases.p90_hours", ("九成案件结案用时", "Hours within which nine in ten close"),
        ("期内结案的案件，九成在此小时数内结案（昼夜连续计）。",
         "Of the cases closed in the period, nine in ten were closed within this many hours, day and night."),
        Measure.P90,
    ),
    _counted(
        "cases.reworked", ("返工后结案", "Closed after rework"),
        ("期内结案、结案前至少退回整改一次的案件数。",
         "Cases closed in the period that the check had sent back at least once."),
        "closed_at", lambda at: CLOSED & with_step("rework"),
    ),
    _share(
        "cases.rework_rate", ("返工率", "Rework rate"),
        ("期内结案的案件中至少退回整改一次的比例。",
         "Of the cases closed in the period, the share that the check had sent back at least once."),
        "cases.reworked/cases.closed",
    ),
    _counted(
        "cases.reopened", ("复发重开", "Reopened cases"),
        ("期内发生的案件中，结案后至少重开一次的案件数。",
         "Of the cases that arose in the period, those reopened at least once after closing."),
        "happened_on", lambda at: with_step("reopen"),
    ),
    _share(
        "cases.reopened_rate", ("重开率", "Share reopened"),
        ("期内发生的案件中，结案后至少重开一次的比例。",
         "Of the cases that arose in the period, the share reopened at least once after closing."),
        "cases.reopened/cases.filed",
    ),
    _counted(
        "cases.rated", ("已评价案件", "Cases rated"),
        ("期内结案、反映人已评价的案件数。", "Cases closed in the period that whoever reported them has rated."),
        "closed_at", lambda at: CLOSED & rated(),
    ),
    _counted(
        "cases.responded", ("评价为已响应", "Rated as responded to"),
        ("期内结案、反映人评价有人联系的案件数。",
         "Cases closed in the period of which the reporter says that somebody was in touch."),
        "closed_at", lambda at: CLOSED & rated(responded=True),
    ),
    _counted(
        "cases.resolved", ("评价为已解决", "Rated as resolved"),
        ("期内结案、反映人评价已经解决的案件数。",
         "Cases closed in the period of which the reporter says that they are resolved."),
        "closed_at", lambda at: CLOSED & rated(resolved=True),
    ),
    _counted(
        "cases.satisfied", ("评价为满意", "Rated as satisfactory"),
        ("期内结案、反映人评价满意的案件数。", "Cases closed in the period with which the reporter is satisfied."),
        "closed_at", lambda at: CLOSED & rated(satisfied=True),
    ),
    _share(
        "cases.response_rate", ("响应率", "Response rate"),
        ("期内结案并已评价的案件中，反映人评价有人联系的比例。",
         "Of the cases closed in the period and rated, the share whose reporter says that somebody was in touch."),
        "cases.responded/cases.rated",
    ),
    _share(
        "cases.resolution_rate", ("解决率", "Resolution rate"),
        ("期内结案并已评价的案件中，反映人评价已经解决的比例。",
         "Of the cases closed in the period and rated, the share whose reporter says that they are resolved."),
        "cases.resolved/cases.rated",
    ),
    _share(
        "cases.satisfaction_rate", ("满意率", "Satisfaction rate"),
        ("期内结案并已评价的案件中，反映人评价满意的比例。",
         "Of the cases closed in the period and rated, the share with which the reporter is satisfied."),
        "cases.satisfied/cases.rated",
    ),
    _counted(
        "cases.came_back", ("复发案件", "Cases that came back"),
        ("期内发生、在同类案件结案后不久又在同一处出现的案件数；时间和距离按业务包。",
         "Cases that arose in the period soon after one of their class was closed at the same place, as packs say."),
        "happened_on", lambda at: ~Q(stage=Stage.REPORTED) & Q(follows__isnull=False),
    ),
    _counted(
        "cases.lasting", ("未复发的结案", "Closings that lasted"),
        ("期内结案、至今没有同类案件在同一处复发的案件数。",
         "Cases closed in the period after which none of their class has come back at the same place."),
        "closed_at", lambda at: CLOSED & ~Q(Exists(COMEBACKS)),
    ),
    _share(
        "cases.lasting_rate", ("结案未复发率", "Share of closings that lasted"),
        ("期内结案的案件中至今未复发的比例。", "Of the cases closed in the period, the share that has not come back."),
        "cases.lasting/cases.closed",
    ),
    *of_steps(),
)  # fmt: skip
