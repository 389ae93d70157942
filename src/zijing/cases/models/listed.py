"""Lists of leaders (挂牌督办): what stands on them, why, and until when."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zijing.cases.models.case import Case
from zijing.people.models import Post


class Supervision(models.Model):
    """A case on a leader's list (挂牌督办): listed at a level with a limit, struck off by that level."""

    class Board(models.TextChoices):
        """Whose list it is."""

        OFFICE = "office", _("office list")
        COUNTY = "county", _("county list")

    case = models.ForeignKey(Case, models.PROTECT, related_name="supervisions")
    level = models.CharField(max_length=8, choices=Board.choices)
    listed_at = models.DateTimeField()
    listed_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=500)
    until = models.DateField()
    strike_reason = models.CharField(max_length=500, blank=True)
    struck_off_at = models.DateTimeField(null=True)
    struck_off_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "level"], condition=Q(struck_off_at=None), name="listed_once_per_level"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.level}"
