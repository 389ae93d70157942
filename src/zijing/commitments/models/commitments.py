"""What was promised: goals, indicators, tasks, milestones, duties; where each stands in its plan, how it ended."""

from datetime import date
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from zijing.activities.models import Activity
from zijing.journal.models import PathField
from zijing.people.models import Post
from zijing.records.models import Record, ledger_indexes
from zijing.registers.models import Entry

LONGEST_LINEAGE = 240


class Sort(models.TextChoices):
    """The five sorts of promise; a pack says of each kind which it is."""

    GOAL = "goal", _("goal")
    INDICATOR = "indicator", _("indicator")
    TASK = "task", _("task")
    MILESTONE = "milestone", _("milestone")
    DUTY = "duty", _("duty")


class Commitment(Record):
    """A promise: how much, until when. ``quantity`` is the target; ``happened_on`` the day it runs from.

    ``lineage`` holds the ids from the top of the tree down to this one ("/4/17/"): a subtree is an index range.
    ``position`` orders it among its siblings. The columns from ``bound`` to ``counts`` repeat fields of the kind with
    these names (``columns_of_promise``), so that a plan is read without opening every JSON.
    """

    class Bound(models.TextChoices):
        AT_LEAST = "ge", _("at least")
        AT_MOST = "le", _("at most")
        MORE = "gt", _("more than")
        EXACTLY = "eq", _("exactly")

    class Rule(models.TextChoices):
        """How the progress of one with others below it follows from theirs; without a rule see ``progress``."""

        OWN = "own", _("its own value")
        MEAN = "mean", _("mean of those below")
        WEIGHTED = "weighted", _("mean by weight")
        DONE = "done", _("share of those done")
        SUM = "sum", _("sum of their values")

    seen_through = (("registers.entry", "subject_id"),)

    subject = models.ForeignKey(Entry, models.PROTECT, null=True, related_name="commitments")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    lineage = PathField(max_length=LONGEST_LINEAGE, default="", db_default="")
    position = models.PositiveIntegerField(default=0, db_default=0)
    deadline = models.DateField(null=True)
    figure = models.CharField(max_length=60, blank=True)
    bound = models.CharField(max_length=2, blank=True, choices=Bound.choices, default="", db_default="")
    measure = models.CharField(max_length=20, blank=True, default="", db_default="")
    baseline = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    rule = models.CharField(max_length=8, blank=True, choices=Rule.choices, default="", db_default="")
    weight = models.DecimalField(max_digits=8, decimal_places=3, default=Decimal(1), db_default=Decimal(1))
    recurrence = models.CharField(max_length=20, blank=True, default="", db_default="")
    counts = models.CharField(max_length=40, blank=True, default="", db_default="")
    standard = models.CharField(max_length=300, blank=True, default="", db_default="")
    deliverable = models.CharField(max_length=200, blank=True, default="", db_default="")
    confirmed_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=200, blank=True, default="", db_default="")

    class Meta(Record.Meta):
        indexes = [
            *Record.Meta.indexes,
            *ledger_indexes("commitment"),
            models.Index(fields=["deadline"], name="commitment_deadline"),
            models.Index(fields=["lineage"], name="commitment_lineage"),
        ]

    @property
    def due_day(self) -> date | None:
        return self.deadline

    @property
    def sort(self) -> str:
        """Which of the five it is; a task where its kind does not say."""
        return str(self.kind.definition.get("promise") or Sort.TASK)

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def root(self) -> int:
        """The id of the plan it stands in: itself at the top of a tree."""
        return int(self.lineage.split("/", 2)[1]) if self.lineage else self.pk


class Origin(models.Model):
    """Where a promise was made: a document and the sentence in it, or a meeting.

    ``start`` and ``end`` are offsets in characters of the document's text, ``sentence`` counts from 1.
    """

    commitment = models.OneToOneField(Commitment, models.CASCADE, related_name="origin")
    document = models.CharField(max_length=120)
    digest = models.CharField(max_length=64, blank=True)
    start = models.PositiveIntegerField(null=True)
    end = models.PositiveIntegerField(null=True)
    sentence = models.PositiveIntegerField(null=True)
    quote = models.CharField(max_length=1000, blank=True)
    meeting = models.ForeignKey(Activity, models.PROTECT, null=True, related_name="decisions")

    def __str__(self) -> str:
        return self.document


class Retarget(models.Model):
    """A target or a deadline was changed: what it was, what it became, why, when, by whom. Only ever added to."""

    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="retargets")
    old_quantity = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    new_quantity = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    old_deadline = models.DateField(null=True)
    new_deadline = models.DateField(null=True)
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["at"], name="retarget_at")]

    def __str__(self) -> str:
        return self.reason
