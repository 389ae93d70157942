"""Kinds whose records are counted and never typed."""

from django.utils.translation import gettext_lazy as _

from zijing.core.errors import Refused
from zijing.records.models import Kind

RESULT = "campaign-result"


def refuse_by_hand(kind: Kind) -> None:
    """``Refused`` for what is only ever counted: nobody types the result of a round of mock assessments."""
    if kind.key == RESULT:
        raise Refused(_("The result of a round is counted when it is closed under “Samples”; nobody types it."))
