"""The page of what forms cost, and the door through which a page notes a filling."""

import pytest

from tests.factories.office import Office, office
from tests.web.visiting import form, signed_in
from zijing.documents.models import Template
from zijing.records.models import Filling
from zijing.web.burden.views import FIGURES

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> Office:
    return office()


def test_a_filling_is_noted_and_shown(made: Office) -> None:
    answer = signed_in(made, "grid").post("/burden/note/", form(kind="issue", seconds="50", fields="4", name="secret"))
    assert answer.status_code == 204 and Filling.objects.get().n == 1
    page = signed_in(made, "secretary").get("/burden/")
    assert next(line for line in page.context["lines"] if line.burden.kind.key == "issue").burden.filled == 1


@pytest.mark.parametrize(
    "sent",
    [
        {"kind": "none"},
        {"kind": "document:none"},
        {"kind": "document:"},
        {"seconds": "x"},
        {"seconds": "-4"},
        {"fields": "9999"},
        {"seconds": ""},
    ],
)
def test_nonsense_is_refused(made: Office, sent: dict[str, str]) -> None:
    answer = signed_in(made, "grid").post(
        "/burden/note/", form(**{"kind": "issue", "seconds": "9", "fields": "1", **sent})
    )
    assert answer.status_code in {404, 422} and not Filling.objects.exists()


@pytest.mark.parametrize("by", ["minutes", "seconds", "filled", "asked", "twice", "unused", "nonsense"])
def test_every_order(made: Office, by: str) -> None:
    page = signed_in(made, "secretary").get(f"/burden/?by={by}")
    assert page.status_code == 200 and len(page.context["lines"]) > 5


def test_the_words_of_a_document_are_timed_by_its_form(made: Office) -> None:
    key = Template.objects.order_by("pk").values_list("key", flat=True)[0]
    sent = form(kind=f"document:{key}", seconds="50", fields="4")
    assert signed_in(made, "project_office").post("/burden/note/", sent).status_code == 204
    papers = signed_in(made, "secretary").get("/burden/").context["papers"]
    assert next(line for line in papers if line.burden.template.key == key).burden.filled == 1
    assert not signed_in(made, "grid").get("/burden/").context["papers"]


@pytest.mark.parametrize("key", [*FIGURES, "forms.facts_required"])
def test_every_figure_of_forms_opens(made: Office, key: str) -> None:
    assert signed_in(made, "secretary").get(f"/figures/{key}/").status_code == 200


def test_a_new_record_is_timed_and_a_correction_is_not(made: Office) -> None:
    assert 'data-timed="issue"' in signed_in(made, "grid").get("/new/issue/").content.decode()
