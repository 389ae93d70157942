"""The green channel as a project's page shows it: since when and why, and the form that the reader may send."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zijing.people.access import Actor
from zijing.projects.actions.channel import RIGHT
from zijing.projects.models import GreenChannel
from zijing.projects.queries import ProjectPage
from zijing.web.cases.doing import NOT_REFUSED, WHY, Asked, Doing, Refusal

ENTER, LEAVE = "enter", "leave"


@dataclass(frozen=True)
class Standing:
    """A project's place in the green channel; ``begun`` is whether it counts on the day looked at."""

    one: GreenChannel
    begun: bool


def of_project(page: ProjectPage, actor: Actor, today: date, refused: Refusal = NOT_REFUSED) -> dict[str, Any]:
    """What a project's page says of the green channel."""
    project, one, form = page.project, page.channel, None
    if actor.may(RIGHT):
        form = leaving(one) if one else entering(today) if project.entry.closed_at is None else None
    if form:
        form = replace(form, action=reverse("channel", args=[project.pk])).given_back(refused)
    return {"channel": one and Standing(one, one.since <= today), "channel_form": form}


def entering(today: date) -> Doing:
    """How a project is put into the green channel."""
    asks = (Asked("since", _("From"), "date", value=today.isoformat()), WHY)
    into = _("Put into the green channel")
    note = _("Where crews are short its works come first; what others lose by it shows on their schedules.")
    return Doing(ENTER, into, ((ENTER, into),), asks, {"do": ENTER}, icon="flag", note=note)


def leaving(one: GreenChannel) -> Doing:
    """How it is taken out of it."""
    out = _("Take out of the green channel")
    return Doing(LEAVE, out, ((LEAVE, out),), (WHY,), {"do": LEAVE, "channel": str(one.pk)}, quiet=True)
