"""What an assessment found: one run over a period, and a score for each member of the population."""

from functools import reduce
from operator import or_

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from zijing.assessment.models.schemes import Scheme, SchemeVersion
from zijing.figures.models import Publication
from zijing.journal.models import PathField
from zijing.people.access import Actor
from zijing.people.models import Post, Unit
from zijing.places.models import Place, at_and_above, under
from zijing.registers.models import Entry

OFFICES = Scheme.Population.OFFICES
READ, READ_POSTS, RUN = "assessment.read", "assessment.read_posts", "assessment.run"


# What may be scored: the column that names it.
MEMBERS = ("place", "unit", "entry", "post")


def exactly_one(*columns: str) -> Q:
    """The condition that one of some columns is filled, and no other."""
    each = (Q(**{f"{c}__isnull": c != filled for c in columns}) for filled in columns)
    return reduce(or_, each)


def computed_anew(run: str = "") -> Exists:
    """The condition that a run's period was computed anew; ``run`` is the path to it, with its "__" at the end."""
    later = Run.objects.filter(
        version__scheme=OuterRef(f"{run}version__scheme"), office=OuterRef(f"{run}office"),
        since=OuterRef(f"{run}since"), serial__gt=OuterRef(f"{run}serial"), provisional=False,
    )  # fmt: skip
    return Exists(later)


class RunQuerySet(models.QuerySet["Run"]):
    """Reads of runs: published ones inside the office and by its county, others by who may compute them; what a county
    published of its offices also by them.
    """

    def visible_to(self, actor: Actor) -> "RunQuerySet":
        above = Q(office__path__in=at_and_above(actor.office_path)[:-1], version__scheme__population=OFFICES)
        rows = self.filter(under(actor.office_path, "office__path") | above & Q(publication__isnull=False))
        if actor.may(RUN):
            return rows.filter(Q(office=actor.office_id) | Q(publication__isnull=False))
        if actor.may(READ) or actor.may(READ_POSTS):
            return rows.filter(publication__isnull=False)
        return rows.none()


class Run(models.Model):
    """A scheme computed over a period by one of its versions. ``provisional`` while the period is not over.

    ``serial`` counts the runs of a period; the last one holds. What was published is frozen, and stays as it is when a
    later run corrects it.
    """

    version = models.ForeignKey(SchemeVersion, models.PROTECT, related_name="runs")
    office = models.ForeignKey(Place, models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField()
    serial = models.PositiveSmallIntegerField(default=1)
    provisional = models.BooleanField(default=False)
    computed_at = models.DateTimeField()
    computed_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    members = models.PositiveIntegerField(default=0)
    publication = models.ForeignKey(Publication, models.PROTECT, null=True, related_name="+")

    objects = RunQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "office", "since", "serial"], name="one_run_per_serial"),
            models.CheckConstraint(condition=Q(since__lte=F("until")), name="run_begins_before_it_ends"),
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.since}..{self.until}"


class ScoreQuerySet(models.QuerySet["Score"]):
    """Reads of scores."""

    def visible_to(self, actor: Actor) -> "ScoreQuerySet":
        """Scores of published runs; a post's only to itself and to superiors who see its place.

        Boards show units, places, projects and enterprises, never persons (党政机关考核个人结果不公开排名).
        """
        runs = Run.objects.visible_to(actor)
        own = Q(post__isnull=False, post=actor.post_id) if actor.post_id else Q(pk__in=[])
        seen = own & Q(run__publication__isnull=False, run__provisional=False)
        if actor.path and actor.may(READ_POSTS):
            seen |= Q(post__isnull=False, run__in=runs.values("pk")) & under(actor.path)
        if actor.may(READ) or actor.may(RUN):
            seen |= Q(post=None, run__in=runs.values("pk"))
        return self.filter(seen)


class Score(models.Model):
    """A member's score: a place, a unit, a ledger's entry, or a post. ``total`` is None where nothing was known.

    ``low`` to ``high`` holds what the cases speak for (95 %); ``rank_from`` to ``rank_to`` the ranks that cannot be
    excluded; ``grouping`` numbers who cannot be told apart. ``breakdown`` keeps each item's value and points.
    """

    run = models.ForeignKey(Run, models.CASCADE, related_name="scores")
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    entry = models.ForeignKey(Entry, models.PROTECT, null=True, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    path = PathField(max_length=200)
    label = models.CharField(max_length=120)
    total = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    low = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    high = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    rank = models.PositiveIntegerField(null=True)
    rank_from = models.PositiveIntegerField(null=True)
    rank_to = models.PositiveIntegerField(null=True)
    grouping = models.PositiveIntegerField(null=True)
    moved = models.IntegerField(null=True)
    chance = models.FloatField(default=1.0)
    below = models.BooleanField(default=False)
    above = models.BooleanField(default=False, db_default=False)
    last = models.BooleanField(default=False)
    vetoed = models.BooleanField(default=False)
    exempt = models.CharField(max_length=12, blank=True)
    breakdown = models.JSONField(default=list)

    objects = ScoreQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=exactly_one(*MEMBERS), name="score_has_one_member"),
        ]
        indexes = [models.Index(fields=["post", "run"], name="score_of_post")]

    def __str__(self) -> str:
        return f"{self.label} {'' if self.total is None else self.total}".strip()

    @property
    def member(self) -> tuple[str, int]:
        """What is scored: the column that names it, and its id."""
        column = next(c for c in MEMBERS if getattr(self, f"{c}_id"))
        return column, getattr(self, f"{column}_id")

    @property
    def status(self) -> str:
        """How it stands in the table: exempt, vetoed, last, nothing known, or nothing of it."""
        if self.exempt:
            return str(_("exempt"))
        if self.vetoed:
            return str(_("vetoed"))
        return str(_("last")) if self.last else ""
