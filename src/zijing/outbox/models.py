"""Work that is done behind the pages: an office's rhythms, what a person asked for, the pulse of the machinery."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from zijing.people.access import Actor
from zijing.people.models import Account, Post
from zijing.places.models import Place


class Rhythm(models.Model):
    """A task an office repeats every working day, week or month at a time of day; data of a pack."""

    class Every(models.TextChoices):
        WORKDAY = "workday", _("working day")
        WEEK = "week", _("week")
        MONTH = "month", _("month")

    office = models.ForeignKey(Place, models.CASCADE, related_name="rhythms")
    key = models.CharField(max_length=40)
    task = models.CharField(max_length=60)
    every = models.CharField(max_length=8, choices=Every.choices)
    on = models.CharField(max_length=12, blank=True)
    at = models.TimeField()
    title_zh = models.CharField(max_length=80)
    title_en = models.CharField(max_length=80)
    source = models.CharField(max_length=200, blank=True)
    pack = models.CharField(max_length=40)
    next_at = models.DateTimeField()
    last_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["office", "key"], name="one_rhythm_per_key")]
        indexes = [models.Index(fields=["office", "next_at"], name="rhythm_due")]

    def __str__(self) -> str:
        return self.title_zh


class Pulse(models.Model):
    """When a part of the machinery last did its work, and last failed at it; in real time, never an office's clock.

    ``every`` is how often it is expected to succeed; without one it only happens when somebody asks for it. ``office``
    is empty for what serves the whole installation.
    """

    class State(models.TextChoices):
        WELL = "well", _("working")
        FAILING = "failing", _("failing")
        SILENT = "silent", _("silent")

    name = models.CharField(max_length=40)
    office = models.ForeignKey(Place, models.CASCADE, null=True, related_name="+")
    every = models.DurationField(null=True)
    succeeded_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "office"], name="one_pulse_per_office"),
            models.UniqueConstraint(
                fields=["name"], condition=models.Q(office=None), name="one_pulse_of_the_installation"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MessageQuerySet(models.QuerySet["Message"]):
    """Reads of messages: whoever acts in a post sees what the post was told."""

    def visible_to(self, actor: Actor) -> "MessageQuerySet":
        return self.filter(post=actor.post_id) if actor.post_id else self.none()

    def unread(self) -> "MessageQuerySet":
        return self.filter(read_at=None)


class Message(models.Model):
    """That something happened which concerns a post: an entry of the journal, by its number. It says nothing itself.

    What the record is called is read when the message is shown, within the reader's sight.
    """

    office = models.ForeignKey(Place, models.CASCADE, related_name="+", db_index=False)
    seq = models.BigIntegerField()
    post = models.ForeignKey(Post, models.CASCADE, related_name="+", db_index=False)
    verb = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["office", "seq", "post"], name="told_once")]
        indexes = [
            models.Index(fields=["post", "-id"], name="message_of_post"),
            models.Index(fields=["post"], condition=models.Q(read_at=None), name="message_unread"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} → {self.post_id}"


class JobQuerySet(models.QuerySet["Job"]):
    """Reads of jobs: a person sees the own ones, in whatever post they were asked for."""

    def visible_to(self, actor: Actor) -> "JobQuerySet":
        return self.filter(account=actor.account_id) if actor.account_id else self.none()


class Job(models.Model):
    """Long work a person asked for: done by the work process, with progress, cancelled or begun again at will.

    ``at`` is the time of the office's clock at which it was asked for; ``beat_at`` and ``ended_at`` are real time.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    post = models.ForeignKey(Post, models.CASCADE, related_name="+")
    office = models.ForeignKey(Place, models.CASCADE, related_name="+")
    client_id = models.UUIDField()
    task = models.CharField(max_length=40)
    about = models.CharField(max_length=120, blank=True)
    params = models.JSONField(default=dict)
    channel = models.CharField(max_length=20)
    language = models.CharField(max_length=10)
    at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    note = models.CharField(max_length=200, blank=True)
    worker = models.CharField(max_length=40, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    cancel_asked = models.BooleanField(default=False)
    beat_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    result_name = models.CharField(max_length=200, blank=True)
    result_type = models.CharField(max_length=100, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "client_id"], name="one_job_per_form")]
        indexes = [
            models.Index(fields=["state", "beat_at"], name="job_waiting_or_silent"),
            models.Index(fields=["account", "-id"], name="job_of_account"),
        ]

    def __str__(self) -> str:
        return f"{self.task} {self.about}".strip()

    @property
    def live(self) -> bool:
        """Whether it waits or runs."""
        return self.state in {Job.State.WAITING, Job.State.RUNNING}

    @property
    def percent(self) -> int:
        """How far it is, 0 to 100."""
        return min(100, 100 * self.done // self.total) if self.total else 0
