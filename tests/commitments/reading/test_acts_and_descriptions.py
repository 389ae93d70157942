"""Rules that hold for plans of any office; the sentences are our own."""

from datetime import date

import pytest

from zijing.commitments.reading import read


def said(text):
    return [text[c.start : c.end] for c in read(text, year=2024)]


def test_acts_side_by_side_are_each_a_commitment():
    text = "建成东湖路、桥北路2条道路、建成滨河人行桥、增设路灯80盏。"
    found = read(text, year=2024)
    assert [c.object for c in found] == ["东湖路", "桥北路", "滨河人行桥", "路灯"]
    assert [c.strength for c in found] == ["hard"] * 4


@pytest.mark.parametrize(
    "text", ["该项目位于镇区北侧，总投资3000万元，占地40亩。", "总建筑面积约2万平方米。", "投资800余万元。"]
)
def test_what_a_project_is_like_is_no_commitment(text):
    assert said(text) == []


def test_a_stage_with_its_day_belongs_to_the_thing_that_was_named():
    found = read("一、重点项目\n便民服务中心项目：3月底前开工；11月底前竣工。", year=2024)
    assert [(c.deadline, c.strength) for c in found] == [(date(2024, 3, 31), "hard"), (date(2024, 11, 30), "hard")]


def test_the_sentence_that_names_a_matter_is_no_commitment_of_its_own():
    text = "一是着力改善出行条件。大修道路6条，新增停车位300个。\n二是做好就业服务。新增就业500人。"
    assert said(text) == ["大修道路6条", "新增停车位300个", "新增就业500人"]


def test_minutes_tell_who_met_before_they_say_what_was_decided():
    text = "5月6日下午，镇长召开项目推进会。\n会议听取了各村汇报。\n会议要求，5月底前完成管网清淤。"
    assert len(said(text)) == 1


def test_long_brackets_at_the_end_are_left_out():
    assert said("新建公厕12座（其中东片6座，西片6座，由环卫所负责）。") == ["新建公厕12座"]


def test_two_numbers_joined_by_and_are_two():
    found = read("完成20处塘坝治理项目和30个机井维修项目。", year=2024)
    assert [(int(c.quantity), c.unit) for c in found] == [(20, "处"), (30, "个")]


def test_lines_that_set_figures_are_no_headings():
    text = "2024年主要目标\n序号\n指标\n单位\n1\n财政收入增长6%\n财政所\n2\n工业投资增长8%左右\n经发办\n"
    assert [(c.object, int(c.quantity), c.bound) for c in read(text)] == [("财政收入", 6, ""), ("工业投资", 8, "about")]


def test_more_than_last_year_is_a_plan_and_not_a_look_back():
    assert said("全年预期目标：财政收入达2亿元，比上年增加0.1亿元。") == ["财政收入达2亿元"]


def test_a_year_on_from_the_plan_is_its_own():
    found = read("二〇二六年工作安排\n2026年是关键一年。东环路计划今年完工，南环路预计2027年完工。")
    assert [c.deadline.year for c in found] == [2026, 2027]


def test_in_a_text_of_lines_without_stops_each_line_is_its_own():
    long = "举办不少于30场广场舞展演、50场读书会、80场公益电影以及40场书画、剪纸、非遗等体验活动"
    lines = [
        "2024年民生实事",
        "1",
        "增设晨练点12个",
        long,
        "镇、村两级开展健康讲座不少于60场",
        "为90户低保户更换燃气软管",
        "2",
        "改造公厕4座",
    ]
    assert said("\n\n".join(lines)) == [
        "增设晨练点12个", "不少于30场广场舞展演", "50场读书会", "80场公益电影", "40场书画、剪纸、非遗等体验活动",
        "镇、村两级开展健康讲座不少于60场", "为90户低保户更换燃气软管", "改造公厕4座",
    ]  # fmt: skip


def test_one_number_after_several_names_counts_what_they_lead_to():
    [one] = read("招聘本地高校、外省高校毕业生30名。", year=2024)
    assert (int(one.quantity), one.unit) == (30, "名")


def test_places_where_the_same_is_done_are_a_commitment_each():
    assert [c.object for c in read("在李家、王家、赵家等村继续开展清塘行动。", year=2024)] == ["李家", "王家", "赵家"]


@pytest.mark.parametrize(
    ("text", "object_"),
    [
        ("在守住耕地红线的基础上大力发展林果种植。", "林果种植"),
        ("围绕甲讲话、乙论述等开展专题讨论8次。", "专题讨论"),
        ("针对空巢老人开展“暖心敲门”行动。", "“暖心敲门”"),
        ("分级分类开展网格员轮训。", "网格员轮训"),
    ],
)
def test_what_stands_before_the_act_does_not_hide_it(text, object_):
    [one] = read(text, year=2024)
    assert one.object.startswith(object_)


@pytest.mark.parametrize("text", ["采用集中供水的村庄共9个。", "现制定年度工作安排如下："])
def test_how_many_there_are_and_what_is_announced_is_no_commitment(text):
    assert said(text) == []


def test_how_a_number_is_made_up_is_no_further_commitment_but_what_a_part_must_be_is():
    assert said("改造村道8公里，其中东组3公里，西组5公里。") == ["改造村道8公里"]
    assert said("新增绿地5公顷，其中公园绿地不低于2公顷。") == ["新增绿地5公顷", "公园绿地不低于2公顷"]


def test_figures_side_by_side_are_each_a_commitment():
    found = read("粮食面积稳定在3万亩以上、鸡蛋产量达900吨。", year=2024)
    assert [(c.object, int(c.quantity), c.unit) for c in found] == [("粮食面积", 30000, "亩"), ("鸡蛋产量", 900, "吨")]


def test_the_title_before_the_sentences_of_its_part_is_no_commitment():
    assert said("（三）构建多元养老格局。新建助餐点6个。培训护理员80名。") == ["新建助餐点6个", "培训护理员80名"]
