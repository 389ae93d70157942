"""Verbs on commitments."""

from zijing.commitments.actions.publishing import publish_review, publish_standing
from zijing.commitments.actions.putting import put_commitments
from zijing.commitments.actions.stating import state

__all__ = ["publish_review", "publish_standing", "put_commitments", "state"]
