"""The journal: chained, refused change by the database, and found out when a byte is changed."""

import io
import json

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings, strategies as st

from tests.factories.office import FOUNDED, MONDAY, blocker, moment, office, project, say
from zijing.core.errors import Conflict
from zijing.core.identifiers import new_id
from zijing.journal.acting import act, is_acting
from zijing.journal.chain import check, check_export, digest_of, export, records_of, verify
from zijing.journal.models import ChainHead, JournalEntry, Receipt
from zijing.journal.once import once
from zijing.people.access import system_actor


def busy():
    made = office()
    say(made, project(made), MONDAY, 10)
    return made


@pytest.mark.django_db
class TestChain:
    def test_an_office_at_work_leaves_a_sound_chain(self):
        made = busy()
        verdict = verify(made.place.pk)
        assert verdict.sound
        assert verdict.checked == JournalEntry.objects.filter(office=made.place.pk).count() > 20
        assert verdict.head == ChainHead.objects.get(office=made.place.pk).digest

    def test_the_county_has_a_chain_of_its_own(self):
        made = busy()
        assert verify(made.county.pk).sound
        assert {e.office for e in JournalEntry.objects.all()} == {made.place.pk, made.county.pk}

    @pytest.mark.parametrize(
        "change", ["UPDATE journal_journalentry SET verb = 'x'", "DELETE FROM journal_journalentry"]
    )
    def test_the_database_refuses_to_rewrite_it(self, change):
        busy()
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)

    def test_an_exported_copy_is_checked_without_the_database(self):
        made = busy()
        out = io.StringIO()
        count = export(made.place.pk, out)
        assert check_export(out.getvalue().splitlines()).checked == count

    def test_a_lost_tail_is_found_in_the_database(self):
        made = busy()
        ChainHead.objects.filter(office=made.place.pk).update(seq=10_000)
        assert "10000" in verify(made.place.pk).broken

    def test_nothing_is_left_of_an_act_that_fails(self):
        made = busy()
        before = JournalEntry.objects.count()
        with pytest.raises(ZeroDivisionError), act(made.system, moment(MONDAY)) as a:
            a.record("x", made.place)
            _ = 1 / 0
        assert JournalEntry.objects.count() == before
        assert verify(made.place.pk).sound

    def test_an_act_inside_an_act_is_one_transaction(self):
        made = busy()
        before = JournalEntry.objects.count()
        with pytest.raises(ZeroDivisionError), act(made.system, moment(MONDAY)):
            blocker(made, project(made, "X09"))
            _ = 1 / 0
        assert JournalEntry.objects.count() == before

    def test_a_verb_called_by_another_keeps_its_own_actor_and_time(self):
        made = busy()
        earlier = moment(MONDAY, 8)
        with act(made.system, moment(MONDAY)):
            from zijing.people.actions import hold

            hold(actor=made.actor("system_admin"), at=earlier, post=made.posts["team"], username="new", label="x")
        last = JournalEntry.objects.filter(office=made.place.pk).order_by("-seq").first()
        assert (last.verb, last.post, last.recorded_at) == ("people.hold", made.posts["system_admin"].pk, earlier)

    def test_free_text_never_enters(self):
        made = busy()
        blocker(made, project(made, "X09"), what="张三说水管坏了")
        text = "".join(json.dumps(r, ensure_ascii=False) for r in records_of(made.place.pk))
        assert "张三" not in text
        assert "示例项目" not in text


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_one_changed_byte_of_an_export_is_found_with_its_entry(data, chain_text):
    position = data.draw(st.integers(0, len(chain_text) - 1))
    raw = chain_text.encode()
    byte = raw[position % len(raw)]
    other = data.draw(st.integers(32, 126).filter(lambda b: b != byte))
    if byte in b"\n" or byte >= 128:
        return
    changed = raw[: position % len(raw)] + bytes([other]) + raw[position % len(raw) + 1 :]
    try:
        same = [json.loads(x) for x in changed.decode().splitlines()] == [
            json.loads(x) for x in raw.decode().splitlines()
        ]
    except ValueError:
        same = False
    verdict = check_export(changed.decode().splitlines())
    assert verdict.sound == same
    assert same or verdict.broken


@pytest.fixture
def chain_text(db):
    made = office()
    out = io.StringIO()
    export(made.place.pk, out)
    return out.getvalue()


@pytest.mark.django_db
def test_a_missing_entry_is_named():
    made = busy()
    records = list(records_of(made.place.pk))
    verdict = check(records[:3] + records[4:])
    assert not verdict.sound
    assert verdict.checked == 3
    assert f"{made.place.pk}/5" in verdict.broken


@pytest.mark.django_db
def test_sm3_is_a_choice_of_the_setting(settings):
    import hashlib

    made = office()
    if "sm3" not in hashlib.algorithms_available:
        assert "sha256" in {r["algorithm"] for r in records_of(made.place.pk)}
        return
    settings.JOURNAL_DIGEST = "sm3"
    project(made)
    last = list(records_of(made.place.pk))[-1]
    assert last["algorithm"] == "sm3"
    assert digest_of(last) == last["digest"]
    assert verify(made.place.pk).sound


@pytest.mark.django_db
class TestOnce:
    def test_the_same_request_twice_is_done_once_and_answered_twice(self):
        actor, key, done = system_actor(office().place), new_id(), []

        def do():
            done.append(1)
            return {"id": len(done)}

        answers = [once(actor=actor, at=FOUNDED, client_id=key, body=b"a", do=do) for _ in range(3)]
        assert answers == [{"id": 1}] * 3
        assert len(done) == 1

    def test_what_takes_long_is_done_beforehand_and_not_for_what_comes_again(self):
        actor, key, asked = system_actor(office().place), new_id(), []
        facts = {"actor": actor, "at": FOUNDED, "client_id": key, "before": lambda: asked.append(is_acting())}
        assert [once(body=b"a", do=lambda: {"id": 1}, **facts) for _ in range(3)] == [{"id": 1}] * 3
        assert asked == [False]
        with pytest.raises(Conflict):
            once(body=b"b", do=lambda: {"id": 2}, **facts)
        assert asked == [False]

    def test_another_body_under_the_same_id_is_a_conflict(self):
        actor, key = system_actor(office().place), new_id()
        once(actor=actor, at=FOUNDED, client_id=key, body=b"a", do=lambda: {"id": 1})
        with pytest.raises(Conflict):
            once(actor=actor, at=FOUNDED, client_id=key, body=b"b", do=lambda: {"id": 2})

    def test_a_failed_request_may_be_sent_again(self):
        actor, key = system_actor(office().place), new_id()
        with pytest.raises(ZeroDivisionError):
            once(actor=actor, at=FOUNDED, client_id=key, body=b"a", do=lambda: {"id": 1 / 0})
        assert not Receipt.objects.exists()
        assert once(actor=actor, at=FOUNDED, client_id=key, body=b"a", do=lambda: {"id": 1}) == {"id": 1}
