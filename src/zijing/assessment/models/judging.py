"""What follows from a score: proposals that a person decides on, observation periods, and appeals against it."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zijing.assessment.models.results import Score
from zijing.people.access import Actor
from zijing.people.models import Account, Post, Proposal


class OfScoreQuerySet(models.QuerySet[Any]):
    """Reads of what hangs on a score: whoever sees the score sees it."""

    score = "score__in"

    def visible_to(self, actor: Actor) -> "OfScoreQuerySet":
        return self.filter(**{self.score: Score.objects.visible_to(actor).values("pk")})


class Consequence(Proposal):
    """What a scheme proposes for a member. A red flag passes on besides, to who earns it next."""

    class Type(models.TextChoices):
        PRAISE = "praise", _("praise")
        RED_FLAG = "red_flag", _("rotating red flag")
        NAMING = "naming", _("naming at the meeting")
        ON_SITE = "on_site", _("on-site working")
        TALK = "talk", _("talk with a leader")
        ACCOUNTABILITY = "accountability", _("accountability")
        OBSERVATION = "observation", _("observation period")

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        CONFIRMED = "confirmed", _("confirmed")
        DROPPED = "dropped", _("dropped")
        LIFTED = "lifted", _("lifted")
        PASSED = "passed", _("passed on")

    score = models.ForeignKey(Score, models.PROTECT, related_name="consequences")
    type = models.CharField(max_length=16, choices=Type.choices)
    rule = models.CharField(max_length=200)
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.PROPOSED)

    objects = OfScoreQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["score", "type"], name="one_consequence_per_score_and_type")]

    def __str__(self) -> str:
        return f"{self.get_type_display()} {self.score.label}"


class ObservationQuerySet(OfScoreQuerySet):
    """Reads of observation periods."""

    score = "consequence__score__in"


class Observation(models.Model):
    """The observation period of who was last: its days, who helps how, and how it ended."""

    class Status(models.TextChoices):
        RUNNING = "running", _("running")
        EXITED = "exited", _("ended well")
        ENDED = "ended", _("ended without improvement")
        LIFTED = "lifted", _("lifted")

    consequence = models.OneToOneField(Consequence, models.PROTECT, related_name="observation")
    since = models.DateField()
    until = models.DateField()
    plan = models.CharField(max_length=500)
    helper = models.ForeignKey(Post, models.PROTECT, related_name="+")
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.RUNNING)
    reviews = models.PositiveSmallIntegerField(default=0)

    objects = ObservationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(since__lte=F("until")), name="observation_begins_before_it_ends")
        ]

    def __str__(self) -> str:
        return f"{self.consequence} {self.since}..{self.until}"


class Review(models.Model):
    """A look at an observation period on the way: what improved, and what follows."""

    class Verdict(models.TextChoices):
        GOES_ON = "goes_on", _("goes on")
        EXTENDED = "extended", _("extended")
        EXITED = "exited", _("ended well")
        ENDED = "ended", _("ended without improvement")

    observation = models.ForeignKey(Observation, models.CASCADE, related_name="looks")
    at = models.DateTimeField()
    by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    until = models.DateField(null=True)
    found = models.CharField(max_length=500)

    def __str__(self) -> str:
        return f"{self.observation_id} {self.verdict}"


class Appeal(models.Model):
    """A member's objection to a score, within the days the scheme gives, decided by a post that had no part in it."""

    class Status(models.TextChoices):
        OPEN = "open", _("waiting")
        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("refused")

    score = models.OneToOneField(Score, models.PROTECT, related_name="appeal")
    text = models.CharField(max_length=1000)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Post, models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.OPEN)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=500, blank=True)

    objects = OfScoreQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.score} {self.get_status_display()}"
