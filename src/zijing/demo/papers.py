"""The papers of the replay: the plan of the last quarter, read and not yet decided on. Synthetic."""

from collections.abc import Iterator
from datetime import date, datetime
from functools import partial
from pathlib import Path

from django.conf import settings

from zijing.commitments.actions import keep_paper
from zijing.demo.chance import identity
from zijing.demo.days import moment
from zijing.demo.world import Happening, World

KEPT, FILE = date(2020, 10, 14), "quarter.txt"


def on(world: World, day: date) -> Iterator[Happening]:
    """On one day a section has the quarter's plan read."""
    if day == KEPT and "goal" in world.kinds:
        at = moment(day, 11, 20)
        yield Happening(at, "read the quarter's plan", partial(_keep, world, at))


def _keep(world: World, at: datetime) -> int:
    text = (Path(settings.DEMO_FOLDER) / FILE).read_text(encoding="utf-8")
    actor = world.cast.one("project_office")
    keep_paper(actor=actor, at=at, title="", text=text, client_id=identity("paper", FILE))
    return 1
