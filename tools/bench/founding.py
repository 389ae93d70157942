"""An office to file cases in: prints a JSON line with its key and grids. Run in the installation's environment."""

import json
from datetime import datetime
from typing import Any

import measuring

measuring.set_up()

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from zijing.packs import loader
from zijing.packs.actions import apply
from zijing.people.access import system_actor
from zijing.people.actions import issue_token, put_posts, put_units
from zijing.people.models import Unit
from zijing.places.actions import found_office, put_places
from zijing.places.models import Place
from zijing.records.models import Kind

CODE, COMMUNITIES, GRIDS = "410181005000", 10, 10


def found() -> dict[str, Any]:
    """Found the office with packs, places, committees and one key; what a client needs to know."""
    call_command("migrate", interactive=False, verbosity=0)
    at = timezone.now()
    office = found_office(code=CODE, name="紫荆路街道", at=at)
    for pack in ("base", "project-drive"):
        apply(at=at, pack=loader.load(loader.find(settings.PACKS, pack)), offices=[office])
    places(office, at)
    staff(office, at)
    kind = Kind.objects.get(key="issue")
    Kind.objects.filter(pk=kind.pk).update(definition=dict(kind.definition) | {"receiver": "place"})
    key = issue_token(actor=system_actor(office, "bench"), at=at, username="bench", post_code="bench", label="bench")
    grids = list(Place.objects.filter(level="grid").order_by("pk").values_list("pk", flat=True))
    return {"key": key, "office": office.pk, "grids": grids}


def places(office: Place, at: datetime) -> None:
    """Communities in a column each, their grids one above the other."""
    rows = []
    for c in range(1, COMMUNITIES + 1):
        own = f"{CODE[:9]}{c:03}"
        rows.append(_place(f"社区{c:02}", own, "community", CODE, (c, 1), GRIDS))
        rows += [_place(f"社区{c:02}第{g}网格", f"{own}{g:03}", "grid", own, (c, g)) for g in range(1, GRIDS + 1)]
    put_places(actor=system_actor(office, "bench"), at=at, rows=rows)


def _place(name: str, code: str, level: str, parent: str, where: tuple[int, int], height: int = 1) -> dict[str, Any]:
    x, y = 113.0 + where[0] * 0.01, 34.7 + where[1] * 0.01
    top = y + height * 0.01
    ring = [[x, y], [x + 0.01, y], [x + 0.01, top], [x, top], [x, y]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    return {"name": name, "code": code, "level": level, "parent": parent, "geometry": shape}


def staff(office: Place, at: datetime) -> None:
    """A committee for every community, and the post that files."""
    system = system_actor(office, "bench")
    communities = Place.objects.filter(parent=office).order_by("pk")
    units = [
        {"code": f"C{n:02}", "name": f"{p.name}居委会", "kind": "community_committee", "place": p}
        for n, p in enumerate(communities, 1)
    ]
    put_units(actor=system, at=at, rows=units)
    unit = Unit.objects.select_related("place").get(office=office, code="C01")
    post = {"code": "bench", "title": "网格员", "unit": unit, "role": "grid", "place": unit.place, "account": "bench"}
    put_posts(actor=system, at=at, rows=[post | {"since": timezone.localdate(at)}])


if __name__ == "__main__":
    print(json.dumps(found()))
