"""The doors of assessments, and the result behind them."""

from datetime import date
from decimal import Decimal
from typing import Any

from tests.architecture.doors import Door, Scene, sent
from tests.factories.assessed import AFTER, closed, month
from tests.factories.office import Office, pack
from zijing.assessment.actions import appeal, mark, propose, propose_version, publish_run
from zijing.assessment.models import Consequence, Scheme, Score
from zijing.packs.actions import apply


def own_version(_scene: Scene) -> dict[str, Any]:
    """What the pack says of grid workers, from a month to come."""
    return {"since": "2021-02-01", "items": Scheme.objects.get(key="grid-monthly").definition["items"]}


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
    "POST schemes/{key}/runs": Door(
        "schemes/community-monthly/runs", "section", 201, "community", elsewhere=201, body=sent(day="2020-08-01")
    ),
    "POST assessments/{id}/publish": Door("assessments/{assessed}/publish", "section", 200, "grid", 403, 404, sent()),
    "POST assessments/{id}/propose": Door("assessments/{assessed}/propose", "section", 200, "grid", 403, 404, sent()),
    "POST assessments/consequences/{id}/decide": Door(
        "assessments/consequences/{follows}/decide",
        "secretary",
        200,
        "section",
        elsewhere=404,
        body=sent(confirm=False, reason="再看一月"),
    ),
    "POST assessments/consequences/{id}/lift": Door(
        "assessments/consequences/{standing}/lift",
        "secretary",
        200,
        "section",
        elsewhere=404,
        body=sent(reason="已整改"),
    ),
    "POST assessments/appeals/{id}/decide": Door(
        "assessments/appeals/{appealed}/decide",
        "secretary",
        200,
        "grid",
        elsewhere=404,
        body=sent(accept=False, reason="证据不足"),
    ),
    "GET schemes/{key}/marks": Door("schemes/community-quarterly/marks?day=2020-09-01", refused="grid", elsewhere=200),
    "POST schemes/{key}/marks": Door(
        "schemes/community-quarterly/marks",
        "section",
        201,
        "grid",
        elsewhere=422,
        body=lambda scene: sent(
            day="2020-09-01",
            item="visit",
            member=f"place-{scene.made.places['示例社区01'].pk}",
            mark="85",
            evidence="楼道无堆物",
        )(scene),
    ),
    "POST marks/{id}/confirm": Door("marks/{mark}/confirm", "secretary", 200, "section", 403, 404, sent()),
    "POST marks/{id}/refuse": Door(
        "marks/{marked}/refuse", "secretary", 200, "section", 403, 404, sent(reason="无照片")
    ),
    "POST schemes/{key}/versions": Door(
        "schemes/grid-monthly/versions",
        "secretary",
        201,
        "section",
        elsewhere=201,
        body=own_version,
    ),
    "POST schemes/versions/{id}/withdraw": Door(
        "schemes/versions/{version}/withdraw", "secretary", 200, "section", 403, 404, sent()
    ),
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
    return {"version": version.pk, "assessed": found.pk, "score": score.pk} | _judged(made, score) | _marked(made)


def _judged(made: Office, score: Score) -> dict[str, int]:
    """A proposal and a confirmed consequence of a score, and a grid worker's appeal that waits."""
    common: dict[str, Any] = {"score": score, "rule": "周通报·月考核", "proposed_at": AFTER}
    follows = Consequence.objects.create(type="naming", **common)
    standing = Consequence.objects.create(type="praise", status="confirmed", **common)
    run = month(made, "grid-monthly")
    publish_run(actor=made.system, at=AFTER, run=run)
    own = Score.objects.select_related("run__version__scheme", "run__publication").get(run=run, post=made.posts["grid"])
    waits = appeal(actor=made.actor("grid"), at=AFTER, score=own, text="停电两周")
    return {"follows": follows.pk, "standing": standing.pk, "appealed": waits.pk}


def _marked(made: Office) -> dict[str, int]:
    """Two marks that wait for the secretary."""
    scheme, found = Scheme.objects.get(key="community-quarterly"), {}
    for name, role in (("mark", "section"), ("marked", "director")):
        found[name] = mark(
            actor=made.actor(role, AFTER.date()), at=AFTER, office=made.place, scheme=scheme, item="visit", day=AFTER.date(),
            member=f"place-{made.places['示例村02'].pk}", mark=Decimal(80), evidence="沿街整齐",
        ).pk  # fmt: skip
    return found
