"""Rows inserted by the short way are the rows the ORM would have written."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from tests.factories import office as offices
from zijing.core.rows import exists, insert, insert_all, insert_prepared, laid, prepared
from zijing.journal.models import ChainHead
from zijing.records.models import Kind
from zijing.registers.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def made():
    return offices.office()


def entry(made, key, **more):
    facts = {
        "kind": Kind.objects.get(key="enterprise"), "office": made.place, "place": made.place, "path": made.place.path,
        "title": "示例“企业”'; DROP TABLE", "business_key": key, "recorded_at": offices.FOUNDED, "client_id": uuid4(),
        "quantity": Decimal("1.5"), "happened_on": date(2020, 1, 2), "fields": {"说明": ["甲", None, 1.5, True]},
    }  # fmt: skip
    return Entry(**facts | more)


def test_what_is_read_back_is_what_was_written(made):
    row = insert(entry(made, "E1"))
    found = Entry.objects.get(pk=row.pk)
    for field in Entry._meta.concrete_fields:
        assert getattr(found, field.attname) == getattr(row, field.attname), field.name
    row.title = "改"
    row.save()
    assert Entry.objects.get(pk=row.pk).title == "改", "it is no new row any more"


def test_many_keep_their_order_and_get_their_own_ids(made):
    rows = [entry(made, f"E{n}") for n in range(1003)]
    insert_all(rows)
    found = dict(Entry.objects.values_list("pk", "business_key"))
    assert [found[row.pk] for row in rows] == [row.business_key for row in rows]
    insert_all([])


def test_rows_laid_ready_are_the_same_rows_and_nothing_stays_behind(made):
    rows = [entry(made, f"E{n}", title=f"“{n}”", quantity=Decimal(n) / 8) for n in range(50)]
    values = prepared(rows)
    with laid(Entry, values) as source:
        assert bool(source) == (connection.vendor == "sqlite")
        with transaction.atomic():
            insert_prepared(rows, values, source)
    found = Entry.objects.in_bulk([row.pk for row in rows])
    for row in rows:
        for field in Entry._meta.concrete_fields:
            assert getattr(found[row.pk], field.attname) == getattr(row, field.attname), field.name
    if source:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {source}")


def test_rows_laid_ready_that_are_refused_leave_nothing(made):
    insert(entry(made, "E7"))
    rows = [entry(made, f"E{n}") for n in range(50)]
    values = prepared(rows)
    with pytest.raises(IntegrityError), laid(Entry, values) as source, transaction.atomic():
        insert_prepared(rows, values, source)
    assert Entry.objects.filter(business_key__startswith="E", place=made.place).count() == 1


def test_a_table_with_a_key_of_its_own(made):
    insert(ChainHead(office=900_001, seq=3, digest="x"))
    insert_all([ChainHead(office=900_000 + n, seq=n) for n in (2, 3)])
    found = ChainHead.objects.filter(office__gt=900_000).order_by("office")
    assert list(found.values_list("office", "seq")) == [(900_001, 3), (900_002, 2), (900_003, 3)]


def test_what_the_database_refuses_is_refused(made):
    insert(entry(made, "E1"))
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(entry(made, "E1"))
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_all([entry(made, "E2"), entry(made, "E2")])
    assert not exists(Entry, business_key="E2")
    assert exists(Entry, business_key="E1", office=made.place.pk)
