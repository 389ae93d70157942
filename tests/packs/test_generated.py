"""Any pack that can be loaded: after it is applied there is nothing left to change, edition after edition."""

import tempfile
from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings, strategies as st

from tests.factories.office import FOUNDED
from zijing.packs import loader
from zijing.packs.actions import apply, diff
from zijing.places.actions import found_office

pytestmark = pytest.mark.django_db
KEYS = st.sampled_from(["alpha", "beta", "gamma", "delta"])
WORDS = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=8)
TYPES = st.sampled_from(
    ["text", "integer", "decimal", "money", "date", "percent", "boolean", "choice", "place", "unit"]
)


@st.composite
def fields(draw):
    lines = []
    for key in draw(st.lists(KEYS, unique=True, min_size=1)):
        type_ = draw(TYPES)
        lines += [
            "[[fields]]",
            f'key = "{key}"',
            f'type = "{type_}"',
            f'title = {{zh = "{draw(WORDS)}", en = "{draw(WORDS)}"}}',
        ]
        lines += ["required = true"] * draw(st.booleans())
        if type_ == "choice":
            chosen = draw(st.lists(KEYS, unique=True, min_size=1))
            lines.append(
                "choices = [" + ", ".join(f'{{key = "{c}", zh = "{draw(WORDS)}", en = "{c}"}}' for c in chosen) + "]"
            )
    return lines


@st.composite
def packs(draw):
    """The files of a pack: kinds, a role, figures of the kinds, a rhythm."""
    files = {}
    figures = [
        "key,title_zh,title_en,sentence_zh,sentence_en,kind,filter,measure,of,time,unit,decimals,measures,owner,since"
    ]
    for key in draw(st.lists(KEYS, unique=True, max_size=3)):
        noun = draw(st.sampled_from(["register", "activity", "case"]))
        head = [
            f'noun = "{noun}"',
            f'key = "x-{key}"',
            'edition = "2021.1"',
            f'title = {{zh = "{draw(WORDS)}", en = "{key}"}}',
        ]
        files[f"kinds/x-{key}.toml"] = "\n".join([*head, *draw(fields())])
        figures.append(f"x.{key},{draw(WORDS)},T,{draw(WORDS)},S,x-{key},,count,,,个,0,outcome,,2020-01-01")
    files["figures.csv"] = "\n".join(figures)
    grants = " ".join(draw(st.lists(st.sampled_from(["cases.*", "figures.read", "registers.write"]), unique=True)))
    files["roles.csv"] = (
        f"key,title_zh,title_en,sight,verbs\nx-role,{draw(WORDS)},Role,{draw(st.sampled_from(['office', 'place']))},{grants}"
    )
    if draw(st.booleans()):
        files["rhythms.csv"] = (
            f"key,task,every,on,at,title_zh,title_en\nx,projects.weekly_ranking,week,{draw(st.integers(1, 7))},08:00,周,Week"
        )
    return files


def written(files, edition):
    folder = Path(tempfile.mkdtemp()) / "generated"
    (folder / "kinds").mkdir(parents=True)
    words = 'title = {zh = "生", en = "G"}\nsummary = {zh = "生", en = "G"}'
    for name, text in {**files, "pack.toml": f'key = "generated"\nedition = "2021.{edition}"\n{words}'}.items():
        (folder / name).write_text(text, encoding="utf-8")
    return loader.load(folder)


@given(editions=st.lists(packs(), min_size=1, max_size=3))
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_nothing_is_left_to_change_after_each_edition(editions):
    with transaction.atomic():
        place = found_office(code="410181005000", name="紫荆路街道", at=FOUNDED)
        for n, files in enumerate(editions, 1):
            pack = written(files, n)
            changes = diff(pack, [place])
            assert list(map(str, apply(at=FOUNDED, pack=pack, offices=[place]))) == list(map(str, changes))
            assert diff(pack, [place]) == [] and apply(at=FOUNDED, pack=pack, offices=[place]) == []
        transaction.set_rollback(True)
