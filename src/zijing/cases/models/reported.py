"""Who outside the office reported a case, and how they rate what was done."""

from django.db import models

from zijing.cases.models.case import Case


class Reporter(models.Model):
    """Somebody outside the office who reported a case: known by a code only, by which it is followed and rated.

    ``address`` is a keyed digest of where the report came from: enough to count a flood by, and nothing else.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="reporters")
    code = models.CharField(max_length=12, unique=True)
    address = models.CharField(max_length=64)
    at = models.DateTimeField()
    # Was anyone in touch, is it resolved, is the reporter satisfied (响应、解决、满意); and in their words.
    responded = models.BooleanField(null=True)
    resolved = models.BooleanField(null=True)
    satisfied = models.BooleanField(null=True)
    said = models.CharField(max_length=500, blank=True)
    rated_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["address", "at"], name="reporter_by_address")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.at:%Y-%m-%d}"
