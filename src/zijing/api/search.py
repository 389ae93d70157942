"""Search within sight."""

from typing import Any

from ninja import Router, Schema

from zijing.api.auth import ApiRequest
from zijing.search.models import Group
from zijing.search.queries import Hit, find

router = Router(tags=["search"])


class HitOut(Schema):
    """Something found: a record by noun and id; a place, unit or post by table. ``rank`` 0 (its code) is the best."""

    table: str
    id: int
    group: str
    noun: str
    kind: str
    title: str
    code: str
    rank: int


class FoundOut(Schema):
    """What was found, the best first; ``behind`` entries of the journal have not been looked at yet."""

    hits: list[HitOut]
    behind: int


@router.get("/search", response=FoundOut, summary="Search")
def search(request: ApiRequest, q: str = "") -> Any:
    """Names, codes, numbers, words of two characters and initials (zjl: 紫荆路); at most 30 of each group."""
    found = find(request.auth.actor, q)
    return {"hits": [_out(hit) for hit in found.hits], "behind": found.behind}


def _out(hit: Hit) -> dict[str, Any]:
    facts = {name: getattr(hit, name) for name in ("noun", "kind", "title", "code", "rank")}
    return {"table": hit.label, "id": hit.pk, "group": Group(hit.group).name.lower(), **facts}
