"""The documents of the replay: Monday's bulletin on projects, and one notice that waits to be signed."""

from collections.abc import Iterator
from datetime import date, datetime
from functools import partial

from zijing.core.worktime import DAY
from zijing.demo.chance import identity
from zijing.demo.days import moment, monday, workday
from zijing.demo.world import Happening, World
from zijing.documents.actions import Wanted, check, confirm_receipt, draft, issue, reply, sign, submit
from zijing.documents.models import Document, Template
from zijing.people.models import Unit
from zijing.projects.models import Project

BULLETINS = (date(2020, 9, 21), date(2020, 9, 28), date(2020, 10, 12))
NOTICE = date(2020, 10, 14)
TO = "各村（社区）、各科室、各项目专班："


def on(world: World, day: date) -> Iterator[Happening]:
    """On some Mondays last week's bulletin; in October a notice about a project that has fallen behind."""
    if not world.projects:
        return
    if day in BULLETINS:
        yield Happening(moment(day, 10, 30), "bulletin", partial(_bulletin, world, day, moment(day, 10, 30)))
    if day == NOTICE:
        yield Happening(moment(day, 15, 10), "supervision notice", partial(_notice, world, day, moment(day, 15, 10)))


def _drafted(
    world: World, at: datetime, key: str, since: date, until: date, wanted: Wanted, about: Project | None = None
) -> Document:
    template = Template.objects.get(key=key, office=None)
    return draft(
        actor=world.cast.one("project_office"), at=at, template=template, place=world.office, since=since, until=until,
        client_id=identity("document", key, since), wanted=wanted, about=about.entry if about else None,
    )  # fmt: skip


def _bulletin(world: World, day: date, at: datetime) -> int:
    """Drafted, checked, signed and issued within the morning; the first team confirms it has come."""
    since = monday(day) - DAY * 7
    units = [u for u in world.units.values() if u.kind == Unit.Kind.TASK_TEAM][:6]
    wanted = Wanted(addressed_to=TO, recipients=units)
    document = _drafted(world, at, "weekly-bulletin", since, since + DAY * 6, wanted)
    clerk = world.cast.one("project_office")
    submit(actor=clerk, at=at, document=document, seen=document.revision)
    check(actor=world.cast.one("leader"), at=at, document=document)
    sign(actor=world.cast.one("secretary"), at=at, document=document)
    issue(actor=clerk, at=at, document=document)
    return 5 + _received(world, document, at)


def _received(world: World, document: Document, at: datetime) -> int:
    recipient = document.recipients.order_by("pk").first()
    actor = world.cast.in_unit(recipient.unit_id, "projects.report") if recipient else None
    if recipient is None or actor is None:
        return 0
    confirm_receipt(actor=actor, at=at, recipient=recipient)
    if document.reply_by:
        reply(actor=actor, at=at, recipient=recipient, text="已倒排工期，本周内恢复到计划进度。")
    return 1


def _notice(world: World, day: date, at: datetime) -> int:
    """Checked, and for the secretary to sign when the replay stops."""
    project = world.projects[0]
    team = world.cast.team_unit(project.pk)
    units = [u for u in world.units.values() if u.pk == team]
    wanted = Wanted(recipients=units, addressed_to="项目专班：")
    document = _drafted(world, at, "supervision-notice", workday(day), day, wanted, about=project)
    submit(actor=world.cast.one("project_office"), at=at, document=document, seen=document.revision)
    check(actor=world.cast.one("leader"), at=at, document=document)
    return 3
