"""Verbs on commitments."""

from zijing.commitments.actions.changing import fulfil, move, reopen, reorder, retarget, withdraw
from zijing.commitments.actions.ordering import apply_template, check, confirm, put_template
from zijing.commitments.actions.papers import accept_drafts, drop_drafts, edit_draft, keep_paper, merge_drafts
from zijing.commitments.actions.planning import copy_plan, remind
from zijing.commitments.actions.promising import Decision, Source, decide, promise
from zijing.commitments.actions.publishing import publish_review, publish_standing
from zijing.commitments.actions.putting import put_commitments, put_plan
from zijing.commitments.actions.sharing import Holder, set_shares
from zijing.commitments.actions.stating import Saw, Stated, compare_with, correct, plan_curve, state, state_month

__all__ = [
    "Decision",
    "Holder",
    "Saw",
    "Source",
    "Stated",
    "accept_drafts",
    "apply_template",
    "check",
    "compare_with",
    "confirm",
    "copy_plan",
    "correct",
    "decide",
    "drop_drafts",
    "edit_draft",
    "fulfil",
    "keep_paper",
    "merge_drafts",
    "move",
    "plan_curve",
    "promise",
    "publish_review",
    "publish_standing",
    "put_commitments",
    "put_plan",
    "put_template",
    "remind",
    "reopen",
    "reorder",
    "retarget",
    "set_shares",
    "state",
    "state_month",
    "withdraw",
]
