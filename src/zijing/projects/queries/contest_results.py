"""The results of a contest that is over, as they were published: frozen like a week's ranking, and read again."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from zijing.figures.models import Publication
from zijing.people.access import Actor
from zijing.projects.models import Project
from zijing.projects.queries.contests import Contest, Entrant, Standings, contest_said, contest_standing, words
from zijing.projects.queries.history import as_it_was
from zijing.projects.queries.standing import within_sight

NUMBERS = ("outcome", "was", "now", "planned_was", "planned_now")


def key_of(contest: str) -> str:
    """The key under which a contest's results are published."""
    return f"contest.{contest}"[:60]


def results(actor: Actor, contest: Contest, today: date) -> Standings:
    """Where the projects within sight stand in a contest that has begun: as published when it is over and was, else
    counted now.
    """
    published = None
    if contest.until < today:
        rows = Publication.objects.visible_to(actor).filter(office=actor.office_id)
        published = rows.filter(key=key_of(contest.key), period=contest.since).first()
    return _as_published(actor, published) if published else contest_standing(actor, contest, today)


def frozen(one: Entrant, said: Mapping[str, Any]) -> dict[str, Any]:
    """What a publication keeps of an entrant; ``said`` is the contest as the pack says it, in both languages."""
    leader, rank = one.project.leader, one.rank
    prize = next((p["title"] for p in said["prizes"] if rank is not None and rank <= p["to"]), None)
    return {
        "project": one.project.pk, "title": one.project.entry.title, "type": one.project.type,
        "leader": leader.title if leader else "", "rank": rank, "apart": one.apart, "invested": one.invested,
        "plan": one.plan, "prize": prize or (said["naming"] if one.prize else None),
        **{name: str(getattr(one, name)) for name in NUMBERS},
    }  # fmt: skip


def _as_published(actor: Actor, published: Publication) -> Standings:
    rows: list[dict[str, Any]] = published.values["lines"]
    seen = within_sight(actor, {row["project"] for row in rows})
    projects = Project.objects.filter(pk__in=seen).select_related("entry", "leader").in_bulk()
    lines = [_entrant(projects[row["project"]], row) for row in rows if row["project"] in projects]
    return Standings(
        contest=contest_said(published.definition), on=date.fromisoformat(published.values["on"]), over=True,
        ranked=[e for e in lines if not e.apart], apart=[e for e in lines if e.apart],
        published_at=published.published_at,
    )  # fmt: skip


def _entrant(project: Project, row: Mapping[str, Any]) -> Entrant:
    return Entrant(
        project=as_it_was(project, row), invested=row["invested"], plan=row["plan"], apart=row["apart"],
        rank=row["rank"], prize=words(row["prize"]) if row["prize"] else "",
        **{name: Decimal(row[name]) for name in NUMBERS},
    )  # fmt: skip
