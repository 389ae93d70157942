"""Documents show published results, and never those of persons."""

from datetime import date

import pytest

from tests.assessment.test_running import lived
from tests.factories.assessed import AFTER, assessed, month
from zijing.assessment.actions import publish_run
from zijing.assessment.models import Scheme
from zijing.assessment.telling import results
from zijing.documents.answers import Setting

pytestmark = pytest.mark.django_db
AUGUST = (date(2020, 8, 1), date(2020, 8, 31))


def told(made, since, until):
    return results(Setting(made.system, AFTER, made.place, made.place, since, until))


def test_a_document_shows_the_results_of_its_days_once_they_are_published():
    made = assessed()
    lived(made)
    run = month(made)
    assert told(made, *AUGUST) == ()
    publish_run(actor=made.system, at=AFTER, run=run)
    [table] = told(made, *AUGUST)
    first, *_rest = table.rows
    assert [cell[0].text for cell in first][:2] == ["1", "社区11"] and first[2][0].url.startswith("/assessment/scores/")
    assert len(table.rows) == 6
    assert told(made, date(2020, 7, 1), date(2020, 7, 31)) == ()


def test_results_of_posts_stay_out_of_documents():
    made = assessed()
    lived(made)
    run = month(made)
    publish_run(actor=made.system, at=AFTER, run=run)
    Scheme.objects.filter(pk=run.version.scheme_id).update(population=Scheme.Population.POSTS)
    assert told(made, *AUGUST) == ()
