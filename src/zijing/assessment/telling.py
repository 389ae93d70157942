"""What documents may show of assessments: the published results of their days, of everything but persons."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from zijing.assessment.models import Run, Scheme, Score
from zijing.core.quantity import show_number
from zijing.documents.answers import Setting, register_piece
from zijing.documents.source import Block, Run as Word, Table


def results(setting: Setting, _options: Sequence[str] = ()) -> tuple[Block, ...]:
    """A table for each published result whose period lies within the document's days; posts are never shown."""
    if setting.since is None or setting.until is None:
        return ()
    runs = Run.objects.filter(
        office=setting.office, publication__isnull=False, provisional=False, since__gte=setting.since,
        until__lte=setting.until,
    ).exclude(version__scheme__population=Scheme.Population.POSTS)  # fmt: skip
    newest: dict[tuple[int, object], Run] = {}
    for run in runs.select_related("version__scheme").order_by("version__scheme__key", "since", "serial"):
        newest[run.version.scheme_id, run.since] = run
    return tuple(_table(run) for run in newest.values())


def _table(run: Run) -> Table:
    head = (_("Rank"), _("Member"), _("Score"), _("Ranks not excluded"))
    scores = Score.objects.filter(run=run, rank__isnull=False).order_by("rank", "label")
    return Table(str(run.version.scheme), head, tuple(_row(score) for score in scores))


def _row(score: Score) -> tuple[tuple[Word, ...], ...]:
    sure = f"{score.rank_from}–{score.rank_to}" if score.rank_from and score.rank_to else "—"
    opened = Word(show_number(score.total), url=f"/assessment/scores/{score.pk}/")
    return ((Word(str(score.rank)),), (Word(score.label),), (opened,), (Word(sure),))


def declare() -> None:
    """Let documents show results."""
    register_piece("考核结果", "assessment results", piece=results)
