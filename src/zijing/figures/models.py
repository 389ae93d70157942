"""Figures: what they count, now and in earlier versions; the daily cache; and what was published, frozen."""

from functools import cached_property

from django.db import models
from django.utils.translation import gettext_lazy as _

from zijing.journal.models import PathField
from zijing.people.access import Actor
from zijing.people.models import Post
from zijing.places.models import Place, under
from zijing.records.models import Kind, in_language


class Figure(models.Model):
    """A number of the office: a saved list view, a measure, a time field and the sentence that defines it.

    What a filter cannot express is ``declared`` in Python (``zijing.figures.registry``): it counts the records of a
    ``noun`` whatever their kind. Either way the row here is what pages, caches and publications refer to.
    """

    class Measure(models.TextChoices):
        COUNT = "count", _("count")
        SUM = "sum", _("sum")
        LATEST = "latest", _("latest value")
        SHARE = "share", _("share of two figures")
        MEDIAN = "median", _("median")
        P90 = "p90", _("what nine in ten keep within")
        MEAN = "mean", _("mean")

    class Measures(models.TextChoices):
        OUTCOME = "outcome", _("outcome")
        EFFORT = "effort", _("effort")

    key = models.CharField(max_length=60, unique=True)
    title_zh = models.CharField(max_length=60)
    title_en = models.CharField(max_length=60)
    sentence_zh = models.CharField(max_length=300)
    sentence_en = models.CharField(max_length=300)
    kind = models.ForeignKey(Kind, models.PROTECT, null=True, related_name="figures")
    noun = models.CharField(max_length=12, blank=True)
    declared = models.BooleanField(default=False)
    filter = models.CharField(max_length=200, blank=True)
    measure = models.CharField(max_length=8, choices=Measure.choices)
    of = models.CharField(max_length=120, blank=True)
    time = models.CharField(max_length=20, blank=True)
    unit = models.CharField(max_length=12, blank=True)
    decimals = models.PositiveSmallIntegerField(default=0)
    measures = models.CharField(max_length=8, choices=Measures.choices)
    owner = models.CharField(max_length=60, blank=True)
    since = models.DateField()
    pack = models.CharField(max_length=40)
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return in_language(self.title_zh, self.title_en)

    @property
    def sentence(self) -> str:
        """What is counted, in one sentence."""
        return in_language(self.sentence_zh, self.sentence_en)

    @cached_property
    def inputs(self) -> tuple[str, str]:
        """The keys of a share's two figures."""
        part, _slash, whole = self.of.partition("/")
        return part, whole

    @property
    def counted_noun(self) -> str:
        """The noun of the records counted ("" for a share)."""
        return self.kind.noun if self.kind else self.noun

    @property
    def adds_up(self) -> bool:
        """Whether the figure of two days is the sum of theirs."""
        return self.measure in {self.Measure.COUNT, self.Measure.SUM}


class FigureVersion(models.Model):
    """What a figure said before its definition changed: old numbers are read by old sentences."""

    figure = models.ForeignKey(Figure, models.CASCADE, related_name="versions")
    version = models.PositiveIntegerField()
    definition = models.JSONField(default=dict)
    replaced_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["figure", "version"], name="one_definition_per_version")]

    def __str__(self) -> str:
        return f"{self.figure_id} {self.version}"

    @property
    def title(self) -> str:
        return in_language(self.definition["title_zh"], self.definition["title_en"])

    @property
    def sentence(self) -> str:
        return in_language(self.definition["sentence_zh"], self.definition["sentence_en"])


class FigureDay(models.Model):
    """The one cache: how many records, and their sum, a figure has on a day below a place.

    ``n`` is None while the cell is dirty; ``version`` rises with every mark, so that a reader who counted before the
    change cannot overwrite the mark after it. ``total`` is whole numbers of the measure's smallest unit (fen,
    ten-thousandths), so that sums are exact in every database.
    """

    figure = models.ForeignKey(Figure, models.CASCADE, related_name="days")
    path = PathField(max_length=200)
    day = models.DateField()
    n = models.PositiveIntegerField(null=True)
    version = models.PositiveIntegerField(default=0)
    total = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["figure", "path", "day"], name="one_cell_per_figure_path_day")]
        indexes = [models.Index(fields=["path", "day"], name="cell_of_path_and_day")]

    def __str__(self) -> str:
        return f"{self.figure_id} {self.path} {self.day}"


class PublicationQuerySet(models.QuerySet["Publication"]):
    """Reads of publications: an office's are seen inside it, and by its county."""

    def visible_to(self, actor: Actor) -> "PublicationQuerySet":
        return self.filter(under(actor.office_path, "office__path"))


class Publication(models.Model):
    """What was published, frozen: the values, the definition they follow, and the evidence behind them.

    ``period`` is the first day counted. A publication of figures also has its last day, the place it covers (None: the
    office) and a title; its evidence holds, by figure, the ids and revisions of the records counted.
    """

    office = models.ForeignKey(Place, models.PROTECT, related_name="publications")
    key = models.CharField(max_length=60)
    title = models.CharField(max_length=120, blank=True)
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    period = models.DateField()
    until = models.DateField(null=True)
    published_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField()
    definition = models.JSONField(default=dict)
    values = models.JSONField(default=dict)
    evidence = models.BinaryField()
    digest = models.CharField(max_length=64)
    journal_seq = models.BigIntegerField()
    journal_digest = models.CharField(max_length=64)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["office", "key", "period"], name="published_once_per_period")]

    def __str__(self) -> str:
        return self.title or f"{self.key} {self.period}"
