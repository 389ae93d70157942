"""Several packs add to one navigation; each takes back only what it gave."""

from dataclasses import replace

import pytest
from django.urls import reverse
from django.utils import translation

from tests.factories import office as offices
from tests.factories.office import FOUNDED, pack
from zijing.core.errors import Invalid
from zijing.packs.actions import apply, diff
from zijing.packs.schema import PAGES, RailRow, RoleRow
from zijing.people.models import Role
from zijing.web.home.days import COMPOSERS
from zijing.web.shell import LONGEST, Link, folded, rail_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def made():
    return offices.office()


def row(**columns):
    return RailRow.model_validate(
        {"role": "secretary", "order": 9, "to": "map", "title_zh": "图", "title_en": "Map", "icon": "map", **columns}
    )


def links(role):
    return [link.href for link in rail_of(Role.objects.get(key=role))]


def test_a_role_finds_what_every_pack_gave_it_in_one_order(made):
    assert links("secretary")[:4] == ["/today/", "/board/", "/projects/", "/list/blocker/?open=yes"]
    assert links("grid") == ["/today/", "/new/issue/", "/board/", "/map/", "/list/issue/?open=yes"]


def test_a_pack_takes_back_only_what_it_gave(made):
    smaller = replace(pack("project-drive"), rail=[])
    with translation.override("en"):
        assert any("(secretary)" in str(line) and "Board" in str(line) for line in diff(smaller))
    apply(at=FOUNDED, pack=smaller, offices=[made.place])
    assert links("secretary") == [
        "/today/",
        "/map/",
        "/figures/",
        "/list/issue/?open=yes",
        "/supervision/",
        "/list/indicator/",
        "/list/enterprise/",
        "/year-report/",
        "/rhythms/",
        "/ledgers/",
    ]
    assert links("leader") == []
    apply(at=FOUNDED, pack=pack("project-drive"), offices=[made.place])
    assert diff(pack("project-drive")) == diff(pack("base")) == []
    assert "/board/" in links("secretary")


@pytest.mark.parametrize("columns", [{"role": "astronaut"}, {"to": "list:spaceship"}], ids=["role", "kind"])
def test_what_leads_nowhere_is_refused(made, columns):
    wrong = replace(pack("base"), rail=[row(**columns)])
    with pytest.raises(Invalid, match=r"astronaut|spaceship"):
        apply(at=FOUNDED, pack=wrong, offices=[made.place])
    assert links("grid")[0] == "/today/", "nothing was changed"


@pytest.mark.parametrize("to", ["nowhere", "list", "https://example.org", "list:issue open"])
def test_only_pages_lists_and_forms_are_named(to):
    with pytest.raises(ValueError, match="to"):
        row(to=to)


@pytest.mark.parametrize("page", PAGES)
def test_every_page_a_pack_may_name_opens(page):
    assert reverse(page)


def test_every_day_a_role_may_have_is_composed():
    assert set(RoleRow.model_fields["day"].annotation.__args__) == COMPOSERS.keys()


class TestFolding:
    """Of many ways those of one group stand under one name."""

    def rail(self, others, **groups):
        ways = [Link(f"其他{n}", "map", f"/other/{n}/") for n in range(others)]
        return ways + [
            Link(f"{key}{n}", "flag", f"/{key}/{n}/?open=yes", key) for key, n_of in groups.items() for n in range(n_of)
        ]

    def test_what_a_screen_shows_stays_as_it_is(self):
        rail = self.rail(10, cases=4)
        assert folded(rail, "/today/") == rail

    def test_more_is_folded_at_the_place_of_the_first_and_nothing_is_lost(self):
        rail = self.rail(9, cases=4, registers=3)
        *others, cases, registers = folded(rail, "/cases/2/")
        assert others == rail[:9] and cases.links == rail[9:13] and registers.links == rail[13:]
        assert (cases.open, registers.open) == (True, False)

    def test_one_of_its_group_stays_alone(self):
        rail = self.rail(14, cases=1)
        assert folded(rail, "/today/") == rail

    @pytest.mark.parametrize("role", ["secretary", "section", "leader"])
    def test_the_navigation_of_whoever_leads_fits_an_office_screen(self, made, role):
        for key in (
            "targets",
            "hotline",
            "city-cases",
            "hazards",
            "compounds",
            "assessment",
            "documents",
            "city-campaigns",
            "community-rounds",
        ):
            apply(at=FOUNDED, pack=pack(key), offices=[made.place])
        assert len(folded(rail_of(Role.objects.get(key=role)), "/today/")) <= LONGEST
