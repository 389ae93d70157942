"""Public lists on the wall of the hall."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from zijing.cases.supervision import supervised
from zijing.core.worktime import day_of
from zijing.people.access import Actor
from zijing.web.hall import Shown, in_pages, wall
from zijing.web.supervision.forms import all_shown


def read(actor: Actor, now: datetime, _asked: Mapping[str, str]) -> Shown[Any]:
    """What is public of the lists within sight."""
    lines = all_shown(supervised(actor, public=True), day_of(now))
    return Shown(in_pages(lines), lambda some: {"lines": some, "n": len(lines)})


wall_page, screen_page = wall("supervision-wall", "supervision/wall.html", read)
