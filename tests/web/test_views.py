"""Saved lists and chosen columns: one's own, or shared with the office, and never more than may be seen."""

from typing import Any

import pytest
from django.test import Client

from tests.factories.office import MONDAY, Office, moment, office, project
from tests.web.visiting import signed_in
from zijing.core.errors import Conflict, Invalid, Refused
from zijing.journal.models import JournalEntry
from zijing.records.models import Kind, SavedView
from zijing.records.views import MOST, save_view, views_of

pytestmark = pytest.mark.django_db
AT = moment(MONDAY, 11)


@pytest.fixture
def made() -> Office:
    return office()


def heads(page: Any) -> list[str]:
    return [c.key for c in page.context["columns"]]


def keep(client: Client, title: str = "住宅", query: str = "f.type=housing", **more: Any) -> Any:
    sent = {"title": title, "query": query, "columns": ["name", "type"], **more}
    return client.post("/list/project/views/", sent)


def test_a_list_is_kept_with_its_filter_and_columns(made: Office) -> None:
    project(made)
    section = signed_in(made, "section")
    answer = keep(section)
    view = SavedView.objects.get()
    assert answer["Location"] == f"/list/project/?f.type=housing&view={view.pk}"
    page = section.get(answer["Location"])
    assert heads(page) == ["name", "type"]
    assert [(t.title, t.current) for t in page.context["tabs"]] == [("住宅", True)]
    assert heads(section.get("/list/project/")) != ["name", "type"], "only while the saved list is open"
    assert signed_in(made, "secretary").get("/list/project/").context["tabs"] == []


def test_columns_are_remembered_for_the_account_alone(made: Office) -> None:
    project(made)
    section = signed_in(made, "section")
    usual = heads(section.get("/list/project/"))
    chosen = {"columns": ["type", "name"], "query": "f.type=housing"}
    assert section.post("/list/project/columns/", chosen)["Location"] == "/list/project/?f.type=housing"
    assert heads(section.get("/list/project/")) == ["type", "name"]
    assert heads(signed_in(made, "secretary").get("/list/project/")) == usual
    section.post("/list/project/columns/", chosen | {"do": "usual"})
    assert heads(section.get("/list/project/")) == usual
    assert section.post("/list/project/columns/", {"columns": ["nonsense"]}).status_code == 422


def test_sharing_needs_the_right_and_shows_nobody_more(made: Office) -> None:
    project(made)
    assert keep(signed_in(made, "team"), shared="yes").status_code == 403
    keep(signed_in(made, "secretary"), "共享的", shared="yes")
    view = SavedView.objects.get()
    community = signed_in(made, "community2")
    page = community.get(f"/list/project/?f.type=housing&view={view.pk}")
    assert [t.title for t in page.context["tabs"]] == ["共享的"] and not page.context["rows"]
    assert community.post(f"/views/{view.pk}/drop/").status_code == 403
    stranger = signed_in(office("410181006000", "别处街道"), "secretary")
    assert stranger.get("/list/project/").context["tabs"] == []
    assert stranger.post(f"/views/{view.pk}/drop/").status_code == 404
    assert signed_in(made, "section").post(f"/views/{view.pk}/drop/").status_code == 302
    assert not SavedView.objects.exists()
    told = JournalEntry.objects.filter(verb__startswith="records.view.").values_list("verb", flat=True)
    assert sorted(told) == ["records.view.drop", "records.view.save"]


def test_what_cannot_be_listed_is_not_kept(made: Office) -> None:
    actor, kind = made.actor("section"), Kind.objects.get(key="project")
    for title, query, chosen in (("", "", ["name"]), ("x" * 41, "", []), ("x", "f.none=1", []), ("x", "", ["none"])):
        with pytest.raises(Invalid) if not query else pytest.raises(Exception, match="none"):
            save_view(actor=actor, at=AT, kind=kind, title=title, query=query, chosen=chosen)
    with pytest.raises(Refused):
        save_view(actor=made.actor("team"), at=AT, kind=kind, title="x", query="", chosen=[], shared=True)
    for n in range(MOST):
        save_view(actor=actor, at=AT, kind=kind, title=f"单{n}", query="", chosen=[])
    with pytest.raises(Conflict):
        save_view(actor=actor, at=AT, kind=kind, title="再一个", query="", chosen=[])
    save_view(actor=actor, at=AT, kind=kind, title="单1", query="open=yes", chosen=[])
    assert len(views_of(actor, kind).saved) == MOST


def test_a_column_that_a_later_edition_dropped_is_left_out(made: Office) -> None:
    project(made)
    section = signed_in(made, "section")
    keep(section)
    SavedView.objects.update(columns=["gone", "name"])
    view = SavedView.objects.get()
    assert heads(section.get(f"/list/project/?view={view.pk}")) == ["name"]
    assert section.get("/list/project/?view=999999").status_code == 200
