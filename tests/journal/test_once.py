"""Writes that waited for the same turn are committed together; each still stands or falls by itself."""

from uuid import uuid4

import pytest
from django.db import OperationalError
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from tests.factories import office as offices
from zijing.core.errors import Conflict
from zijing.core.outages import Unavailable, in_words
from zijing.journal.acting import act
from zijing.journal.chain import verify
from zijing.journal.models import JournalEntry
from zijing.journal.once import Waiting, once, waiting, write_all
from zijing.places.models import Place

pytestmark = pytest.mark.django_db


@pytest.fixture
def made():
    return offices.office()


def writing(made, verb, fails=None):
    """A write that notes a verb and then ends well, or fails."""

    def write():
        with act(made.system, offices.FOUNDED) as a:
            Place.objects.filter(pk=made.place.pk).update(name=verb)
            a.record(verb, made.place)
        if fails:
            with in_words():
                raise fails
        return {"did": verb}

    return Waiting(write)


def there(*verbs):
    return list(JournalEntry.objects.filter(verb__in=verbs).order_by("seq").values_list("verb", flat=True))


def test_one_that_is_refused_takes_nothing_with_it(made):
    refused = Conflict(_("It is already struck off."))

    def refuse():
        with act(made.system, offices.FOUNDED) as a:
            a.record("b", made.place)
            raise refused

    first, second, third = writing(made, "a"), Waiting(refuse), writing(made, "c")
    write_all([first, second, third])
    assert (first.end.result(), third.end.result()) == ({"did": "a"}, {"did": "c"})
    assert second.end.exception() is refused
    assert there("a", "b", "c") == ["a", "c"]
    assert verify(made.place.pk).sound


def test_when_the_disk_is_full_nobody_is_told_it_was_written(made):
    all_of_them = [
        writing(made, "a"),
        writing(made, "b", OperationalError("database or disk is full")),
        writing(made, "c"),
    ]
    write_all(all_of_them)
    assert all(isinstance(one.end.exception(), Unavailable) for one in all_of_them)
    assert there("a", "b", "c") == []
    assert verify(made.place.pk).sound


def test_who_no_longer_waits_is_left_out(made):
    gone, stays = writing(made, "a"), writing(made, "b")
    assert gone.end.cancel()
    write_all([gone, stays])
    assert there("a", "b") == ["b"]
    assert stays.end.result() == {"did": "b"}


def test_each_speaks_its_own_language():
    def say():
        return {"said": translation.gettext("case") + translation.get_language()}

    with translation.override("en"):
        english = Waiting(say)
    chinese = Waiting(say)
    write_all([english, chinese])
    assert english.end.result()["said"].endswith("en")
    assert chinese.end.result()["said"].endswith("zh-hans")


def test_what_is_large_is_written_alone(made):
    small = writing(made, "a")
    waiting.append(small)
    asked = {"actor": made.system, "at": offices.FOUNDED, "body": b"x"}
    assert once(client_id=uuid4(), do=lambda: {"large": 1}, alone=True, **asked) == {"large": 1}
    assert not small.end.done(), "it would have waited for all of the large one"
    waiting.clear()


def test_the_same_request_twice_in_one_turn_is_done_once(made):
    ids, done = uuid4(), []

    def do():
        done.append(1)
        return {"n": len(done)}

    asked = {"actor": made.system, "at": offices.FOUNDED, "client_id": ids, "body": b"x", "do": do}
    twins = [Waiting(lambda: once(**asked)), Waiting(lambda: once(**asked))]
    write_all(twins)
    assert [twin.end.result() for twin in twins] == [{"n": 1}, {"n": 1}]
