"""The figures there are, kept in memory while their stamp is the same: a page of numbers reads no definition twice."""

from django.utils.translation import gettext_lazy as _

from zijing.core.errors import Missing
from zijing.core.stamps import Kept
from zijing.figures.models import Figure

_kept = Kept[dict[str, Figure]]()


def every(pack: str = "") -> list[Figure]:
    """Every figure, by pack and in its order. They are shared: nobody changes them."""
    return [figure for figure in _known().values() if not pack or figure.pack == pack]


def known(key: str) -> Figure | None:
    """The figure of this key, if there is one."""
    return _known().get(key)


def find(key: str) -> Figure:
    """The figure of this key; ``Missing`` when there is none."""
    found = known(key)
    if found is None:
        raise Missing(_("There is no figure “%(key)s”."), key=key)
    return found


def _known() -> dict[str, Figure]:
    rows = Figure.objects.select_related("kind").order_by("declared", "pack", "pk")
    return _kept.get("figures", lambda: {f.key: f for f in rows})
