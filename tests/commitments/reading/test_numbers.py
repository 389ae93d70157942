from decimal import Decimal

import pytest

from zijing.commitments.reading.numbers import main_quantity, quantities


@pytest.mark.parametrize(
    ("said", "value", "unit", "bound"),
    [
        ("腾出2000余亩", 2000, "亩", "ge"),
        ("建成近30家公厕", 30, "家", "about"),
        ("惠及1.5万余户", 15000, "户", "ge"),
        ("投资32亿元", 32, "亿元", ""),
        ("不少于2支文艺团队", 2, "支", "ge"),
        ("控制在5%以内", 5, "%", "le"),
        ("不超过3天内处理5件", 5, "件", ""),
        ("增长8%以上", 8, "%", "ge"),
        ("完成三分之一", Decimal("33.33"), "%", ""),
        ("不低于百分之六十", 60, "%", "ge"),
        ("过半完成", 50, "%", "ge"),
        ("建成一个照料中心", 1, "个", ""),
        ("三千二百户搬迁", 3200, "户", ""),
        ("超过100家", 100, "家", "gt"),
        ("惠及6千余户", 6000, "户", "ge"),
        ("服务人次达20万以上", 200000, "人次", "ge"),
    ],
)
def test_a_written_number_has_value_unit_and_bound(said, value, unit, bound):
    found = main_quantity(said)
    assert (found.value, found.unit, found.bound) == (value, unit, bound)


def test_a_range_has_two_ends():
    found = main_quantity("建设2~3个口袋公园")
    assert (found.value, found.most, found.bound) == (2, 3, "range")


@pytest.mark.parametrize(
    "said",
    [
        "第一书记",
        "72号院拆迁",
        "地铁10号线",
        "“4+4+2”机制",
        "一批文化产业",
        "一体化推进",
        "六届九次全会",
        "紫东苑三期",
        "2020年",
        "5A级景区",
        "一系列措施",
        "二次供水",
        "千人计划",
    ],
)
def test_names_and_phrases_are_no_numbers(said):
    assert quantities(said) == []


def test_the_baseline_and_the_money_spent_are_not_what_is_promised():
    assert main_quantity("在现有企业34家基础上再增加4家").value == 4
    assert main_quantity("投资150万元建设公园3个").value == 3
    assert main_quantity("引进5亿元以上项目2个").value == 2


def test_all_of_them_is_a_hundred_percent_and_none_is_zero():
    assert (main_quantity("业主委员会全覆盖").value, main_quantity("零就业家庭动态为零").value) == (100, 0)
