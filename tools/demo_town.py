"""Write ``demo/410106100/*.xlsx``: the ledgers of 2022 of the demo's second office, as its sections hand them in.

What was published of the town's year (totals, names of villages and products) is kept exactly; every row beside it is
made up and says so. The workbooks are the truth of the demo: this only says how they came about, and writes them anew.
"""

import random
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import xlsxwriter

OUT = Path(__file__).resolve().parents[1] / "demo" / "410106100"
OFFICE, COUNTY = "410106100000", "410106000000"
VILLAGES = ("寨沟村", "马固村", "观沟村", "冯沟村", "柏庙村", "西街村", "石嘴村", "示例村八", "示例村九", "示例村十")
COMMUNITIES = ("同心苑社区", "示例社区02", "示例社区03", "示例社区04")
PLACES = (*VILLAGES, *COMMUNITIES)
MARK, NAMED = "演示合成", "名称见公开报道，其余为演示合成"
SECTIONS = {
    "DZB": "党政办", "DJB": "党建办", "JJB": "经济发展办", "HBB": "环保办",
    "XCB": "乡村振兴办", "YJB": "应急办", "MSB": "民生办",
    "YLB": "遗留问题办",
}  # fmt: skip
# The posts a visitor acts in, then the ones that hand in ledgers: number, title, unit, role, account.
POSTS = (
    ("G01", "书记", "DW", "secretary", "town_secretary"), ("G02", "镇长01", "DW", "director", "town_director"),
    ("DZB01", "党政办01", "DZB", "section", "town_office"), ("DJB01", "党建办01", "DJB", "section", "town_party"),
    ("JJB01", "经济发展01", "JJB", "enterprise_office", "town_economy"),
    ("HBB01", "环保专岗01", "HBB", "environment_office", "town_environment"),
    ("XCB01", "乡村振兴01", "XCB", "section", "town_rural"),
    ("YJB01", "应急专岗01", "YJB", "safety_office", "town_safety"),
    ("MSB01", "民生专岗01", "MSB", "livelihood_office", "town_livelihood"),
    ("YLB01", "遗留问题01", "YLB", "archive_office", "town_archive"),
    ("A01", "系统管理员11", "DZB", "system_admin", "town_admin01"),
    ("A02", "安全管理员11", "DZB", "security_admin", "town_admin02"),
    ("A03", "审计管理员11", "DZB", "audit_admin", "town_admin03"),
)  # fmt: skip
Row = Sequence[Any]
Sheet = list[Row]
chance = random.Random(410106100)


def place_code(name: str) -> str:
    """The division code of a village or community."""
    villages = {v: f"{OFFICE[:9]}{201 + n}" for n, v in enumerate(VILLAGES)}
    return villages.get(name) or f"{OFFICE[:9]}{PLACES.index(name) - len(VILLAGES) + 1:03}"


def days(
    count: int, first: date = date(2022, 1, 4), last: date = date(2022, 12, 30), *, work: bool = True
) -> list[date]:
    """Days of the year in order, as evenly as they go; working days of the week only, unless ``work`` is off."""
    span = [first + timedelta(n) for n in range((last - first).days + 1)]
    span = [day for day in span if not work or day.isoweekday() < 6]
    return [span[n * len(span) // count] for n in range(count)]


def parts(total: int, count: int, least: int) -> list[int]:
    """``total`` in ``count`` whole parts of at least ``least``, by chance."""
    cuts = sorted(chance.randint(0, total - least * count) for _n in range(count - 1))
    ends = [0, *cuts, total - least * count]
    return [b - a + least for a, b in pairwise(ends)]


def spread(groups: dict[str, int]) -> list[str]:
    """Each name as many times as said, shuffled."""
    names = [name for name, count in groups.items() for _n in range(count)]
    chance.shuffle(names)
    return names


def several(names: Sequence[str], n: int) -> str:
    return names[n % len(names)]


def office() -> Iterator[tuple[str, Sheet]]:
    """Places, units, posts."""
    rows: Sheet = [("名称", "区划代码", "上级代码", "层级")]
    rows += [(name, place_code(name), OFFICE, "村" if name in VILLAGES else "社区") for name in PLACES]
    yield "区划", rows
    units: Sheet = [
        ("单位编号", "单位名称", "单位类型", "上级单位编号", "区划代码"),
        ("DW", "镇领导班子", "领导班子", "", OFFICE),
    ]
    units += [(code, name, "科室", "DW", OFFICE) for code, name in SECTIONS.items()]
    units += [(f"ZB0{n}", f"遗留问题专班{n:02}", "专班", "YLB", OFFICE) for n in range(1, 8)]
    for n, name in enumerate(PLACES, 1):
        kind = ("村委会", "村委会") if name in VILLAGES else ("社区居委会", "居委会")
        units.append((f"CW{n:02}", f"{name}{kind[1]}", kind[0], "DW", place_code(name)))
    yield "单位", units
    posts: Sheet = [("岗位编号", "岗位名称", "单位编号", "角色", "区划代码", "开始日期", "账号")]
    posts += [
        (code, title, unit, role, OFFICE, date(2022, 1, 1), account) for code, title, unit, role, account in POSTS
    ]
    yield "岗位", posts


CAMPAIGNS = (
    ("T01", "党的建设提升", "DJB"), ("T02", "产业项目建设", "JJB"), ("T03", "招商引资提质", "JJB"),
    ("T04", "精准污染防治", "HBB"),
    ("T05", "美丽人居创建", "XCB"), ("T06", "遗留问题化解", "YLB"), ("T07", "乡村振兴提速", "XCB"),
    ("T08", "安全风险清零", "YJB"),
    ("T09", "民生福祉改善", "MSB"), ("T10", "能力作风提升", "DZB"),
)  # fmt: skip
# Above, name, amount, unit, the figure that counts it. The amounts are synthetic: no targets of 2022 were published.
GOALS = (
    ("T01", "建成标准化党群中心", 8, "个", "party_sites.standard_centres"),
    ("T01", "创建党建示范点", 2, "个", "honours.party_models"),
    ("T01", "创建清廉村居示范点", 4, "个", "honours.clean_models"),
    ("T02", "新入库四上企业", 5, "家", "qualifications.above_scale"),
    ("T02", "新增高新技术企业", 20, "家", "qualifications.high_tech"),
    ("T02", "新增专精特新企业", 8, "家", "qualifications.specialised"),
    ("T02", "承担和配合重点项目", 14, "个", "projects.count"), ("T03", "签约项目", 12, "个", "signed.count"),
    ("T03", "盘活楼宇厂房", 10000, "平方米", "revived.area"), ("T03", "走访企业", 1800, "次", "visits.enterprises"),
    ("T04", "发现整改污染问题", 500, "项", "pollution_problems.solved"),
    ("T04", "巡河", 1900, "次", "river_patrols.done"),
    ("T05", "建成示范街", 2, "条", "showcases.streets"), ("T05", "改造老旧小区", 1, "个", "showcases.renovated"),
    ("T05", "创建省级卫生村（社区）", 4, "个", "honours.hygienic_province"),
    ("T06", "审查拆迁档案", 15000, "户", "archives.households"),
    ("T06", "解决遗留问题", 400, "个", "archive_findings.settled"),
    ("T07", "举办乡村振兴论坛", 1, "期", "events.forums"),
    ("T07", "建成示范基地", None, "", ""), ("T08", "建成安全专家工作站", 1, "个", "safety_facilities.stations"),
    ("T08", "摄像头接入指挥平台", 40, "个", "cameras.count"), ("T08", "企业安全培训全覆盖", None, "", ""),
    ("T09", "发布招聘信息", 600, "条", "jobs.posted"), ("T09", "帮助就业", 120, "人", "jobs.placed"),
    ("T09", "提升日间照料中心", 6, "个", "care.upgraded"),
    ("T10", "机关干部到社区报到", 200, "人", "reporting_in.people"),
)  # fmt: skip
NEXT_YEAR = (("Y01", "跟进产业发展项目", "JJB"), ("Y02", "加快高品质工程建设", "XCB"), ("Y03", "落地民生实事", "MSB"))
# Above, name, how often, how much each time, lead unit, fact.
DUTIES = (
    ("T02", "重点项目每周对照目标进度", "每周", (1, "次"), "JJB", "s004-021"),
    ("T05", "社区环境日督查", "每天", (1, "次"), "XCB", "s004-040"),
    ("T05", "社区环境周通报", "每周", (1, "次"), "XCB", "s004-041"),
    ("T05", "社区环境月考核", "每月", (1, "次"), "XCB", "s004-042"),
    ("T05", "社区环境季观摩", "每季度", (1, "次"), "XCB", "s004-043"),
    ("T04", "排污企业视频监督", "每天", (24, "小时"), "HBB", "s004-033"),
)  # fmt: skip


def plan() -> Iterator[tuple[str, Sheet]]:
    """The year's ten campaigns, what is to be reached in each; and what is promised for the next year."""
    first, last = date(2022, 1, 1), date(2022, 12, 31)
    goals: Sheet = [
        (
            "编号",
            "名称",
            "层级",
            "上级编号",
            "数量",
            "计量单位",
            "要求",
            "起始日期",
            "完成期限",
            "牵头单位",
            "取数指标",
            "依据",
        )
    ]
    goals.append(("T", "年度攻坚任务", "年度计划", "", None, "", "", first, last, "DZB", "", "s004-003"))
    goals += [
        (c, f"{name}攻坚", "专项行动", "T", None, "", "", first, last, u, "", "s004-075") for c, name, u in CAMPAIGNS
    ]
    units = {code: unit for code, _name, unit in CAMPAIGNS}
    for n, (above, name, amount, unit, figure) in enumerate(GOALS, 1):
        bound = "不低于" if amount else ""
        goals.append(
            (f"{above}-{n:02}", name, "目标", above, amount, unit, bound, first, last, units[above], figure, MARK)
        )
    goals.append(
        (
            "Y",
            "下一年度工作计划",
            "年度计划",
            "",
            None,
            "",
            "",
            date(2023, 1, 1),
            date(2023, 12, 31),
            "DZB",
            "",
            "s004-002",
        )
    )
    ends = (date(2023, 1, 1), date(2023, 12, 31))
    goals += [
        (code, name, "目标", "Y", 15, "项", "不低于", *ends, unit, "", f"s004-07{2 + n}")
        for n, (code, name, unit) in enumerate(NEXT_YEAR)
    ]
    yield "计划目标", goals


def rhythms() -> Iterator[tuple[str, Sheet]]:
    """What is done daily, weekly, monthly and quarterly within the campaigns."""
    first, last = date(2022, 1, 1), date(2022, 12, 31)
    duties: Sheet = [
        ("编号", "职责", "上级编号", "频次", "每期次数", "计量单位", "起始日期", "完成期限", "牵头单位", "依据")
    ]
    duties += [
        (f"{above}-D{n}", name, above, often, *much, first, last, unit, fact)
        for n, (above, name, often, much, unit, fact) in enumerate(DUTIES, 1)
    ]
    yield "常态职责", duties


def write(name: str, sheets: Iterable[tuple[str, Sheet]]) -> None:
    """One workbook, the same to the byte every time."""
    with xlsxwriter.Workbook(OUT / f"{name}.xlsx", {"default_date_format": "yyyy-mm-dd"}) as book:
        book.set_properties({"created": datetime(2023, 1, 3, tzinfo=UTC)})
        bold = book.add_format({"bold": True, "bottom": 1})
        for title, rows in sheets:
            sheet = book.add_worksheet(title)
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, len(rows[0]) - 1, 16)
            for n, row in enumerate(rows):
                sheet.write_row(n, 0, row, None if n else bold)


def main() -> None:
    """Write all workbooks anew."""
    from demo_town_ledgers import archives, enterprises, environment, honours, livelihood, party, safety

    OUT.mkdir(exist_ok=True)
    ledgers = (party, enterprises, environment, archives, livelihood, safety, honours)
    for make in (office, plan, rhythms, *ledgers):
        write(make.__name__, make())


if __name__ == "__main__":
    main()
