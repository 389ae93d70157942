"""Where the packs of the installation's folder stand with an office."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet

from zijing.core.errors import DomainError, Several
from zijing.packs.actions import examine
from zijing.packs.changes import Change
from zijing.packs.contents import Pack
from zijing.packs.loader import available, find, load
from zijing.packs.models import Adoption
from zijing.packs.standing import Standing
from zijing.packs.titles import title_of
from zijing.people.access import Actor, require
from zijing.places.known import every_place
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


def adopted(actor: Actor) -> "QuerySet[Adoption, str]":
    """The keys of the packs that the actor's own office has."""
    mine = Adoption.objects.visible_to(actor).filter(office=actor.office_id)
    return mine.values_list("pack__key", flat=True)


def statuses(actor: Actor) -> list[Status]:
    """Every pack of the folder beside what the actor's office has, those it has first."""
    require(actor, "packs.apply")
    found = _beside(actor, available(Path(settings.PACKS)))
    return sorted(found, key=lambda s: (s.adopted is None, s.key))


def status(actor: Actor, key: str) -> Status:
    """One pack of the folder; ``Missing`` when there is none of this key."""
    require(actor, "packs.apply")
    find(Path(settings.PACKS), key)
    return _beside(actor, [key])[0]


def _beside(actor: Actor, keys: Iterable[str]) -> list[Status]:
    """Packs of the folder beside what stands, which is read once for all of them."""
    standing, taken = Standing.read(), defaultdict(list)
    for adoption in Adoption.objects.visible_to(actor).select_related("pack"):
        taken[adoption.pack.key].append(adoption)
    return [_status(actor, key, standing, taken[key]) for key in keys]


def _status(actor: Actor, key: str, standing: Standing, taken: list[Adoption]) -> Status:
    adopted = next((a for a in taken if a.office_id == actor.office_id), None)
    try:
        pack = load(find(Path(settings.PACKS), key))
    except Several as faults:
        return Status(key, None, adopted, problems=faults.errors)
    return Status(key, pack, adopted, *examine(pack, standing, offices_with(actor, taken)))


def offices_with(actor: Actor, taken: Iterable[Adoption]) -> list[Place]:
    """Where the actor applies a pack: the own office, and those below it that have ``taken`` it already."""
    offices = {actor.office_id, *(a.office_id for a in taken)}
    return sorted((every_place()[pk] for pk in offices), key=lambda place: place.path)
