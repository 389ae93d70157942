"""The doors of assessments, and the result behind them."""

from datetime import date

from tests.architecture.doors import Door, sent
from tests.factories.assessed import AFTER, closed, month
from tests.factories.office import Office, pack
from zijing.assessment.actions import propose, propose_version, publish_run
from zijing.assessment.models import Scheme, Score
from zijing.packs.actions import apply

PAGES: dict[str, Door] = {
    "assessments": Door("/assessment/", refused="team", elsewhere=200),
    "assessment-decisions": Door("/assessment/decisions/", refused="team", elsewhere=200),
    "assessment-scheme": Door("/assessment/schemes/community-monthly/", refused="team", elsewhere=200),
    "assessment-own": Door("/assessment/schemes/community-monthly/own/", refused="section", elsewhere=200),
    "assessment-try": Door("/assessment/schemes/community-monthly/try/{version}/", refused="community", elsewhere=404),
    "assessment-marks": Door("/assessment/schemes/community-monthly/marks/2020-09-01/", refused="grid", elsewhere=200),
    "assessment-withdraw": Door(
        "/assessment/versions/{version}/withdraw/", answer=302, refused="section", elsewhere=404, body=sent()
    ),
    "assessment-run": Door("/assessment/runs/{assessed}/", refused="team", elsewhere=404),
    "assessment-score": Door("/assessment/scores/{score}/", refused="team", elsewhere=404),
    "assessment-rows": Door("/assessment/scores/{score}/on_time/", refused="team", elsewhere=404),
}

CALLS: dict[str, Door] = {
    "GET assessments": Door("assessments", refused="team", elsewhere=200),
    "GET assessments/{id}": Door("assessments/{assessed}", refused="team", elsewhere=404),
    "GET schemes/{key}/try": Door(
        "schemes/community-monthly/try?version=1&day=2020-08-01", refused="community", elsewhere=200
    ),
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
    scheme = Scheme.objects.get(key="community-monthly")
    version = propose_version(
        actor=made.system, at=AFTER, office=made.place, scheme=scheme, items=scheme.definition["items"],
        since=date(2021, 1, 1),
    )  # fmt: skip
    return {"version": version.pk, "assessed": found.pk, "score": score.pk}
