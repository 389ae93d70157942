"""Where the packs of the installation's folder stand with an office."""

from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from zijing.core.errors import DomainError, Several
from zijing.packs.actions import examine
from zijing.packs.changes import Change
from zijing.packs.contents import Pack
from zijing.packs.loader import available, find, load
from zijing.packs.models import Adoption
from zijing.packs.titles import title_of
from zijing.people.access import Actor, require
from zijing.places.models import Place


@dataclass(frozen=True)
class Status:
    """A pack beside what an office has: its edition there, what applying would change, and what speaks against it.

    ``pack`` is None when its folder has faults; ``problems`` names them then.
    """

    key: str
    pack: Pack | None
    adopted: Adoption | None
    changes: list[Change] = field(default_factory=list)
    problems: list[DomainError] = field(default_factory=list)

    def __str__(self) -> str:
        return title_of(self.key)

    @property
    def current(self) -> bool:
        """Whether the office has exactly this pack."""
        same = self.adopted and self.pack and self.adopted.digest == self.pack.digest
        return bool(same and not self.changes and not self.problems)


def statuses(actor: Actor) -> list[Status]:
    """Every pack of the folder beside what the actor's office has, those it has first."""
    require(actor, "packs.apply")
    found = [status(actor, key) for key in available(Path(settings.PACKS))]
    return sorted(found, key=lambda s: (s.adopted is None, s.key))


def status(actor: Actor, key: str) -> Status:
    """One pack of the folder; ``Missing`` when there is none of this key."""
    require(actor, "packs.apply")
    folder = find(Path(settings.PACKS), key)
    mine = Adoption.objects.visible_to(actor).filter(office=actor.office_id, pack__key=key)
    adopted = mine.select_related("pack").first()
    try:
        pack = load(folder)
    except Several as faults:
        return Status(key, None, adopted, problems=faults.errors)
    return Status(key, pack, adopted, *examine(pack, offices_with(actor, key)))


def offices_with(actor: Actor, key: str) -> list[Place]:
    """Where the actor applies a pack: the own office, and those below it that work with it already."""
    below = Adoption.objects.visible_to(actor).filter(pack__key=key).values_list("office", flat=True)
    return list(Place.objects.filter(pk__in={actor.office_id, *below}).order_by("path"))
