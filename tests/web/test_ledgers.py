"""The page of all kinds: each can be reached, and offers only what the reader may do."""

import pytest

from tests.factories import office as offices
from tests.web.visiting import signed_in
from zijing.records.models import Kind

QUERIES = 6

pytestmark = pytest.mark.django_db


@pytest.fixture
def made():
    return offices.office()


def test_every_kind_can_be_reached(made):
    text = signed_in(made, "community").get("/ledgers/").content.decode()
    assert all(f'href="/list/{key}/"' in text for key in Kind.objects.values_list("key", flat=True))
    assert "/new/issue/" in text
    assert "/new/enterprise/" not in text
    assert "/import/" not in text


def test_whoever_writes_a_ledger_may_enter_and_import(made):
    text = signed_in(made, "section").get("/ledgers/").content.decode()
    assert "/new/enterprise/" in text
    assert "/import/enterprise/" in text


def test_more_kinds_cost_no_more_queries(made, django_assert_num_queries):
    signed_in(made, "section").get("/ledgers/")
    reader = signed_in(made, "section")
    with django_assert_num_queries(QUERIES):
        reader.get("/ledgers/")
    first = Kind.objects.get(key="enterprise")
    for n in range(3):
        first.pk, first.key = None, f"enterprise-{n}"
        first.save()
    with django_assert_num_queries(QUERIES):
        reader.get("/ledgers/")
