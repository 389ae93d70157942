"""Figures: what they count is a pack's definition; the daily cache; and what was published, frozen."""

from functools import cached_property

from django.db import models
from django.utils.translation import gettext_lazy as _

from zijing.journal.models import PathField
from zijing.people.access import Actor
from zijing.places.models import Place, under
from zijing.records.models import Kind, in_language


class Figure(models.Model):
    """A number of the office: a saved list view, a measure, a time field and the sentence that defines it."""

    class Measure(models.TextChoices):
        COUNT = "count", _("count")
        SUM = "sum", _("sum")
        LATEST = "latest", _("latest value")
        SHARE = "share", _("share")

    class Measures(models.TextChoices):
        OUTCOME = "outcome", _("outcome")
        EFFORT = "effort", _("effort")

    key = models.CharField(max_length=60, unique=True)
    title_zh = models.CharField(max_length=60)
    title_en = models.CharField(max_length=60)
    sentence_zh = models.CharField(max_length=300)
    sentence_en = models.CharField(max_length=300)
    kind = models.ForeignKey(Kind, models.PROTECT, null=True, related_name="figures")
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


class FigureDay(models.Model):
    """The one cache: how many records, and their sum, a figure has on a day below a place.

    ``n`` is None while the cell is dirty; ``version`` rises with every mark, so that a reader who counted before the
    change cannot overwrite the mark after it.
    """

    figure = models.ForeignKey(Figure, models.CASCADE, related_name="days")
    path = PathField(max_length=200)
    day = models.DateField()
    n = models.PositiveIntegerField(null=True)
    version = models.PositiveIntegerField(default=0)
    sum = models.DecimalField(max_digits=22, decimal_places=4, default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["figure", "path", "day"], name="one_cell_per_figure_path_day")]

    def __str__(self) -> str:
        return f"{self.figure_id} {self.path} {self.day}"


class PublicationQuerySet(models.QuerySet["Publication"]):
    """Reads of publications: an office's are seen inside it, and by its county."""

    def visible_to(self, actor: Actor) -> "PublicationQuerySet":
        return self.filter(under(actor.office_path, "office__path"))


class Publication(models.Model):
    """What was published, frozen: the values, the definition they follow, and the evidence behind them."""

    office = models.ForeignKey(Place, models.PROTECT, related_name="publications")
    key = models.CharField(max_length=60)
    period = models.DateField()
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
        return f"{self.key} {self.period}"
