from datetime import date

import pytest

from zijing.commitments.reading.dates import last_day, recurrence


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("8月底交房", date(2024, 8, 31)),
        ("年底前建成", date(2024, 12, 31)),
        ("明年6月底前", date(2025, 6, 30)),
        ("2025年9月10日前", date(2025, 9, 10)),
        ("10月1日前通车", date(2024, 10, 1)),
        ("九月十日前", date(2024, 9, 10)),
        ("上半年完成", date(2024, 6, 30)),
        ("下半年启动", date(2024, 12, 31)),
        ("三季度末", date(2024, 9, 30)),
        ("前三季度", date(2024, 9, 30)),
        ("三年内完成", date(2026, 12, 31)),
        ("国庆节前", date(2024, 10, 1)),
        ("5月上旬", date(2024, 5, 10)),
        ("2月底", date(2024, 2, 29)),
        ("到2027年", date(2027, 12, 31)),
        ("“十五五”末", date(2030, 12, 31)),
        ("年内完成", date(2024, 12, 31)),
    ],
)
def test_a_day_as_it_is_stated(said, day):
    found = last_day(said, 2024)
    assert (found.day, found.by_year) == (day, False)


def test_the_year_alone_is_the_plan_of_a_year():
    assert last_day("2020年全面落实", None).by_year


@pytest.mark.parametrize("said", ["2月30日前", "13月底", "8月底", "2019年以来", "每月一次"])
def test_what_is_no_day_is_none(said):
    assert last_day(said, None) is None or last_day(said, 2024) is None


@pytest.mark.parametrize(
    ("said", "rhythm"),
    [
        ("每周巡河一次", "weekly"),
        ("每月考核", "monthly"),
        ("月考核", "monthly"),
        ("每季度通报", "quarterly"),
        ("每天清扫", "daily"),
        ("定期培训", "periodic"),
        ("持续推进", "continuous"),
        ("建成通车", ""),
    ],
)
def test_what_comes_again(said, rhythm):
    assert recurrence(said)[0] == rhythm
