"""``zijing report year``: the report as programs read it, and as a file."""

import json

import pytest
from click.testing import CliRunner

from tests.packs.test_yearly import AT, enter, example, town
from zijing.cli.report import report
from zijing.core.errors import Invalid
from zijing.places.actions import set_clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def made():
    made = town()
    enter(made, "camera", example("camera"))
    set_clock(actor=made.system, at=AT, office=made.place, shows=AT)
    return made


def run(*words):
    return CliRunner().invoke(report, ["year", *words], catch_exceptions=False)


def test_it_prints_sentences_with_their_numbers(made):
    told = json.loads(run("--office", "410181005000", "--year", "2022").stdout)
    assert {"section", "sentence", "numbers"} == set(told[0])
    keys = {"figure", "value", "unit", "place", "period", "evidence_count", "url"}
    assert all(keys <= set(n) and n["evidence_count"] and n["url"] for s in told for n in s["numbers"])


def test_it_writes_a_document_and_says_what_is_missing(made, tmp_path):
    out = tmp_path / "report.docx"
    answer = run("--year", "2022", "--format", "docx", "--out", str(out), "--coverage")
    assert out.read_bytes()[:2] == b"PK" and str(out) in answer.output
    with pytest.raises(Invalid):
        run("--year", "2022", "--format", "docx", "--out", str(tmp_path / "no" / "report.docx"))


def test_a_year_to_come_is_refused(made):
    with pytest.raises(Invalid):
        run("--year", "2030")
