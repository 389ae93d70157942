"""Kinds and records, files and looks, and what is kept for the next time."""

from zijing.records.models.files import Attachment, File, Look, LookQuerySet
from zijing.records.models.filling import Filling, FillingQuerySet
from zijing.records.models.kept import Layout, Reading, ReadingQuerySet, SavedView, SavedViewQuerySet
from zijing.records.models.record import (
    ENDED,
    NOWHERE,
    Kind,
    Noun,
    Record,
    RecordQuerySet,
    day_indexes,
    has_its_day,
    in_language,
    ledger_indexes,
)

__all__ = [
    "ENDED",
    "NOWHERE",
    "Attachment",
    "File",
    "Filling",
    "FillingQuerySet",
    "Kind",
    "Layout",
    "Look",
    "LookQuerySet",
    "Noun",
    "Reading",
    "ReadingQuerySet",
    "Record",
    "RecordQuerySet",
    "SavedView",
    "SavedViewQuerySet",
    "day_indexes",
    "has_its_day",
    "in_language",
    "ledger_indexes",
]
