"""Verbs on schemes: a pack's becomes a version when it is applied; a version is never changed."""

from datetime import datetime
from typing import Any

from zijing.assessment.models import Scheme, SchemeVersion

VERSIONED = ("definition", "since", "source")


def put_scheme(*, key: str, columns: dict[str, Any], at: datetime) -> Scheme:
    """Create or change a pack's scheme; what it says from now on is a new version, the old ones stay."""
    scheme, _made = Scheme._default_manager.update_or_create(key=key, defaults=columns)
    versions = SchemeVersion.objects.filter(scheme=scheme)
    last = versions.filter(office=None).order_by("-number").first()
    if last is None or any(getattr(last, name) != columns[name] for name in VERSIONED):
        said = {name: columns[name] for name in VERSIONED}
        SchemeVersion.objects.create(scheme=scheme, number=versions.count() + 1, made_at=at, **said)
    return scheme


def drop_scheme(scheme: Scheme) -> None:
    """Take a scheme away that was never used, with its versions."""
    SchemeVersion.objects.filter(scheme=scheme).delete()
    scheme.delete()
