"""Filing a case through the API: what it writes, counted, and what it answers."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories.calls import api
from zijing.cases.models import Case, Timer
from zijing.journal.chain import verify
from zijing.journal.models import Receipt
from zijing.people.models import Assignment
from zijing.records.models import Kind

WRITES = ("INSERT", "UPDATE", "DELETE")


@pytest.fixture
def received(made):
    kind = Kind.objects.get(key="issue")
    kind.definition = kind.definition | {"receiver": "U-section"}
    kind.save()
    return made


def body(made, **more):
    values = {"what": "路面塌陷", "class": "safety"}
    return {
        "client_id": str(uuid.uuid4()),
        "kind": "issue",
        "values": values,
        "place": made.places["第一网格"].pk,
    } | more


def test_six_statements_write_a_case_with_timer_assignment_journal_and_receipt(received):
    caller, sent = api(received, "grid"), body(received)
    caller.post("cases", body(received))  # the office's chain has begun
    with CaptureQueriesContext(connection) as captured:
        answer = caller.post("cases", sent)
    assert answer.status_code == 201, answer.content
    written = [q["sql"].split()[:3] for q in captured if q["sql"].startswith(WRITES)]
    assert len(written) == 6, written
    case = Case.objects.get(pk=answer.json()["id"])
    assert Timer.objects.get(case=case).due().at == case.due_at
    assert Assignment.objects.get(subject_type="cases.case", subject_id=case.pk).unit == case.unit
    assert Receipt.objects.get(client_id=sent["client_id"]).answer == answer.json()
    assert verify(received.place.pk).sound


def test_filing_reads_as_little_with_many_cases_as_with_none(received):
    caller = api(received, "grid")
    counts = []
    for _round in range(3):
        with CaptureQueriesContext(connection) as captured:
            caller.post("cases", body(received))
        counts.append(len(captured))
    assert counts[1] == counts[2] <= counts[0]


def test_the_answer_says_whose_turn_it_is_and_until_when(received):
    answer = api(received, "grid").post("cases", body(received)).json()
    assert (answer["stage"], answer["unit"]["name"], answer["subject"]) == ("dispatched", "section单位", None)
    assert answer["place"] == {"id": received.places["第一网格"].pk, "name": "第一网格"}
    assert answer["due_because"].startswith("Due ")
    assert "section单位" in answer["turn"]
