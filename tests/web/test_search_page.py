"""The search page and the box at the top of every page."""

import pytest

from tests.factories import office as offices
from tests.web.visiting import signed_in
from zijing.search import index

pytestmark = pytest.mark.django_db


@pytest.fixture
def made():
    office = offices.office()
    project = offices.project(office, "X01", name="紫荆路小学")
    offices.blocker(office, project, what="停水")
    index.rebuild()
    return office


def test_results_stand_in_groups_and_open_their_pages(made):
    page = signed_in(made, "secretary").get("/search/", {"q": "zjlxx"}).content.decode()
    assert "紫荆路小学" in page
    assert "/projects/" in page
    assert "ledgers" in page


def test_what_was_asked_is_text(made):
    page = signed_in(made, "secretary").get("/search/", {"q": '"><script>x'}).content.decode()
    assert "<script>x" not in page
    assert "Nothing within your sight" in page


def test_the_box_is_on_every_page_and_answers_while_typing(made):
    client = signed_in(made, "team")
    assert 'id="search"' in client.get("/today/").content.decode()
    answer = client.get("/search/", {"q": "小学"}, headers={"HX-Request": "true"})
    assert "<html" not in answer.content.decode()
    assert "紫荆路小学" in answer.content.decode()
    assert "HX-Request" in answer.headers["Vary"]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_number_of_queries_does_not_grow(made, rows, django_assert_num_queries):
    for n in range(rows):
        offices.project(made, f"P{n}", name=f"泵站{n}")
    index.rebuild()
    client = signed_in(made, "secretary")
    client.get("/search/", {"q": "泵站"})
    with django_assert_num_queries(17):
        client.get("/search/", {"q": "泵站"})
