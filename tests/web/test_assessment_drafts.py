"""The form of an own version: whatever is typed into its boxes makes a version, or is refused in words."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from tests.factories.assessed import assessed
from zijing.assessment.actions.versions import checked
from zijing.assessment.definition import SchemeSpec
from zijing.assessment.models import Scheme, SchemeVersion
from zijing.core.errors import Invalid
from zijing.web.assessment.drafts import follows_from, groups, items_from

OCTOBER = date(2020, 10, 1)
SHARED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
TYPED = st.one_of(
    st.sampled_from(
        ["", "0", "40", "20.5", "１００", "1,000", "-3", "NaN", "1e9999", "95=40 80=20", "=", "ward", "cases.overdue"]
    ),
    st.text(max_size=12),
)
EVERY_WAY = [
    {"key": "a", "way": "linear", "weight": "30", "figure": "cases.on_time_rate"},
    {"key": "b", "way": "band", "weight": "30", "figure": "cases.closing_rate", "bands": [
        {"limit": "95", "points": "30"}, {"limit": "80", "points": "10"},
    ]},
    {"key": "c", "way": "deduction", "weight": "20", "figure": "cases.closed", "each": "2", "cap": "10"},
    {"key": "d", "way": "marks", "weight": "20"},
    {"key": "e", "way": "veto", "weight": "0", "figure": "cases.closed"},
]  # fmt: skip


@pytest.fixture
def made(db):
    return assessed()


def boxes(spec):
    return {b.name: b.value for g in groups(spec, {}, "") for b in g.boxes}


def every_way():
    base = SchemeVersion.objects.get(scheme__key="community-monthly").spec
    items = [i | {"title": {"zh": i["key"], "en": i["key"]}} for i in EVERY_WAY]
    return SchemeSpec.model_validate(base.model_dump(mode="json") | {"items": items})


def test_the_form_as_it_is_shown_says_the_same_again(made):
    spec = every_way()
    said = spec.model_dump(mode="json") | {
        "items": items_from(spec, boxes(spec)), "consequences": follows_from(spec, boxes(spec)),
    }  # fmt: skip
    assert SchemeSpec.model_validate(said) == spec


def test_whatever_is_typed_is_taken_or_refused_in_words(made):
    scheme, spec = Scheme.objects.get(key="community-monthly"), every_way()
    names, refusals = sorted(boxes(spec)), []

    @SHARED
    @given(st.dictionaries(st.sampled_from(names), TYPED, max_size=5))
    def typed(changed):
        sent = boxes(spec) | changed
        try:
            found = checked(scheme, made.place, OCTOBER, items_from(spec, sent), follows_from(spec, sent))
        except Invalid as refused:
            refusals.append(refused)
        else:
            assert sum(i.weight for i in found.items) == 100

    typed()
    assert refusals and all(r.field and str(r) for r in refusals)
