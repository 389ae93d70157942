"""The places there are, kept in memory while their stamp is the same."""

from zijing.core.stamps import Kept
from zijing.places.models import Place

_kept = Kept[dict[int, Place]]()


def every_place() -> dict[int, Place]:
    """All places of the installation by id. They are shared: nobody changes them."""
    return _kept.get("places", Place.objects.in_bulk)


def known_place(pk: int) -> Place | None:
    """The place with this id, if there is one."""
    return every_place().get(pk)
