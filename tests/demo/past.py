"""What has happened in an office, said by what people call things: two replays are the same when these are equal."""

from typing import Any

from zijing.activities.models import Activity
from zijing.cases.models import Case, Step, Supervision
from zijing.commitments.models import Statement
from zijing.figures.models import Publication
from zijing.journal.models import JournalEntry
from zijing.outbox.models import Rhythm
from zijing.people.models import Post
from zijing.places.models import Place
from zijing.projects.models import Building, Consequence, Report

Past = dict[str, list[Any]]


def of(office: Place) -> Past:
    """Everything that a replay writes."""
    return {
        "reports": _rows(
            Report, "project__entry__business_key", "stage__milestone__business_key", "day", "share", "crew",
            "activity__recorded_at", "activity__recorded_by__code", "activity__unit__code",
        ),
        "activities": _rows(Activity, "kind__key", "subject__business_key", "happened_on", "amount_fen", "quantity", "title"),
        "cases": _rows(Case, "kind__key", "title", "subject__business_key", "stage", "due_at", "unit__code", "handler__code"),
        "steps": _rows(Step, "case__title", "verb", "to_stage", "post__code", "at", "reason"),
        "listed": sorted(map(_listed, Supervision.objects.select_related("listed_by")), key=str),
        "stated": _rows(Statement, "commitment__business_key", "period", "value", "status"),
        "topped": _rows(Building, "entry__business_key", "topped_on"),
        "consequences": _rows(Consequence, "project__entry__business_key", "type", "week", "status", "decided_at", "reason"),
        "published": [(p.period, p.published_at, _lines(p)) for p in Publication.objects.order_by("key", "period")],
        "rhythms": _rows(Rhythm, "key", "next_at", "last_at"),
        "journal": _journal(office),
    }  # fmt: skip


def _rows(model: Any, *columns: str) -> list[Any]:
    return sorted(model._default_manager.values_list(*columns), key=str)


def _listed(one: Supervision) -> tuple[Any, ...]:
    return one.subject.title, one.level, one.listed_at, one.listed_by and one.listed_by.code, one.struck_off_at


def _lines(publication: Publication) -> list[Any]:
    rows = publication.values.get("lines") or publication.values.get("units", [])
    return [{k: v for k, v in row.items() if k not in {"project", "commitment", "member"}} for row in rows]


def _journal(office: Place) -> list[Any]:
    """The chain in order, without the marks of where a replay stopped to go on."""
    posts = dict(Post.objects.values_list("pk", "code"))
    entries = JournalEntry.objects.filter(office=office.pk).exclude(verb="places.set_clock").order_by("seq")
    return [(e.happened_at, e.recorded_at, e.verb, posts.get(e.post or 0), e.channel) for e in entries]
