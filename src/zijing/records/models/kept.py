"""What is kept for the next time: views of lists, how sheets were read and laid out."""

from typing import Self

from django.db import models
from django.db.models import Q

from zijing.people.access import Actor
from zijing.people.models import Account
from zijing.places.models import Place
from zijing.records.models.record import Kind


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    """Reads of saved lists."""

    def visible_to(self, actor: Actor) -> Self:
        """The account's own, and those shared with its office."""
        mine = Q(account=actor.account_id, account__isnull=False)
        return self.filter(mine | Q(shared=True), office=actor.office_id)


class SavedView(models.Model):
    """A list as somebody keeps it: a kind, a filter, the columns in their order. Without a title: the columns an
    account chose last for the kind.
    """

    office = models.ForeignKey(Place, models.CASCADE, related_name="+")
    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    kind = models.ForeignKey(Kind, models.CASCADE, related_name="+")
    title = models.CharField(max_length=40, blank=True)
    query = models.CharField(max_length=2000, blank=True)
    columns = models.JSONField(default=list)
    shared = models.BooleanField(default=False)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "office", "kind", "title"], name="savedview_title"),
        ]

    def __str__(self) -> str:
        return self.title


class ReadingQuerySet(models.QuerySet["Reading"]):
    """Reads of what was decided about sheets."""

    def visible_to(self, actor: Actor) -> Self:
        """What was decided in the actor's office, whoever did."""
        return self.filter(office=actor.office_id)


class Reading(models.Model):
    """How columns under these headings are read into a ledger, as the last person who put it right decided.

    ``headings`` is the digest of their normal forms, ``fields`` the field's key by normal heading ("": not imported).
    """

    office = models.ForeignKey(Place, models.CASCADE, related_name="+")
    ledger = models.CharField(max_length=40)
    headings = models.CharField(max_length=64)
    fields = models.JSONField(default=dict)
    account = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    chosen_at = models.DateTimeField()

    objects = ReadingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["office", "ledger", "headings"], name="one_reading_of_headings"),
        ]

    def __str__(self) -> str:
        return f"{self.ledger} {self.headings[:8]}"


class Layout(models.Model):
    """The columns of the sheet last imported into a ledger, in its order: each heading, and the field's key or ""."""

    office = models.ForeignKey(Place, models.CASCADE, related_name="+")
    ledger = models.CharField(max_length=40)
    columns = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["office", "ledger"], name="one_layout_of_a_ledger")]

    def __str__(self) -> str:
        return self.ledger
