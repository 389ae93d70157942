"""Who: units, the posts in them, who holds a post, what is assigned to whom, and what a role may do."""

from datetime import date
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language, gettext_lazy as _

from zijing.journal.models import PathField
from zijing.places.models import Place, Sighted, under


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts."""

    def create_user(self, username: str, password: str | None = None, **more: Any) -> "Account":
        account = self.model(username=username, **more)
        account.set_password(password)
        account.save()
        return account

    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(username=username)


class AccountQuerySet(models.QuerySet[Any]):
    """Reads of accounts."""

    def visible_to(self, actor: Sighted) -> "AccountQuerySet":
        """The accounts opened by the actor's office or an office below it."""
        return self.filter(under(actor.office_path, "office__path"))


class Account(AbstractBaseUser):
    """A person's sign-in. What a person may do comes from the posts held, never from the account.

    ``office`` opened it and administers it; ``is_active`` is False while it is locked by the security administrator.
    One account for one person (GB/T 22239-2019 8.1.4.1 a, 8.1.4.2 c).
    """

    username = models.CharField(_("user name"), max_length=60, unique=True)
    label = models.CharField(_("shown as"), max_length=60)
    is_active = models.BooleanField(default=True)
    office = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    must_change_password = models.BooleanField(default=False)
    password_set_at = models.DateTimeField(null=True)

    USERNAME_FIELD = "username"
    objects = AccountManager.from_queryset(AccountQuerySet)()

    def __str__(self) -> str:
        return self.label or self.username


class Role(models.Model):
    """What a kind of post may see and do; data of packs.

    ``day`` names how its page of the day is composed; ``rail`` holds its navigation, to which several packs add.
    """

    class Sight(models.TextChoices):
        OFFICE = "office", _("the whole office")
        PLACE = "place", _("the post's place")
        ASSIGNED = "assigned", _("what is assigned to the post")

    key = models.CharField(max_length=40, unique=True)
    title_zh = models.CharField(max_length=60)
    title_en = models.CharField(max_length=60)
    sight = models.CharField(max_length=10, choices=Sight.choices)
    verbs = models.JSONField(default=list)
    day = models.CharField(max_length=20, default="leading")
    rail = models.JSONField(default=list)
    pack = models.CharField(max_length=40)

    def __str__(self) -> str:
        return self.title_zh if (get_language() or "zh").startswith("zh") else self.title_en


class PeopleQuerySet(models.QuerySet[Any]):
    """Reads of units, posts and holdings: colleagues are visible inside an office, and to its county."""

    place_field = "place__path"

    def visible_to(self, actor: Sighted) -> "PeopleQuerySet":
        return self.filter(under(actor.office_path, self.place_field))


class HoldingQuerySet(PeopleQuerySet):
    """Reads of holdings."""

    place_field = "post__place__path"


class Unit(models.Model):
    """A section, station, committee, task team, bureau or outside body."""

    class Kind(models.TextChoices):
        LEADERSHIP = "leadership", _("leadership")
        SECTION = "section", _("section")
        STATION = "station", _("station")
        COMMUNITY = "community_committee", _("community committee")
        VILLAGE = "village_committee", _("village committee")
        TASK_TEAM = "task_team", _("task team")
        BUREAU = "county_bureau", _("county bureau")
        ENTERPRISE = "enterprise", _("enterprise")
        EXTERNAL = "external", _("external")

    office = models.ForeignKey(Place, models.PROTECT, related_name="+")
    code = models.CharField(max_length=40)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    kind = models.CharField(max_length=24, choices=Kind.choices)
    name = models.CharField(max_length=60)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")

    objects = PeopleQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["office", "code"], name="one_unit_per_code")]

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """A duty in a unit, at a place, for a period."""

    office = models.ForeignKey(Place, models.PROTECT, related_name="+")
    code = models.CharField(max_length=40)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="posts")
    role = models.ForeignKey(Role, models.PROTECT, related_name="posts")
    title = models.CharField(max_length=60)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True)

    objects = PeopleQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["office", "code"], name="one_post_per_code")]

    def __str__(self) -> str:
        return self.title


class Holding(models.Model):
    """An account holds a post for a period; a person may hold several and acts in one at a time.

    A substitute (代理) holds it for a dated while, for the stated ``reason``; the post's holder may act all the same.
    """

    post = models.ForeignKey(Post, models.PROTECT, related_name="holdings")
    account = models.ForeignKey(Account, models.PROTECT, related_name="holdings")
    since = models.DateField()
    until = models.DateField(null=True)
    substitute = models.BooleanField(default=False)
    reason = models.CharField(max_length=200, blank=True)

    objects = HoldingQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.account} · {self.post}"


def in_force(on: date, prefix: str = "") -> Q:
    """The condition that a dated row (since, until) holds on a day; the last day is included."""
    return Q(**{f"{prefix}since__lte": on}) & (Q(**{f"{prefix}until": None}) | Q(**{f"{prefix}until__gte": on}))


class Assignment(models.Model):
    """A record given to a unit or a post: it answers for it, and sees it wherever it lies."""

    class Part(models.TextChoices):
        LEAD = "lead", _("lead")
        JOINT = "joint", _("joint")
        ASSISTING = "assisting", _("assisting")
        APPROVER = "approver", _("approver")

    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    path = PathField(max_length=200)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="assignments", db_index=False)
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="assignments", db_index=False)
    part = models.CharField(max_length=10, choices=Part.choices)
    weight = models.PositiveSmallIntegerField(default=100)
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(unit=None, post__isnull=False) | Q(unit__isnull=False, post=None), name="unit_or_post"
            ),
        ]
        indexes = [
            models.Index(fields=["subject_id", "subject_type"], name="assignment_of_subject"),
            *(
                models.Index(
                    fields=[holder, "subject_type", "path", "subject_id"],
                    condition=Q(**{f"{holder}__isnull": False}),
                    name=f"assignment_given_{holder}",
                )
                for holder in ("post", "unit")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject_type}:{self.subject_id} → {self.post or self.unit}"


class TokenQuerySet(PeopleQuerySet):
    """Reads of API keys."""

    place_field = "holding__post__place__path"


class Token(models.Model):
    """A key for the API: acts as one account in one post. Only a digest of it is kept."""

    digest = models.CharField(max_length=64, unique=True)
    holding = models.ForeignKey(Holding, models.CASCADE, related_name="tokens")
    label = models.CharField(max_length=60)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    objects = TokenQuerySet.as_manager()

    def __str__(self) -> str:
        return self.label
