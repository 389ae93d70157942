"""Sight has one rule and two plans: both find what the rule says, whatever was assigned, restricted and entered."""

import random
from dataclasses import replace
from typing import Any

import pytest
from django.db.models import Model

from tests.factories.office import FOUNDED, MONDAY, Office, office, project
from zijing.activities.models import Activity
from zijing.cases.models import Case
from zijing.commitments.models import Commitment
from zijing.people.access import Actor
from zijing.people.models import Assignment
from zijing.records.models import Kind
from zijing.registers.models import Entry

pytestmark = pytest.mark.django_db

ROLES = ("secretary", "section", "team", "community", "grid", "county")
NOUNS: dict[str, type[Any]] = {"register": Entry, "activity": Activity, "commitment": Commitment, "case": Case}


@pytest.fixture
def made(db: None) -> Office:
    return office()


def scatter(made: Office, chance: random.Random) -> None:
    """Records of every noun, half of a restricted kind, anywhere, with anyone, given to anyone, now, before or later."""
    places, posts = [*made.places.values(), made.place], list(made.posts.values())
    project(made)
    entries = list(Entry.objects.all())
    for noun, model in NOUNS.items():
        kinds = list(Kind.objects.filter(noun=noun).order_by("pk")[:2])
        Kind.objects.filter(pk=kinds[-1].pk).update(restricted=True)
        for n in range(12):
            place, post = chance.choice(places), chance.choice(posts)
            made_row = model.objects.create(
                kind=chance.choice(kinds), office=made.place, place=place, path=place.path, title=f"{noun}{n}",
                unit=chance.choice([None, post.unit]), recorded_at=FOUNDED, happened_on=FOUNDED.date(),
                recorded_by=chance.choice([None, *posts]), subject=chance.choice([None, *entries]),
                stage="filed" if noun == "case" else "open",
            )  # fmt: skip
            give(made_row, chance, posts)


def give(record: Any, chance: random.Random, posts: list[Any]) -> None:
    for _time in range(chance.randrange(3)):
        post = chance.choice(posts)
        since, until = chance.choice(
            [(FOUNDED.date(), None), (FOUNDED.date(), FOUNDED.date()), (MONDAY.replace(year=2030), None)]
        )
        holder = chance.choice([{"post": post}, {"unit": post.unit}])
        Assignment.objects.create(
            subject_type=record._meta.label_lower, subject_id=record.pk, path=record.path, since=since, until=until,
            part=chance.choice(Assignment.Part.values), **holder,
        )  # fmt: skip


def given(actor: Actor, model: type[Model], pk: int | None, *, deciding: bool = True) -> bool:
    on = actor.on or MONDAY
    return any(
        (a.post_id == actor.post_id or a.unit_id == actor.unit_id)
        and a.since <= on
        and (a.until is None or a.until >= on)
        and (deciding or a.part != Assignment.Part.APPROVER)
        for a in Assignment.objects.filter(subject_type=model._meta.label_lower, subject_id=pk)
    )


def sees(actor: Actor, record: Any) -> bool:
    """The rule, spelled out for one record."""
    model = type(record)
    turn = model is Case and record.unit_id == actor.unit_id
    if given(actor, model, record.pk) or turn:
        return True
    if record.kind.restricted:
        return bool(record.recorded_by_id == actor.post_id)
    below = bool(actor.path) and record.path.startswith(actor.path)
    through = record.subject_id and given(actor, Entry, record.subject_id, deciding=False)
    return below or record.unit_id == actor.unit_id or bool(through)


@pytest.mark.parametrize("seed", range(4))
def test_both_plans_find_what_the_rule_says(made: Office, seed: int) -> None:
    scatter(made, random.Random(seed))
    for role in ROLES:
        holding = made.actor(role)
        for model in NOUNS.values():
            every = list(model.objects.select_related("kind"))
            expected = {r.pk for r in every if sees(holding, r)}
            for wide in (True, False):
                actor = replace(holding)
                actor.__dict__["wide"] = wide
                found = list(model.objects.visible_to(actor).values_list("pk", flat=True))
                assert sorted(found) == sorted(expected), (role, model.__name__, wide)


@pytest.mark.parametrize("seed", range(4))
def test_what_lies_beside_the_own_path_is_found_by_what_was_given(made: Office, seed: int) -> None:
    scatter(made, random.Random(seed))
    for role in ("section", "community", "grid"):
        actor = made.actor(role)
        for model in NOUNS.values():
            every = model.objects.select_related("kind").exclude(kind__restricted=True)
            expected = {r.pk for r in every if sees(actor, r) and not r.path.startswith(actor.path)}
            assert set(model.objects.beside(actor).values_list("pk", flat=True)) == expected, (role, model.__name__)
