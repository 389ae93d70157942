"""How members of a population are assessed: schemes, and the versions of them that hold from a day on."""

from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from zijing.assessment.definition import SchemeSpec
from zijing.people.access import Actor
from zijing.people.models import Post
from zijing.places.models import Place, under
from zijing.records.models import in_language


class SchemeQuerySet(models.QuerySet["Scheme"]):
    """Reads of schemes."""

    def visible_to(self, _actor: Actor) -> "SchemeQuerySet":
        """How somebody is assessed is no secret: rules are public before they hold."""
        return self.all()


class Scheme(models.Model):
    """A scheme as its pack says it now; what it said before stays in its versions."""

    class Population(models.TextChoices):
        PROJECTS = "projects", _("projects")
        POSTS = "posts", _("posts")
        COMMUNITIES = "communities", _("communities")
        UNITS = "units", _("units")
        ENTERPRISES = "enterprises", _("enterprises")
        OFFICES = "offices", _("offices")

    class Period(models.TextChoices):
        WEEK = "week", _("week")
        MONTH = "month", _("month")
        QUARTER = "quarter", _("quarter")
        YEAR = "year", _("year")

    key = models.CharField(max_length=40, unique=True)
    title_zh = models.CharField(max_length=60)
    title_en = models.CharField(max_length=60)
    population = models.CharField(max_length=12, choices=Population.choices)
    period = models.CharField(max_length=8, choices=Period.choices)
    since = models.DateField()
    source = models.CharField(max_length=200, blank=True)
    definition = models.JSONField(default=dict)
    pack = models.CharField(max_length=40)

    objects = SchemeQuerySet.as_manager()

    def __str__(self) -> str:
        return in_language(self.title_zh, self.title_en)


class SchemeVersionQuerySet(models.QuerySet["SchemeVersion"]):
    """Reads of versions: a pack's are open to all, an office's own are seen inside it and by its county."""

    def visible_to(self, actor: Actor) -> "SchemeVersionQuerySet":
        return self.filter(Q(office=None) | under(actor.office_path, "office__path"))


class SchemeVersion(models.Model):
    """What a scheme says from a day on: a pack's (no ``office``) or an office's own. No verb changes what it says; an
    office's own may be withdrawn before its first day, and keeps its number.
    """

    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="versions")
    office = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    number = models.PositiveSmallIntegerField()
    since = models.DateField()
    until = models.DateField(null=True)
    source = models.CharField(max_length=200, blank=True)
    definition = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    objects = SchemeVersionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scheme", "number"], name="one_scheme_version_per_number")]

    def __str__(self) -> str:
        return f"{self.scheme} · {self.number}"

    @cached_property
    def spec(self) -> SchemeSpec:
        """The version as it was checked when it was made."""
        s = self.scheme
        return SchemeSpec.model_validate(
            self.definition
            | {"key": s.key, "title": {"zh": s.title_zh, "en": s.title_en}, "population": s.population}
            | {"period": s.period, "since": self.since, "source": self.source}
        )
