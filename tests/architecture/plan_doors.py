"""Who may open the pages and operations of plans and indicators."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

from tests.architecture.doors import Door, sent
from tests.factories.office import FOUNDED, MONDAY, Office, moment
from zijing.activities.actions import record_activity
from zijing.commitments.actions import keep_paper, put_plan, put_template, state
from zijing.commitments.models import Commitment
from zijing.people.models import Assignment
from zijing.records.kinds import kind_of


def planned(made: Office) -> dict[str, int]:
    """A plan with an indicator, a meeting, a paper that was read; their ids."""
    rows = [
        {"kind": "goal", "code": "P", "name": "年度计划", "level": "plan", "deadline": date(2020, 12, 31)},
        {
            "kind": "indicator", "code": "P-1", "name": "指标", "parent": "P", "amount": Decimal(4), "unit": "家",
            "bound": "ge", "deadline": date(2020, 12, 31), "recurrence": "month",
            "lead_post": made.posts["leader"].pk,
        },
    ]  # fmt: skip
    put_plan(actor=made.system, at=FOUNDED, rows=rows, place=made.place)
    ids = dict(Commitment.objects.filter(office=made.place).values_list("business_key", "pk"))
    state(
        actor=made.system, at=moment(MONDAY), commitment=Commitment.objects.get(pk=ids["P-1"]),
        period=date(2020, 7, 1), value=Decimal(1), status="actual",
    )  # fmt: skip
    meeting = record_activity(
        actor=made.system, at=moment(MONDAY), kind=kind_of("meeting"), values={"date": MONDAY, "name": "联席会"}
    )
    paper = keep_paper(
        actor=made.actor("section"), at=moment(MONDAY), title="计划", text="新建公园3个。", client_id=uuid4()
    )
    template = put_template(
        actor=made.system, at=FOUNDED, office=made.place, title="核查", kind=kind_of("order"),
        register=kind_of("project"), query="", days=3,
    )  # fmt: skip
    return {
        "paper": paper.pk,
        "section_unit": made.posts["section"].unit_id,
        "draft": paper.drafts.get().pk,
        "goal": ids["P"],
        "indicator": ids["P-1"],
        "stake": Assignment.objects.get(subject_type="commitments.commitment", subject_id=ids["P-1"]).pk,
        "meeting": meeting.pk,
        "template": template.pk,
    }


PAGES: dict[str, Door] = {
    "plans": Door("/plans/", refused="system_admin", elsewhere=200),
    "plan": Door("/plans/{goal}/", refused="system_admin", elsewhere=404),
    "plan-sheet": Door("/plans/{goal}/plan.xlsx", refused="system_admin", elsewhere=404),
    "plan-slipped": Door("/plans/{goal}/slipped/", refused="system_admin", elsewhere=404),
    "plan-against": Door("/plans/{goal}/against/", refused="system_admin", elsewhere=404),
    "plan-orders": Door("/plans/{goal}/orders/", elsewhere=404),
    "plan-change": Door(
        "/plans/{goal}/change/", "section", 302, "leader", elsewhere=404,
        body=sent(verb="retarget", deadline="2020-11-30", reason="提前"),
    ),
    "decisions": Door("/meetings/{meeting}/decisions/", elsewhere=404),
    "indicators": Door("/indicators/", refused="system_admin", elsewhere=200),
    "indicators-month": Door("/indicators/month/", "section", 200, "leader", elsewhere=200),
    "indicator": Door(
        "/indicators/{indicator}/", "section", 302, "system_admin", elsewhere=404,
        body=sent(verb="state", period="2020-08", value="2", status="actual"),
    ),
    "reading": Door("/plans/read/", "section", refused="grid", elsewhere=200),
    "paper": Door("/plans/read/{paper}/", "section", refused="grid", refusal=404, elsewhere=404),
}  # fmt: skip
KEPT = {"code": "P-9", "name": "新增", "level": "goal"}
CALLS: dict[str, Door] = {
    "GET plans": Door("plans", elsewhere=200),
    "GET plans/{id}": Door("plans/{goal}", elsewhere=404),
    "POST commitments": Door(
        "commitments", "section", 201, "leader", elsewhere=201, body=sent(kind="goal", values=KEPT)
    ),
    "POST commitments/{id}/retarget": Door(
        "commitments/{goal}/retarget",
        "section",
        200,
        "leader",
        elsewhere=404,
        body=sent(deadline="2020-11-30", reason="提前"),
    ),
    "POST commitments/{id}/statements": Door(
        "commitments/{indicator}/statements",
        "section",
        200,
        "leader",
        elsewhere=404,
        body=sent(period="2020-08-01", value="2"),
    ),
    "POST commitments/{id}/correct": Door(
        "commitments/{indicator}/correct",
        "section",
        200,
        "leader",
        elsewhere=404,
        body=sent(period="2020-07-01", value="2", reason="口径调整"),
    ),
    "POST commitments/{id}/fulfil": Door(
        "commitments/{indicator}/fulfil", "section", 200, "leader", elsewhere=404, body=sent(reason="完成")
    ),
    "POST commitments/{id}/withdraw": Door(
        "commitments/{indicator}/withdraw", "section", 200, "leader", elsewhere=404, body=sent(reason="取消")
    ),
    "POST commitments/{id}/orders": Door(
        "commitments/{goal}/orders",
        "section",
        200,
        "leader",
        elsewhere=404,
        body=lambda scene: sent(template=scene.plan["template"], since="2020-09-07")(scene),
    ),
    "POST plans/{id}/copy": Door("plans/{goal}/copy", "section", 201, "leader", elsewhere=404, body=sent(prefix="N-")),
    "GET plans/{id}/against/{older}": Door("plans/{goal}/against/{goal}", refused="system_admin", elsewhere=404),
    "POST commitments/{id}/move": Door(
        "commitments/{indicator}/move", "section", 200, "leader", elsewhere=404, body=sent(parent=None)
    ),
    "POST commitments/{id}/order": Door(
        "commitments/{goal}/order",
        "section",
        200,
        "leader",
        elsewhere=404,
        body=lambda scene: sent(order=[scene.plan["indicator"]])(scene),
    ),
    "GET commitments/{id}/shares": Door("commitments/{indicator}/shares", elsewhere=404),
    "POST commitments/{id}/shares": Door(
        "commitments/{indicator}/shares",
        "section",
        200,
        "leader",
        elsewhere=404,
        body=lambda scene: sent(shares=[{"id": scene.plan["stake"], "share": 100}])(scene),
    ),
    "GET indicators": Door("indicators", refused="system_admin", elsewhere=200),
    "GET indicators/{id}": Door("indicators/{indicator}", refused="system_admin", elsewhere=404),
    "GET papers": Door("papers", "section", 200, "grid", elsewhere=200),
    "POST papers": Door("papers", "section", 201, "grid", elsewhere=201, body=sent(text="新建公园3个。")),
    "GET papers/{id}/drafts": Door("papers/{paper}/drafts", "section", 200, "grid", refusal=404, elsewhere=404),
    "POST papers/{id}/drop": Door(
        "papers/{paper}/drop",
        "section",
        200,
        "grid",
        refusal=404,
        elsewhere=404,
        body=lambda scene: sent(drafts=[{"id": scene.plan["draft"], "revision": 0}])(scene),
    ),
    "POST papers/{id}/merge": Door(
        "papers/{paper}/merge",
        "section",
        422,
        "grid",
        refusal=404,
        elsewhere=404,
        body=lambda scene: sent(drafts=[{"id": scene.plan["draft"], "revision": 0}])(scene),
    ),
    "POST papers/{id}/accept": Door(
        "papers/{paper}/accept",
        "section",
        200,
        "grid",
        refusal=404,
        elsewhere=404,
        body=lambda scene: sent(
            drafts=[{"id": scene.plan["draft"], "revision": 0}], lead=scene.plan["section_unit"], deadline="2020-12-31"
        )(scene),
    ),
    "POST drafts/{id}": Door(
        "drafts/{draft}", "section", 200, "grid", refusal=404, elsewhere=404, body=sent(revision=0, title="三个公园")
    ),
}
