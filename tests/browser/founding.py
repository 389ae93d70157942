"""The office the browser visits, founded in a process of its own: ``python -m tests.browser.founding``.

A Thursday in September 2020; a board with every light, a silent, a finished and a waiting project; cases at several
stages; last Sunday's ranking with its proposals. Prints what the tests must know as JSON.
``python -m tests.browser.founding end ROLE`` lets the post of a role end with the day before.
"""

import json
import os
import sys
import uuid
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zijing.config.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

from tests.factories import assessed, office as offices  # noqa: E402
from tests.factories.office import FOUNDED, Office, Plan, blocker, moment, project, say  # noqa: E402
from tests.factories.sites import crew  # noqa: E402
from zijing.assessment.actions import publish_run  # noqa: E402
from zijing.assessment.models import Score  # noqa: E402
from zijing.cases import actions as cases  # noqa: E402
from zijing.cases.models import Case  # noqa: E402
from zijing.cli.running import collect_static  # noqa: E402
from zijing.commitments.actions import put_plan, state  # noqa: E402
from zijing.commitments.models import Commitment  # noqa: E402
from zijing.demo.pictures import picture  # noqa: E402
from zijing.demo.roles import ROLES  # noqa: E402
from zijing.outbox.jobs import enqueue  # noqa: E402
from zijing.outbox.models import Rhythm  # noqa: E402
from zijing.outbox.rhythm import tick  # noqa: E402
from zijing.packs.actions import apply  # noqa: E402
from zijing.packs.intake import record  # noqa: E402
from zijing.people.access import actor_of  # noqa: E402
from zijing.people.actions import end_post, hold, put_posts  # noqa: E402
from zijing.people.models import Holding, Post, Unit  # noqa: E402
from zijing.places.models import Place  # noqa: E402
from zijing.projects.actions import put_buildings, report  # noqa: E402
from zijing.records.files import Upload, attach, store  # noqa: E402
from zijing.records.models import Attachment, Kind  # noqa: E402

if TYPE_CHECKING:
    from zijing.projects.models import Project

TODAY = date(2020, 9, 17)
DAYS = (date(2020, 9, 4), date(2020, 9, 11), date(2020, 9, 16))

SUNDAY = date(2020, 9, 13)
PASSWORD = "zijing-hua-kai-2020"
PHONE = "13812345678"
# Holders of posts as the first page's one-click roles name them, and three who sign in with a password.
HOLDERS = {key: username for key, username, _label in ROLES}
FURTHER = {
    "hazards": "safety_office",
    "compounds": "governance_office",
    "city-cases": "command_centre",
    "hotline": "hotline_clerk",
    "targets": "target_office",
}
# Without roles of their own: residents report, documents are written, work is assessed.
ROLELESS = ("residents", "documents", "assessment")
WITH_PASSWORD = {"community2": "community02", "section": "section01", "director": "director01"}
STAGES = [
    Plan("基础", 50, date(2020, 3, 1), date(2020, 6, 8)),
    Plan("主体", 50, date(2020, 6, 9), date(2020, 12, 31), 10),
]
LATER = [Plan("基础", 100, date(2020, 10, 12), date(2020, 12, 31))]
# Share of the first stage, then of the second on the last two days; planned at the end: 50 + 24.5.
SHARES = {
    "X01": (100, 55, 60), "X02": (100, 40, 50), "X03": (100, 48, 52), "X04": (100, 45, 46), "X05": (100, 50, 51),
    "X06": (100, 30, 36), "X07": (100, 28, 30), "X08": (100, 35, 36), "X09": (100, 20, 31), "X10": (80, 0, 2),
    "X11": (70, 0, 0), "X12": (60, 0, 0),
}  # fmt: skip
TYPES = ("housing", "commercial", "municipal")


def found() -> dict[str, Any]:
    """Make it all; what the tests must know of it."""
    made = offices.office()
    further(made)
    other = offices.office("410181001000", "示例街道")
    Rhythm.objects.update(next_at=moment(date(2020, 9, 10), 20))
    known = {"projects": ledger(made), **affairs(made)}
    known |= beside(made) | {"plan": planned(made), "to_lay_out": buildings(made, known["projects"])}
    known["score"] = score(made)
    people(made)
    known["job"] = job_of_the_secretary()
    say(other, project(other, "Y01", plans=STAGES), DAYS[2], 100)
    for one in (made, other):
        tick(one.place, moment(TODAY, 10))
    shift = moment(TODAY, 10, 20) - timezone.now()
    Place.objects.filter(pk__in=[made.place.pk, made.county.pk, other.place.pk]).update(clock_shift=shift)
    known["packs"] = ["base", "project-drive", *FURTHER, *ROLELESS]
    known["office"] = made.place.pk
    return known | {"places": {p.name: p.pk for p in made.places.values()}, "password": PASSWORD}


def beside(made: Office) -> dict[str, Any]:
    """Twice the same shop, and a person with a telephone."""
    at, place = moment(DAYS[0]), f"#{made.places['示例社区01'].pk}"
    for n in (1, 2):
        shop = {"code": f"双{n}", "name": "示例双胞商店", "sector": "retail", "status": "ordinary", "place": place}
        record(actor=made.actor("section"), at=at, kind=Kind.objects.get(key="enterprise"), values=shop)
    actor = made.actor("governance_office")
    enter = {k: Kind.objects.get(key=k) for k in ("compound", "compound-chief")}
    needed = {f.key: _example(f) for f in enter["compound"].fields if f.required}
    home = record(actor=actor, at=at, kind=enter["compound"], values={**needed, "code": "W01", "place": place})
    chief = {
        "code": "L01", "duty": "楼院长01", "level": "compound", "compound": f"#{home.pk}", "vacant": False,
        "phone": PHONE,
    }  # fmt: skip
    kept = record(actor=actor, at=at, kind=enter["compound-chief"], values=chief)
    return {"person": kept.pk, "phone": PHONE}


def buildings(made: Office, known: dict[str, int]) -> list[int]:
    """Two late projects with an open blocker each get buildings, so that they can be laid out; which these are.

    Buildings of many heights and one crew of each trade: a better order is searched for as long as one is allowed to.
    """
    late = ("X10", "X11")
    for trade in ("structure", "masonry", "fitting", "facade", "interior"):
        crew(made, trade, 1)
    rows = [
        {"code": f"{code}-B{n:02}", "project": known[code], "name": f"{n}号楼", "floors": floors, "flats": 72}
        for code in late
        for n, floors in enumerate((18, 11, 24, 7, 15), 1)
    ]
    put_buildings(actor=made.system, at=moment(DAYS[2], 18), rows=rows, place=made.place)
    return [known[code] for code in late]


def score(made: Office) -> int:
    """The grid worker's score of August, published on Monday: three cases closed on time and two late."""
    for n, late in enumerate((False, False, False, True, True), 1):
        handled(made, f"窨井盖松动{n}", date(2020, 8, 17) if late else date(2020, 8, 5))
    run = assessed.month(made, "grid-monthly", at=moment(DAYS[2], 8), again=True)
    publish_run(actor=made.actor("section"), at=moment(DAYS[2], 8, 30), run=run)
    return Score.objects.get(run=run, post=made.posts["grid"]).pk


def handled(made: Office, what: str, last: date) -> None:
    """A problem of August that the grid worker put right by a day; the limit was the 10th."""
    first, place = moment(date(2020, 8, 3), 9), made.places["第一网格"]
    values = {"what": what, "class": "other", "place": f"#{place.pk}"}
    worker = made.actor("grid", first.date())
    case = Case.objects.get(pk=record(actor=worker, at=first, kind=Kind.objects.get(key="issue"), values=values).pk)
    cases.dispatch(actor=made.system, at=first, case=case, unit=made.posts["grid"].unit)
    cases.accept(actor=worker, at=moment(date(2020, 8, 4)), case=case)
    cases.submit(actor=worker, at=moment(last, 9), case=case, reason="已换新盖")
    cases.close(actor=made.system, at=moment(last, 15), case=case, reason="现场核查属实")


def planned(made: Office) -> int:
    """A year plan with an indicator that is far behind, without last month's value, with a lag filed about it."""
    common = {"deadline": date(2020, 12, 31), "bound": "ge", "unit": "家", "recurrence": "month"}
    rows = [
        {"kind": "goal", "code": "N", "name": "2020年度工作计划", "level": "plan", "deadline": date(2020, 12, 31)},
        {"kind": "goal", "code": "N1", "name": "经济发展", "level": "goal", "parent": "N"},
        {"kind": "indicator", "code": "Z01", "name": "新增四上企业", "parent": "N1", "amount": Decimal(200), **common},
        {"kind": "indicator", "code": "Z02", "name": "新入库项目", "parent": "N1", "amount": Decimal(10), **common},
    ]  # fmt: skip
    put_plan(actor=made.system, at=FOUNDED, rows=rows, place=made.place)
    found = {c.business_key: c for c in Commitment.objects.filter(office=made.place)}
    for code, value, month in (("Z01", 20, 7), ("Z02", 9, 8)):
        state(
            actor=made.system, at=moment(DAYS[0]), commitment=found[code], period=date(2020, month, 1),
            value=Decimal(value), status="actual", note="市场回暖慢" if code == "Z01" else "",
        )  # fmt: skip
    lag = {"what": "四上企业入统滞后", "indicator": "Z01", "cause": "statistics"}
    record(actor=made.actor("target_office"), at=moment(DAYS[1]), kind=Kind.objects.get(key="lag"), values=lag)
    return found["N"].pk


def job_of_the_secretary() -> int:
    """An export that the work process will make."""
    held = Holding.objects.select_related("post__role", "post__office", "post__place")
    actor = actor_of(held.get(account__username=HOLDERS["secretary"]), channel="web", on=TODAY)
    asked = {"kind": "blocker", "filter": {}, "form": "xlsx", "columns": []}
    return enqueue(
        actor=actor, at=moment(DAYS[2]), task="export", client_id=uuid.uuid4(), about="项目堵点", params=asked
    ).pk


def _example(field: Any) -> Any:
    """A value that a required field takes."""
    if field.choices:
        return field.choices[0][0]
    return {"integer": 1, "decimal": 1, "boolean": False, "date": "2020-09-01"}.get(field.type, "示例院")


def further(made: Office) -> None:
    """The packs beyond the drive of projects, and a post for each of their roles."""
    for key, role in FURTHER.items():
        apply(at=FOUNDED, pack=offices.pack(key), offices=[made.place])
        unit = made.posts["section"].unit
        row = {"code": f"P-{role}", "title": role, "unit": unit, "role": role, "place": made.place, "account": role}
        put_posts(actor=made.system, at=FOUNDED, rows=[row | {"since": FOUNDED.date()}])
        made.posts[role] = Post.objects.get(office=made.place, code=f"P-{role}")
    for key in ROLELESS:
        apply(at=FOUNDED, pack=offices.pack(key), offices=[made.place])


def people(made: Office) -> None:
    for role, username in HOLDERS.items():
        hold(actor=made.system, at=FOUNDED, post=made.posts[role], username=username)
    for role, username in WITH_PASSWORD.items():
        hold(actor=made.system, at=FOUNDED, post=made.posts[role], username=username, password=PASSWORD)
    hold(actor=made.system, at=FOUNDED, post=made.posts["grid"], username=WITH_PASSWORD["community2"])


def ledger(made: Office) -> dict[str, int]:
    """Twelve ranked projects, one silent, one finished, one not begun."""
    found = {
        code: project(made, code, plans=STAGES, type=TYPES[n % 3], place="示例村02" if n % 3 else "示例社区01")
        for n, code in enumerate((*SHARES, "X13", "X14"))
    }
    found["X15"] = project(made, "X15", plans=LATER, team="team2")
    for code, shares in SHARES.items():
        say(made, found[code], DAYS[0], shares[0])
        say(made, found[code], DAYS[1], shares[1], stage="主体")
    say(made, found["X13"], DAYS[1], 90)
    for stage in ("基础", "主体"):
        say(made, found["X14"], DAYS[0], 100, stage=stage)
    tick(made.place, moment(SUNDAY + timedelta(days=1)))
    for code, shares in SHARES.items():
        last_report(made, found[code], code, shares[2])
    return {code: p.pk for code, p in found.items()}


def last_report(made: Office, target: "Project", code: str, share: int) -> None:
    """Yesterday's report: one with a photo, one counted in buildings, the others in percent."""
    at, amount = moment(DAYS[2], 17), {"share": Decimal(share)}
    photo = store(actor=made.system, at=at, sent=Upload(picture(3), "site.jpg")) if code == "X01" else None
    if code == "X11":
        amount = {"count": Decimal(share) / 10}
    values = {"stage": "主体", "crew": 40, "remark": "" if code != "X01" else "演示", **amount}
    report(actor=made.actor("team"), at=at, project=target, day=DAYS[2], values=values, photo=photo)


def affairs(made: Office) -> dict[str, Any]:
    """Blockers: one overdue, one in handling, many just filed; issues in a grid and in the other community."""
    by_code = {p.entry.business_key: p for p in projects(made)}
    overdue = photographed(made, blocker(made, by_code["X10"], date(2020, 9, 7), "材料未到场"))
    running = blocker(made, by_code["X11"], DAYS[2], "管线未迁改", days=120)
    unit = Unit.objects.get(office=made.place, code="U-team")
    cases.dispatch(actor=made.actor("project_office"), at=moment(DAYS[2], 14), case=running, unit=unit)
    cases.accept(actor=made.actor("team"), at=moment(DAYS[2], 15), case=running)
    waits = (f"{what}{n}" for n in range(1, 10) for what in ("等待审批", "等待批复"))
    spare = [blocker(made, by_code[f"X0{what[-1]}"], DAYS[2], what).pk for what in waits]
    return {
        "overdue": overdue.pk, "running": running.pk, "spare": spare, "unit": unit.pk,
        "given": [given(made, n) for n in (1, 2)], "dispatched": [given(made, n, accepted=False) for n in (3, 4)],
        "issue": issue(made, "grid", "第一网格"), "issue2": issue(made, "community2", "村一网格"),
    }  # fmt: skip


def photographed(made: Office, case: Case) -> Case:
    """The case with a photo of its place, sent on the day it was filed: what last week's bulletin counts shows it."""
    at = moment(date(2020, 9, 7), 15)
    photo = store(actor=made.system, at=at, sent=Upload(picture(2), "blocker.jpg"))
    attach(actor=made.system, at=at, subject=case, file=photo, part=Attachment.Part.NEAR)
    return case


def projects(made: Office) -> "list[Project]":
    from zijing.projects.models import Project

    return list(Project.objects.filter(entry__office=made.place).select_related("entry"))


def issue(made: Office, role: str, where: str) -> int:
    kind = Kind.objects.get(key="issue")
    values = {"what": f"{where}路灯不亮", "class": "appearance", "place": f"#{made.places[where].pk}"}
    return record(actor=made.actor(role), at=moment(DAYS[2], 9), kind=kind, values=values).pk


def given(made: Office, n: int, *, accepted: bool = True) -> int:
    """A problem that the grid worker handles, or is to accept."""
    values = {"what": f"护栏松动{n}", "class": "other", "place": f"#{made.places['第一网格'].pk}"}
    at, kind, actor = moment(DAYS[2], 16), Kind.objects.get(key="issue"), made.actor("grid")
    case = Case.objects.get(pk=record(actor=actor, at=at, kind=kind, values=values).pk)
    cases.dispatch(actor=made.system, at=at, case=case, unit=made.posts["grid"].unit)
    if accepted:
        cases.accept(actor=actor, at=at, case=case)
    return case.pk


def end(role: str) -> None:
    """Let the office's post of this role end with the day before today."""
    from zijing.people.access import system_actor

    post = Post.objects.get(office__codes__code="410181005000", code=f"P-{role}")
    system = system_actor(post.office, "test")
    end_post(actor=system, at=moment(TODAY, 10), post=post, last_day=TODAY - timedelta(days=1))


if __name__ == "__main__":
    if sys.argv[1:2] == ["end"]:
        end(sys.argv[2])
    else:
        call_command("migrate", interactive=False, verbosity=0)
        collect_static()
        print(json.dumps(found()))
