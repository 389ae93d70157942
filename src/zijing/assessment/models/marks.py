"""Reviewers' marks: what one person gives with evidence, and another confirms."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zijing.assessment.models.results import MEMBERS, READ_POSTS, exactly_one
from zijing.assessment.models.schemes import Scheme
from zijing.journal.models import PathField
from zijing.people.access import Actor
from zijing.people.models import Account, Post, Unit
from zijing.places.models import Place, at_and_above, under
from zijing.registers.models import Entry

MARK, CONFIRM = "assessment.mark", "assessment.confirm"


class MarkQuerySet(models.QuerySet["Mark"]):
    """Reads of marks."""

    def visible_to(self, actor: Actor) -> "MarkQuerySet":
        """Who marks or confirms sees the office's marks; of posts only the own ones and, with the right to read posts'
        scores, those below. Who reads a score reads the marks behind it there.
        """
        if not (actor.may(MARK) or actor.may(CONFIRM)):
            return self.none()
        seen = Q(post=None) | (Q(marked_by=actor.post_id) if actor.post_id else Q(pk__in=[]))
        if actor.path and actor.may(READ_POSTS):
            seen |= under(actor.path)
        return self.filter(seen, office=actor.office_id)

    def for_decision_by(self, actor: Actor) -> "MarkQuerySet":
        """Those an actor may confirm or refuse: another person's and post's, of nobody whom the actor belongs to.

        Who sits in a marked unit, or in a marked community or below it, belongs to it; of a project, its unit's posts.
        """
        if actor.post_id is None or actor.account_id is None or not actor.may(CONFIRM):
            return self.none()
        place = Place.objects.get(pk=actor.place_id)
        own = Q(post=actor.post_id) | Q(place__isnull=False, path__in=at_and_above(place.path))
        if actor.unit_id is not None:
            own |= Q(unit=actor.unit_id) | Q(entry__unit=actor.unit_id)
        given = Q(marked_account=actor.account_id) | Q(marked_by=actor.post_id)
        return self.filter(office=actor.office_id).exclude(given).exclude(own)


class Mark(models.Model):
    """A mark of 0 to 100 for a member's item in a period that begins on ``since``. Only a confirmed one counts.

    ``record_type`` and ``record_id`` name a record that shows it: a noun and an id.
    """

    class Status(models.TextChoices):
        OPEN = "open", _("waiting")
        CONFIRMED = "confirmed", _("confirmed")
        REFUSED = "refused", _("refused")

    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="marks")
    office = models.ForeignKey(Place, models.PROTECT, related_name="+")
    item = models.CharField(max_length=40)
    since = models.DateField()
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    entry = models.ForeignKey(Entry, models.PROTECT, null=True, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    path = PathField(max_length=200)
    label = models.CharField(max_length=120)
    mark = models.DecimalField(max_digits=5, decimal_places=2)
    evidence = models.CharField(max_length=1000)
    record_type = models.CharField(max_length=40, blank=True)
    record_id = models.BigIntegerField(null=True)
    marked_at = models.DateTimeField()
    marked_by = models.ForeignKey(Post, models.PROTECT, related_name="+")
    marked_account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.OPEN)
    decided_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    confirmed_account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=500, blank=True)

    objects = MarkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=exactly_one(*MEMBERS), name="mark_has_one_member"),
            models.CheckConstraint(condition=Q(mark__gte=0, mark__lte=100), name="mark_of_a_hundred"),
            models.CheckConstraint(
                condition=Q(confirmed_account=None) | ~Q(confirmed_account=models.F("marked_account")),
                name="mark_confirmed_by_another",
            ),
        ]
        indexes = [models.Index(fields=["scheme", "office", "since"], name="marks_of_a_period")]

    def __str__(self) -> str:
        return f"{self.label} {self.item} {self.mark}"

    @property
    def member(self) -> tuple[str, int]:
        """What is marked: the column that names it, and its id."""
        column = next(c for c in MEMBERS if getattr(self, f"{c}_id"))
        return column, getattr(self, f"{column}_id")
