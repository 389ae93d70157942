"""The kinds there are, kept in memory while their stamp is the same: no page reads a description twice."""

from django.utils.translation import gettext_lazy as _

from zijing.core.errors import Missing
from zijing.core.stamps import Kept
from zijing.records.fields import Field
from zijing.records.models import Kind

_kept = Kept[dict[str, Kind]]()


def every_kind() -> dict[str, Kind]:
    """All kinds by key, in the order they were first applied. They are shared: nobody changes them."""
    return _kept.get("kinds", lambda: {k.key: k for k in Kind.objects.order_by("pk")})


def find_kind(key: str) -> Kind | None:
    """The kind of this key, if there is one."""
    return every_kind().get(key)


def kind_of(key: str) -> Kind:
    """The kind of this key; ``Missing`` when no pack describes it."""
    kind = find_kind(key)
    if kind is None:
        raise Missing(_("There is no kind of record called “%(key)s”."), key=key[:40])
    return kind


def class_field(kind: Kind) -> Field | None:
    """The field that says what a record of a kind is about: the first of one choice."""
    return next((f for f in kind.fields if f.type in {"choice", "tree"} and not f.several), None)
