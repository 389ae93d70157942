"""What SQLite's planner is told about the tables it looks through."""

from typing import Any

import pytest
from django.db import connection

from tests.factories.office import blocker, office, project
from zijing.core.plans import take_samples

pytestmark = pytest.mark.django_db


def test_samples_say_how_many_rows_share_a_value(django_assert_num_queries: Any) -> None:
    made = office()
    for _n in range(3):
        blocker(made, project(made))
    sqlite = connection.vendor == "sqlite"
    with django_assert_num_queries(2 if sqlite else 0):
        take_samples()
    if sqlite:
        with connection.cursor() as cursor:
            cursor.execute("SELECT stat FROM sqlite_stat1 WHERE idx = 'case_due'")
            ((stat,),) = cursor.fetchall()
        assert stat.split()[0] == "3"
