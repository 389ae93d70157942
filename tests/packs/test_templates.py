"""Templates are understood without a remark when they come back filled in."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from tests.factories.office import Office, office
from tests.factories.sheets import saved
from zijing.packs import intake
from zijing.packs.templates import template_of
from zijing.records.kinds import every_kind
from zijing.records.models import Noun
from zijing.records.sheets import Options
from zijing.records.sheets.book import read
from zijing.records.sheets.headings import fillable
from zijing.records.sheets.intake import prepare
from zijing.records.sheets.template import example_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> Office:
    return office()


def test_a_filled_template_of_every_kind_is_understood_without_a_remark(made: Office) -> None:
    kinds = [k.key for k in every_kind().values() if k.noun != Noun.CASE]
    assert len(kinds) > 5
    for key in (*kinds, *intake.BUILT_IN):
        _name, content = template_of(actor=made.system, key=key)
        target = intake.target(key, made.system)
        book = load_workbook(BytesIO(content))
        examples = getattr(every_kind().get(key), "definition", {}).get("examples", [])
        book.worksheets[0].append([example_of(f, examples) or "示例" for f in fillable(target.fields)])
        result = prepare(read(saved(book)), target, made.system, Options())
        assert {c.match for c in result.columns} == {"exact"}, key
        assert len(result.mapped) == len(fillable(target.fields)), key
        doubts = [r.message for r in result.remarks if target.business_key or not r.ask]
        assert doubts == [], key


def test_a_template_offers_choices_and_explains_every_column(made: Office) -> None:
    _name, content = template_of(actor=made.actor("section"), key="enterprise")
    book = load_workbook(BytesIO(content))
    first, explained = book.worksheets
    assert first.max_row == 1, "the sheet to fill in holds no record"
    assert any("工业" in str(v.formula1) for v in first.data_validations.dataValidation)
    assert explained.max_row == 1 + first.max_column
