"""What a pack's schemes may say."""

import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from zijing.core.errors import Several
from zijing.figures.registry import every
from zijing.packs import loader

FILE = "schemes/community-monthly.toml"


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(Path(settings.PACKS) / "assessment", tmp_path / "assessment")
    return tmp_path / "assessment"


def faults(folder, old, new):
    """What is said of the pack after one piece of the scheme was changed."""
    path = folder / FILE
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with translation.override("en"), pytest.raises(Several) as found:
        loader.load(folder)
    return str(found.value)


def test_the_packs_own_schemes_are_sound(folder):
    assert [s.key for s in loader.load(folder).schemes] == [
        "community-monthly",
        "community-quarterly",
        "grid-monthly",
        "office-monthly",
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("weight = 40", "weight = 39", "The weights sum to 99, not 100."),
        ("cases.on_time_rate", "cases.loved", "There is no figure “cases.loved”."),
        ("cases.on_time_rate", "cases.overdue", "“cases.overdue” says how things stand now"),
        ("target = 95", "target = 50", "it must differ from the floor"),
        ("target = 95", "target = 40", "with “higher” the target lies above the floor"),
        ('population = "communities"', 'population = "posts"', "say which roles' posts are assessed"),
        ("least_members = 5", "leastmembers = 5", "this key is unknown"),
        ('key = "closing"', 'key = "on_time"', "An item's key stands twice."),
        ('figure = "cases.on_time_rate"', "", "every way but marks counts a figure"),
    ],
)
def test_what_is_wrong_is_named(folder, old, new, said):
    assert said in faults(folder, old, new)


def test_a_figure_of_effort_needs_the_duty_rule(folder):
    pack = folder / "pack.toml"
    pack.write_text(pack.read_text("utf-8").replace('"base>=2021.1"', '"base>=2021.1", "hazards"'), encoding="utf-8")
    text = (folder / FILE).read_text(encoding="utf-8").replace("cases.on_time_rate", "expert_checks.done")
    (folder / FILE).write_text(text, encoding="utf-8")
    with translation.override("en"), pytest.raises(Several, match="cite the duty rule"):
        loader.load(folder)
    duty = text.replace('expert_checks.done"', 'expert_checks.done"\nduty = "专家全覆盖式安全检查"')
    (folder / FILE).write_text(duty, encoding="utf-8")
    assert loader.load(folder).schemes[0].items[0].duty


def test_presence_is_no_figure():
    """国办函〔2026〕12号 forbids points for clock-ins, time online and the like: nothing counts them."""
    packs = [loader.load(p.parent) for p in Path(settings.PACKS).glob("*/pack.toml")]
    rows = [f for p in packs for f in p.figures]
    said = [(f.key, f.title_zh, f.title_en) for f in rows] + [(d.key, *d.title) for d in every()]
    for words in said:
        for presence in (
            "log-in",
            "login",
            "sign-in",
            "clock-in",
            "online",
            "photo",
            "登录",
            "打卡",
            "在线时",
            "签到",
            "照片",
        ):
            assert not any(presence in word.lower() for word in words), words
