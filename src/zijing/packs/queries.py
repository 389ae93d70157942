"""Where the packs of the installation's folder stand with an office."""

from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from zijing.core.errors import DomainError
from zijing.packs.actions import diff, objections
from zijing.packs.changes import Change
from zijing.packs.contents import Pack
from zijing.packs.loader import available, find, load
from zijing.packs.models import Adoption
from zijing.people.access import Actor
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

    @property
    def current(self) -> bool:
        """Whether the office has exactly this pack."""
        return bool(self.adopted and self.pack and self.adopted.digest == self.pack.digest and not self.changes)


def statuses(actor: Actor, office: Place) -> list[Status]:
    """Every pack of the folder, those the office has first."""
    adopted = {a.pack.key: a for a in Adoption.objects.visible_to(actor).filter(office=office).select_related("pack")}
    found = [status(key, office, adopted.get(key)) for key in available(Path(settings.PACKS))]
    return sorted(found, key=lambda s: (s.adopted is None, s.key))


def status(key: str, office: Place, adopted: Adoption | None) -> Status:
    """One pack of the folder; ``Missing`` when there is none of this key."""
    try:
        pack = load(find(Path(settings.PACKS), key))
    except DomainError as error:
        return Status(key, None, adopted, problems=list(getattr(error, "errors", [error])))
    problems = objections(pack, [office])
    return Status(key, pack, adopted, [] if problems else diff(pack, [office]), problems)
