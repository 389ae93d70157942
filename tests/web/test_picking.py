"""Large choices in forms: grouped, each with what it is found by and what it says."""

import pytest

from tests.factories.office import office
from tests.web.visiting import signed_in
from zijing.records.models import Kind
from zijing.web.records.forms import form_of
from zijing.web.records.picking import MANY, classes

pytestmark = pytest.mark.django_db


@pytest.fixture
def made():
    return office(packs=("city-cases",))


def inputs(made, key="city-case", role="section"):
    return {x.name: x for x in form_of(Kind.objects.get(key=key), made.actor(role), {}).inputs}


def test_a_class_stands_below_its_headings_with_what_it_says(made):
    chosen = next(o for o in inputs(made)["class"].options if o.value == "c0101-missing")
    assert (chosen.text, chosen.group) == ("上水井盖缺失", "部件 / 公用设施 / 上水井盖")
    assert (
        chosen.hint
        == "井盖缺失；立即围护警示，恢复井盖；附处置后照片，凭以确认危险已除；时限：2 小时（含夜间和节假日）"
    )
    assert chosen.also == "井盖丢失|井盖被盗|没有井盖"
    assert chosen.letters == "s s j g qk sy|j g d sy|j g bp d|m yw j g"


def test_no_heading_can_be_chosen_and_every_class_can(made):
    field = Kind.objects.get(key="city-case").by_key["class"]
    shown = [o.value for o in classes(field)]
    assert len(shown) == len(set(shown)) == 34
    assert not set(shown) & set(field.parents.values())
    assert all(field.clean(value) == value for value in shown)


def test_few_choices_need_no_letters(made):
    found_by = inputs(made)["found_by"]
    assert len(found_by.options) <= MANY and not found_by.many and not any(o.letters for o in found_by.options)


def test_a_grid_stands_with_its_community(made):
    groups = {o.text: o.group for o in inputs(made)["place"].options}
    assert groups["第一网格"] == groups["示例社区01"] == "示例社区01" and groups["紫荆路街道"] == ""


def test_the_page_holds_it_and_nothing_runs_in_it(made):
    kind = Kind.objects.get(key="city-case")
    fields = [dict(f) for f in kind.definition["fields"]]
    fields[1]["choices"] = [c | ({"condition": '"><script>x</script>'} if c["key"] == "c0104" else {}) for c in fields[1]["choices"]]  # fmt: skip
    Kind.objects.filter(pk=kind.pk).update(definition=dict(kind.definition) | {"fields": fields})
    page = signed_in(made, "section").get("/new/city-case/").content.decode()
    assert "<script>x" not in page and page.count("<optgroup") == page.count("</optgroup>") > 15
    assert 'data-pick="' in page and "zijing/picking.js" in page


@pytest.mark.parametrize("chosen", ["", "#999999"])
def test_what_stands_stays_choosable(made, chosen):
    form = form_of(Kind.objects.get(key="city-case"), made.actor("section"), {"place": chosen})
    place = next(x for x in form.inputs if x.name == "place")
    assert [o.value for o in place.options if o.value == "#999999"] == [chosen] * bool(chosen)
