"""The administrator's verb: take over a pack of the installation's folder as it lies there."""

from datetime import datetime
from pathlib import Path

from django.conf import settings

from zijing.packs.actions import apply
from zijing.packs.changes import Change
from zijing.packs.loader import find, load
from zijing.packs.models import Adoption
from zijing.packs.queries import offices_with
from zijing.people.access import Actor, require


def take_over(*, actor: Actor, at: datetime, key: str) -> list[Change]:
    """Apply the pack ``key`` to the actor's office and those below it that have it; returns what changed.

    ``Missing`` when the folder holds no such pack; ``Several`` names its faults, or what speaks against it.
    """
    require(actor, "packs.apply")
    pack = load(find(Path(settings.PACKS), key))
    taken = Adoption.objects.visible_to(actor).filter(pack__key=key)
    return apply(actor=actor, at=at, pack=pack, offices=offices_with(actor, taken))
