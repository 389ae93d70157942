"""Verbs on the green channel: put a project into it, and take it out again, each with a reason."""

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from zijing.core.errors import Conflict, Invalid
from zijing.core.worktime import DAY, day_of
from zijing.journal.acting import act
from zijing.people.access import Actor, require
from zijing.projects.actions.layouts import in_sight
from zijing.projects.actions.planning import plan
from zijing.projects.models import GreenChannel, Project
from zijing.registers.models import Entry

RIGHT = "projects.channel"
AHEAD = DAY * 366


def put_in_channel(
    *, actor: Actor, at: datetime, project: Project, reason: str, since: date | None = None
) -> GreenChannel:
    """Let a project come first from a day on, by default today; schedules are planned anew.

    What was shown of past days stays: it begins today or later. ``Conflict`` where it is in the channel already.
    """
    require(actor, RIGHT)
    in_sight(actor, project)
    today = day_of(at)
    since = since or today
    if not reason.strip():
        raise Invalid(_("Say why."), field="reason")
    if not today <= since <= today + AHEAD:
        raise Invalid(_("The green channel begins today or within a year."), field="since")
    with act(actor, at) as a:
        entry = Entry.objects.select_for_update(of=("self",)).get(pk=project.pk)
        if entry.closed_at is not None:
            raise Conflict(_("“%(title)s” has ended; the step does not fit any more."), title=str(entry))
        if GreenChannel.objects.standing().filter(project=project).exists():
            raise Conflict(_("This project is in the green channel already."))
        made = GreenChannel.objects.create(
            project=project, since=since, reason=reason.strip()[:500], put_at=at, put_by_id=actor.post_id
        )
        a.record("projects.enter_channel", entry, {"green_channel": [None, since]})
        plan(actor=actor, at=at, office=project.entry.office, right=RIGHT)
        return made


def take_out_of_channel(*, actor: Actor, at: datetime, channel: GreenChannel, reason: str) -> None:
    """Let a project come first no longer from today on; ``Conflict`` when somebody else was faster."""
    require(actor, RIGHT)
    in_sight(actor, channel.project)
    if not reason.strip():
        raise Invalid(_("Say why."), field="reason")
    with act(actor, at) as a:
        ended = {"until": day_of(at), "ended_at": at, "ended_by": actor.post_id, "end_reason": reason.strip()[:500]}
        if not GreenChannel.objects.standing().filter(pk=channel.pk).update(**ended):
            raise Conflict(_("This project is not in the green channel any more."))
        a.record("projects.leave_channel", channel.project.entry, {"green_channel": [channel.since, None]})
        plan(actor=actor, at=at, office=channel.project.entry.office, right=RIGHT)
