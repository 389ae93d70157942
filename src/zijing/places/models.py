"""Where: the division tree from county to grid, with dated official codes and own boundaries."""

from datetime import date, timedelta
from typing import Any, Protocol

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from zijing.journal.models import PathField


class Sighted(Protocol):
    """Whoever looks at places: sees those of the own office and below."""

    @property
    def office_path(self) -> str: ...


class Level(models.TextChoices):
    """What a place is; an office is a place of county or town level."""

    COUNTY = "county", _("county")
    OFFICE = "office", _("subdistrict / town")
    COMMUNITY = "community", _("community")
    VILLAGE = "village", _("village")
    GRID = "grid", _("grid")


OFFICES = (Level.COUNTY, Level.OFFICE)


def at_and_above(path: str) -> list[str]:
    """The paths of a place and of every place it lies in, the highest first."""
    parts = path.strip("/").split("/")
    return ["/" + "/".join(parts[: n + 1]) + "/" for n in range(len(parts))]


def under(prefix: str, field: str = "path") -> Q:
    """The condition that ``field`` lies at or below the place path ``prefix``, as an index range."""
    return Q(**{f"{field}__gte": prefix, f"{field}__lt": prefix[:-1] + "0"})


class PlaceQuerySet(models.QuerySet["Place"]):
    """Reads of places."""

    def visible_to(self, actor: Sighted) -> "PlaceQuerySet":
        """The places of the actor's office and below; names of places are no secret inside an office."""
        return self.filter(under(actor.office_path))

    def offices(self) -> "PlaceQuerySet":
        return self.filter(level__in=OFFICES)

    def by_code(self) -> "PlaceQuerySet":
        """In the order of the division codes they carry now, as official lists name them."""
        carried = PlaceCode.objects.filter(place=OuterRef("pk"), until=None)
        return self.order_by(Subquery(carried.values("code")[:1]), "name")

    def standing(self) -> "PlaceQuerySet":
        """The places there are now: those merged into another have ended."""
        return self.filter(merged_into=None)

    def with_code(self, code: str, on: date | None = None) -> "PlaceQuerySet":
        """The place that carries ``code`` now, or carried it on a day: a code may be given anew after a merger."""
        if on is None:
            return self.filter(codes__code=code, codes__until=None)
        carried = Q(codes__until=None) | Q(codes__until__gte=on)
        return self.filter(carried, codes__code=code, codes__since__lte=on)


class PlaceCodeQuerySet(models.QuerySet["PlaceCode"]):
    """Reads of codes: a place's codes are as visible as the place."""

    def visible_to(self, actor: Sighted) -> "PlaceCodeQuerySet":
        return self.filter(under(actor.office_path, "place__path"))


class Place(models.Model):
    """A place with an immutable id and a path of ids; the official code is a dated attribute (``PlaceCode``)."""

    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    office = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    path = PathField(max_length=200, unique=True)
    level = models.CharField(max_length=12, choices=Level.choices)
    name = models.CharField(max_length=60)
    geometry = models.JSONField(null=True)
    clock_shift = models.DurationField(default=timedelta)
    demo = models.BooleanField(default=False)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")

    objects = PlaceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["parent", "name"], condition=Q(merged_into=None), name="one_place_per_name_and_parent"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_office(self) -> bool:
        return self.level in OFFICES

    @property
    def own_office_id(self) -> int:
        """The id of the office this place belongs to; an office belongs to itself."""
        return self.pk if self.is_office else int(self.office_id or 0)

    def feature(self, **properties: Any) -> dict[str, Any]:
        """The place as a GeoJSON feature (RFC 7946)."""
        facts = {"id": self.pk, "name": self.name, "level": self.level, **properties}
        return {"type": "Feature", "id": self.pk, "geometry": self.geometry, "properties": facts}


class PlaceCode(models.Model):
    """An official code of a place, from one day to another: division codes change, ids do not."""

    place = models.ForeignKey(Place, models.CASCADE, related_name="codes")
    code = models.CharField(max_length=15)
    edition = models.CharField(max_length=20, default="2020")
    since = models.DateField()
    until = models.DateField(null=True)

    objects = PlaceCodeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code"], condition=Q(until=None), name="one_place_per_current_code"),
        ]

    def __str__(self) -> str:
        return self.code
