"""The doors of assessments, and the result behind them."""

from tests.architecture.doors import Door, sent
from tests.factories.assessed import AFTER, closed, month
from tests.factories.office import Office, pack
from zijing.assessment.actions import propose, publish_run
from zijing.assessment.models import Scheme, Score
from zijing.packs.actions import apply

PAGES: dict[str, Door] = {
    "assessments": Door("/assessment/", refused="team", elsewhere=200),
    "assessment-decisions": Door("/assessment/decisions/", refused="team", elsewhere=200),
    "assessment-scheme": Door("/assessment/schemes/community-monthly/", refused="team", elsewhere=200),
    "assessment-run": Door("/assessment/runs/{assessed}/", refused="team", elsewhere=404),
    "assessment-score": Door("/assessment/scores/{score}/", refused="team", elsewhere=404),
    "assessment-rows": Door("/assessment/scores/{score}/on_time/", refused="team", elsewhere=404),
}

CALLS: dict[str, Door] = {
    "GET assessments": Door("assessments", refused="team", elsewhere=200),
    "GET assessments/{id}": Door("assessments/{assessed}", refused="team", elsewhere=404),
    "GET scores/{id}": Door("scores/{score}", refused="team", elsewhere=404),
    "POST scores/{id}/appeal": Door(
        "scores/{score}/appeal", "community", 201, "section", elsewhere=404, body=sent(text="停电两周")
    ),
}


def scored(made: Office) -> dict[str, int]:
    """A published result with a score, proposals and all."""
    if not Scheme.objects.exists():
        apply(at=AFTER, pack=pack("assessment"), offices=[made.place])
    closed(made, "第一网格", 2, 1)
    found = month(made)
    propose(actor=made.system, at=AFTER, run=found)
    publish_run(actor=made.system, at=AFTER, run=found)
    score = Score.objects.filter(run=found, total__isnull=False).latest("pk")
    return {"assessed": found.pk, "score": score.pk}
