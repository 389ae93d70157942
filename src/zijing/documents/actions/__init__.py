"""Verbs on documents."""

from zijing.documents.actions.drafting import Wanted, draft, edit
from zijing.documents.actions.life import archive, check, drop, issue, send_back, sign, submit, void
from zijing.documents.actions.receiving import confirm_receipt, reply
from zijing.documents.actions.templates import put_template, take_back_template

__all__ = [
    "Wanted",
    "archive",
    "check",
    "confirm_receipt",
    "draft",
    "drop",
    "edit",
    "issue",
    "put_template",
    "reply",
    "send_back",
    "sign",
    "submit",
    "take_back_template",
    "void",
]
