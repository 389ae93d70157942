"""Work that is done behind the pages: an office's rhythms, what a person asked for, the pulse of the machinery;
what posts are told, and the channels that carry it out of the house.
"""

from datetime import time

from django.db import models
from django.utils.translation import gettext_lazy as _

from zijing.people.access import Actor
from zijing.people.models import Account, Post, Unit
from zijing.places.models import Place, under


class RhythmQuerySet(models.QuerySet["Rhythm"]):
    """Reads of rhythms."""

    def visible_to(self, actor: Actor) -> "RhythmQuerySet":
        """Those of the actor's office and of the offices below it: when an office does what is no secret inside it."""
        return self.filter(office__path__startswith=actor.office_path)


class Rhythm(models.Model):
    """A task an office repeats every working day, week, month or quarter at a time of day; data of a pack.

    ``on`` is the day: 1 to 7 of a week, 1 to 31 or last-workday of a month, of a quarter the month (1 to 3) before a
    dash and the day of it. ``off`` says what happens on a day off: it is done all the same, or on the next working day.
    """

    class Every(models.TextChoices):
        WORKDAY = "workday", _("working day")
        WEEK = "week", _("week")
        MONTH = "month", _("month")
        QUARTER = "quarter", _("quarter")

    class Off(models.TextChoices):
        DONE = "", _("done on days off too")
        NEXT = "next", _("on a day off: on the next working day")

    office = models.ForeignKey(Place, models.CASCADE, related_name="rhythms")
    key = models.CharField(max_length=40)
    task = models.CharField(max_length=60)
    every = models.CharField(max_length=8, choices=Every.choices)
    on = models.CharField(max_length=12, blank=True)
    at = models.TimeField()
    off = models.CharField(max_length=4, choices=Off.choices, blank=True, default="", db_default="")
    title_zh = models.CharField(max_length=80)
    title_en = models.CharField(max_length=80)
    source = models.CharField(max_length=200, blank=True)
    pack = models.CharField(max_length=40)
    next_at = models.DateTimeField()
    last_at = models.DateTimeField(null=True)

    objects = RhythmQuerySet.as_manager()

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
    # Of a case whose limit runs day and night: what is told of it waits for no morning.
    urgent = models.BooleanField(default=False, db_default=False)
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


class Topic(models.TextChoices):
    """What a message is about, as people choose it."""

    WORK = "work", _("new work")
    LIMITS = "limits", _("limits that end")
    ANSWERS = "answers", _("answers and results")


def every_topic() -> list[str]:
    """All of them: what an office lets out unless it says otherwise."""
    return list(Topic.values)


class ChannelRules(models.Model):
    """What an office lets out by mail and group robot, and when it is quiet, by its own clock and calendar."""

    office = models.OneToOneField(Place, models.CASCADE, related_name="+")
    mail = models.BooleanField(default=False)
    topics = models.JSONField(default=every_topic)
    quiet_from = models.TimeField(default=time(20))
    quiet_until = models.TimeField(default=time(8))
    quiet_days_off = models.BooleanField(default=True)
    digest_at = models.TimeField(default=time(8, 30))

    def __str__(self) -> str:
        return str(self.office)


class OutletQuerySet(models.QuerySet["Outlet"]):
    """Reads of outlets."""

    def visible_to(self, actor: Actor) -> "OutletQuerySet":
        """Those of the actor's office and below."""
        return self.filter(under(actor.office_path, "office__path"))

    def live(self) -> "OutletQuerySet":
        """Those in use: proved, and not closed."""
        return self.filter(closed_at=None).exclude(open_at=None)


class Outlet(models.Model):
    """Where messages leave the house: a person's mail address, or the robot of a unit's group chat.

    ``address`` and ``secret`` are sealed and shown to nobody again. ``open_at`` is when it was proved or set up;
    up to which message it was told is kept apart for what is urgent.
    """

    class Rhythm(models.TextChoices):
        SOON = "soon", _("soon, at most every ten minutes")
        HOUR = "hour", _("every hour")
        DAY = "day", _("once a working day")

    office = models.ForeignKey(Place, models.CASCADE, related_name="+")
    channel = models.CharField(max_length=12)
    account = models.ForeignKey(Account, models.CASCADE, null=True, related_name="+")
    title = models.CharField(max_length=60, blank=True)
    address = models.TextField(blank=True)
    secret = models.TextField(blank=True)
    language = models.CharField(max_length=10)
    rhythm = models.CharField(max_length=4, choices=Rhythm.choices, default=Rhythm.DAY)
    made_at = models.DateTimeField()
    open_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    code_at = models.DateTimeField(null=True)
    code_tries = models.PositiveSmallIntegerField(default=0)
    told = models.BigIntegerField(default=0)
    told_at = models.DateTimeField(null=True)
    told_urgent = models.BigIntegerField(default=0)
    told_urgent_at = models.DateTimeField(null=True)

    objects = OutletQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=models.Q(closed_at=None), name="one_mail_address_per_account"
            ),
        ]

    def __str__(self) -> str:
        return self.title or str(self.account)


class Wish(models.Model):
    """Which messages an outlet carries: those to a post, or to the posts of a unit, about these topics."""

    outlet = models.ForeignKey(Outlet, models.CASCADE, related_name="wishes")
    post = models.ForeignKey(Post, models.CASCADE, null=True, related_name="+")
    unit = models.ForeignKey(Unit, models.CASCADE, null=True, related_name="+")
    topics = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["outlet", "post"], name="one_wish_per_post")]

    def __str__(self) -> str:
        return f"{self.outlet_id} ← {self.post_id or self.unit_id}"


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """Reads of deliveries."""

    def visible_to(self, actor: Actor) -> "DeliveryQuerySet":
        """Those of the actor's office and below: that something was sent, never what."""
        return self.filter(under(actor.office_path, "outlet__office__path"))


class Delivery(models.Model):
    """One mail or one post in a group, for however many messages: what it counts, how often it was tried, how it ended.

    It holds no text. Times are real time. ``handed_at`` is when sending came to where nothing can be taken back: what
    breaks off after that may have arrived, and is not tried again by itself.
    """

    class Purpose(models.TextChoices):
        NEWS = "news", _("messages")
        CODE = "code", _("code to prove an address")
        TRIAL = "trial", _("trial")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        UNDERWAY = "underway", _("being sent")
        SENT = "sent", _("sent")
        UNCLEAR = "unclear", _("may have arrived")
        GIVEN_UP = "given_up", _("given up")

    outlet = models.ForeignKey(Outlet, models.CASCADE, related_name="deliveries")
    purpose = models.CharField(max_length=5, choices=Purpose.choices, default=Purpose.NEWS)
    urgent = models.BooleanField(default=False)
    counts = models.JSONField(default=dict)
    more = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    handed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=16, blank=True)
    detail = models.CharField(max_length=40, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["state", "due_at"], name="delivery_due")]

    def __str__(self) -> str:
        return f"{self.outlet}: {self.state}"
