"""Plans in several styles, all of them invented here: an outline, a speech, a table of tasks with three lists."""

from datetime import date

import pytest

from zijing.commitments.reading import read

OUTLINE = """望川镇2024年重点工作计划

2023年，全镇完成固定资产投资5.2亿元，新修道路12公里，各项工作取得明显成效。

一、2024年主要目标
规模以上工业增加值增长8%以上，固定资产投资达到6.5亿元，城镇登记失业率控制在4%以内。

二、重点任务
（一）推进项目建设。
1.4月底前完成北环路改造，10月1日前建成通车。
2.新建污水处理站2座，改造老旧管网15公里，惠及群众1.5万余户。
3.三年内完成8个城中村改造。
（二）抓好环境整治
1.各村河长每周巡河一次，镇级河长每月不少于2次。
2.年底前建成近30家“星级”公厕，垃圾清运率达到三分之二以上。
（三）保障民生。城建办牵头，上半年为200户困难家庭完成危房改造；民政所负责，每季度走访独居老人不少于一次。让群众有更多获得感。
（四）强化责任落实。加强组织领导，提高思想认识。
"""
SPEECH = """同志们：
刚才，大家都发了言，讲得很好。去年以来，我们完成了征迁任务，拆除违建3万平方米，成绩来之不易。但是也要看到，我们的工作还有差距。
下面我讲三点意见。
第一，要把项目抓在手上。6月底前，东湖学校、人民医院分院必须开工；滨河公园、体育馆二期9月底前要全部完工。征迁专班要在5月20日前完成剩余36户签约，腾出土地400多亩。
第二，要把安全守牢。各社区要对辖区“九小”场所逐户排查，每月至少检查一遍。汛期每天巡查河道两次。
第三，要把作风转过来。党员干部要走在前、作表率。不开没有准备的会。
同志们，让我们团结起来，为建设美丽家园而努力奋斗！
"""
TABLE = """关于印发2025年民生实事任务清单的通知

序号\t工作任务\t责任单位\t完成时限
1\t新建口袋公园3个、游园2个\t城管办\t2025年9月底
2\t建设社区食堂，覆盖不少于10个社区\t民政办\t年底前
3\t开展家政培训600人次\t人社所\t长期
备注\t资金由财政所统筹\t\t

责任清单
1.新增停车泊位1200个
责任单位：交管中队　完成时限：10月底
2.增设充电桩近300根，其中老旧小区不低于三分之一
责任单位：电力所
完成时限：2025年底
"""


def ledger(text, **more):
    return {one.title: one for one in read(text, **more)}


def test_an_outline_is_read_to_its_targets_tasks_and_duties():
    found = ledger(OUTLINE)
    assert len(found) == 14
    assert "推进项目建设" not in found
    assert found["城镇登记失业率控制在4%以内"].bound == "le"
    assert found["规模以上工业增加值增长8%以上"].kind == "indicator"
    assert found["完成北环路改造"].deadline == date(2024, 4, 30)
    assert (found["建成通车"].object, found["建成通车"].deadline) == ("北环路改造", date(2024, 10, 1))
    assert (found["完成8个城中村改造"].quantity, found["完成8个城中村改造"].deadline) == (8, date(2026, 12, 31))
    assert found["为200户困难家庭完成危房改造"].owner == "城建办"


def test_the_past_headings_benefits_and_slogans_are_no_commitments():
    said = "".join(ledger(OUTLINE)) + "".join(ledger(SPEECH, year=2026))
    for never in ("12公里", "惠及", "获得感", "组织领导", "思想认识", "违建", "团结", "差距", "作表率"):
        assert never not in said


def test_a_duty_has_a_rhythm_and_an_owner():
    duty = ledger("各村河长每周巡河一次。")["每周巡河一次"]
    assert (duty.kind, duty.recurrence, duty.owner, duty.quantity, duty.unit) == (
        "duty",
        "weekly",
        "各村河长",
        1,
        "次/周",
    )


def test_a_speech_without_a_year_is_read_for_the_year_given():
    found = ledger(SPEECH, year=2026)
    assert [t for t in found if "开工" in t] == ["东湖学校必须开工", "人民医院分院必须开工"]
    assert found["滨河公园完工"].deadline == date(2026, 9, 30)
    signed = found["完成剩余36户签约"]
    assert (signed.owner, signed.deadline, signed.quantity) == ("征迁专班", date(2026, 5, 20), 36)
    assert found["腾出土地400多亩"].bound == "ge"
    assert found["每月至少检查一遍"].owner == "各社区"
    assert found["汛期每天巡查河道两次"].recurrence == "daily"


def test_without_any_year_a_month_is_no_day():
    assert ledger("8月底前完成北环路改造。")["完成北环路改造"].deadline is None


def test_a_table_gives_each_row_its_owner_and_last_day():
    found = ledger(TABLE)
    assert len(found) == 8
    park = found["新建口袋公园3个"]
    assert (park.object, park.owner, park.deadline) == ("口袋公园", "城管办", date(2025, 9, 30))
    assert found["覆盖不少于10个社区"].deadline == date(2025, 12, 31)
    assert (found["开展家政培训600人次"].owner, found["开展家政培训600人次"].deadline) == ("人社所", None)
    assert (found["新增停车泊位1200个"].owner, found["新增停车泊位1200个"].deadline) == ("交管中队", date(2025, 10, 31))
    assert (found["增设充电桩近300根"].owner, found["增设充电桩近300根"].bound) == ("电力所", "about")


def test_an_enumeration_is_one_commitment_for_each_thing():
    found = read("2030年，甲园、乙苑和丙家园三期3个项目要完成主体施工。")
    assert [one.object for one in found] == ["甲园", "乙苑", "丙家园三期"]
    assert {(one.start, one.end) for one in found} == {(6, 28)}
    assert {one.strength for one in found} == {"hard"}


def test_members_with_numbers_of_their_own_stand_for_themselves():
    text = "推进北校区扩建征迁20户宅基拆迁、90亩附属物清表、300余座坟的迁移等工作。"
    assert [(text[one.start : one.end], one.quantity, one.unit) for one in read(text)] == [
        ("20户宅基拆迁", 20, "户"), ("90亩附属物清表", 90, "亩"), ("300余座坟的迁移", 300, "座"),
    ]  # fmt: skip


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_sentence_broken_by_a_column_is_read_whole(newline):
    text = f"今后要抓好教育。定期对早教、托班和各类培训机构进{newline}{newline}行安全培训和消防演练。"
    found = read(text)
    assert {text[one.start : one.end].replace(newline, "") for one in found} == {
        "定期对早教、托班和各类培训机构进行安全培训和消防演练"
    }


def test_a_list_of_ten_thousand_lines_is_ten_thousand_commitments():
    text = "".join(f"新建第{n}小区充电桩{n}个\n" for n in range(1, 10_001))
    assert len(read(text)) == 10_000


CAMPAIGN = """河湾街道扬尘治理实施方案
为落实会议精神，切实改善辖区空气质量，结合街道实际，制定本方案。
一、目标
2025年是攻坚行动的收官之年。全年优良天数达到230天，重污染天数控制在8天以内。
二、任务
1.开展扬尘治理专项行动。辖区内23个在建工地全部落实“六个百分之百”。责任单位：城建办、执法中队。完成时限：2025年5月底前。
2.完成480户“煤改气”改造，对已改造的1650户开展“回头看”，改扩建镇中心幼儿园，新培育示范村3个。
3.建立街道、社区、网格三级包保责任制，新建日处理能力50吨的污水站2座。
4.实行“日巡查、周通报、月排名”制度。
"""


def test_a_scheme_is_read_without_its_preamble_and_its_notes():
    found = ledger(CAMPAIGN)
    assert list(found) == [
        "全年优良天数达到230天", "重污染天数控制在8天以内", "开展扬尘治理专项行动", "23个在建工地全部落实“六个百分之百”",
        "完成480户“煤改气”改造", "对已改造的1650户开展“回头看”", "改扩建镇中心幼儿园", "新培育示范村3个",
        "建立街道、社区、网格三级包保责任制", "新建日处理能力50吨的污水站2座", "实行“日巡查、周通报、月排名”制度",
    ]  # fmt: skip
    site = found["23个在建工地全部落实“六个百分之百”"]
    assert (site.owner, site.deadline, site.quantity) == ("城建办、执法中队", date(2025, 5, 31), 23)
    assert found["建立街道、社区、网格三级包保责任制"].quantity is None
    assert found["新建日处理能力50吨的污水站2座"].quantity == 2
