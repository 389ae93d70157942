"""The ledgers of ``tools/demo_town.py`` by section: rows that add up to what was published."""

from collections.abc import Iterator
from datetime import date

from demo_town import (
    COMMUNITIES,
    MARK,
    NAMED,
    PLACES,
    VILLAGES,
    Sheet,
    chance,
    days,
    parts,
    place_code,
    several,
    spread,
)

FIRMS = [f"QY{n:04}" for n in range(1, 121)]
CENTRES = ("寨沟村", "马固村", "观沟村", "石嘴村", "西街村", "同心苑社区", "示例社区02", "示例社区03")


def party() -> Iterator[tuple[str, Sheet]]:
    """Centres and the trail, receptions, cadres who reported in."""
    costs = parts(400, 8, 35)
    sites: Sheet = [("阵地编号", "阵地名称", "类别", "达到标准化", "建成日期", "改造投入(万元)", "所在区划", "备注")]
    for n, (place, day) in enumerate(zip(CENTRES, days(8, date(2022, 3, 1), date(2022, 11, 30)), strict=True)):
        sites.append((f"ZD-{n + 1:03}", f"{place}党群服务中心", "党群服务中心", "是", day, costs[n], place, MARK))
    sites.append(("ZD-009", "五云山红色小道", "红色教育线路", "否", date(2022, 5, 20), None, "柏庙村", NAMED))
    yield "党建阵地", sites
    said = ("支部主题党日", "机关党员接受教育", "学生研学", "企业党员参观", "群众自行参观登记")
    receptions: Sheet = [("接待日期", "阵地", "接待人次", "接待情况", "备注")]
    for n, (day, people) in enumerate(zip(days(60, date(2022, 6, 1), work=False), parts(3000, 60, 20), strict=True)):
        receptions.append((day, "ZD-009", people, f"{several(said, n)}（{MARK}）", MARK))
    yield "阵地接待", receptions
    joined: Sheet = [("日期", "报到单位", "报到形式", "报到社区", "认领事项", "参加人数", "完成情况")]
    works = ("环境整治", "巡逻值守", "政策宣讲", "微心愿")
    for n, (day, people) in enumerate(
        zip(days(14, date(2022, 3, 1), date(2022, 4, 30)), parts(200, 14, 8), strict=True)
    ):
        summary = f"机关干部到{PLACES[n]}报到并认领事项（{MARK}）"
        joined.append((day, f"镇机关第{n + 1}组", "在职党员", PLACES[n], several(works, n), people, summary))
    yield "双报到", joined


def enterprises() -> Iterator[tuple[str, Sheet]]:
    """Enterprises and all that is done for them, signed projects, the office's own fourteen."""
    rows: Sheet = [("企业编号", "企业名称", "行业", "状态", "入统日期", "所在区划", "备注")]
    for n, code in enumerate(FIRMS):
        status, day = ("四上", date(2022, 11, 30) if n < 5 else date(2020, 5, 31)) if n < 45 else ("一般", None)
        rows.append(
            (
                code,
                f"示例企业{n + 1:03}",
                several(("工业", "工业", "服务业", "批发"), n),
                status,
                day,
                several(PLACES, n),
                MARK,
            )
        )
    yield "企业", rows
    yield "企业资质", _qualifications()
    yield from _projects()
    offices = ("JJB", "HBB", "YJB", "MSB", "DZB")
    said = ("了解生产经营情况", "了解用工需求", "宣讲惠企政策", "核对项目进度", "了解融资需求", "提示安全和环保要求")
    visits: Sheet = [("走访日期", "企业", "走访情况", "走访单位", "备注")]
    for n, day in enumerate(days(2000)):
        visits.append(
            (day, chance.choice(FIRMS), f"{several(said, chance.randrange(6))}（{MARK}）", several(offices, n), MARK)
        )
    yield "企业走访", visits
    how = {
        "用工": "对接学校和村（社区）输送工人", "用地": "协调用地边界和手续", "融资": "对接银行落实贷款",
        "手续办理": "代办审批材料",
        "水电气": "协调增容和接通", "交通物流": "疏通货车进出道路",
    }  # fmt: skip
    kinds = spread({"用工": 163, "用地": 38, "融资": 61, "手续办理": 82, "水电气": 47, "交通物流": 36})
    solved: Sheet = [("解决日期", "企业", "问题类别", "问题和解决情况", "解决单位", "备注")]
    for n, (day, kind) in enumerate(zip(days(427), kinds, strict=True)):
        solved.append((day, chance.choice(FIRMS), kind, f"{how[kind]}（{MARK}）", several(offices, n), MARK))
    yield "企业问题解决", solved
    money: Sheet = [("申请日期", "企业", "类别", "申请金额(万元)", "申请事项", "备注")]
    for n, (day, amount) in enumerate(
        zip(days(14, date(2022, 7, 1), date(2022, 10, 31)), parts(1400, 14, 30), strict=True)
    ):
        money.append((day, FIRMS[n * 3], "研发后补助", amount, f"上年度研发投入补助（{MARK}）", MARK))
    yield "惠企资金申请", money


def _qualifications() -> Sheet:
    rows: Sheet = [("资质编号", "资质名称", "企业", "类别", "级别", "认定日期", "所在区划", "备注")]
    wanted = (
        ("四上企业入库", "", 5),
        ("高新技术企业", "", 24),
        ("专精特新企业", "", 8),
        ("研发中心", "省级", 8),
        ("研发中心", "市级", 22),
    )
    for kind, level, count in wanted:
        for n, day in enumerate(days(count, date(2022, 3, 1), date(2022, 12, 20))):
            firm = n + (8 if level == "市级" else 0)
            name = f"示例企业{firm + 1:03}{level}{kind}"
            rows.append((f"ZZ-{len(rows):03}", name, FIRMS[firm], kind, level, day, several(PLACES, n), MARK))
    return rows


def _projects() -> Iterator[tuple[str, Sheet]]:
    """What was signed, what was revived, what the office builds or supports, and what its green channel solved."""
    yield "签约项目", _signed()
    yield "盘活载体", _spaces()
    yield "重点项目", _own_projects()
    yield "绿色通道协调", _channel()


def _signed() -> Sheet:
    rows: Sheet = [("签约编号", "项目名称", "产业", "招商方式", "签约日期", "总投资(亿元)", "落地区划", "备注")]
    billions = [n / 100 for n in parts(4900, 14, 110)]
    sectors = ("装备制造", "新材料", "现代物流", "数字经济", "医疗康养", "文旅")
    ways = ("网络招商", "产业招商", "精准招商")
    for n, day in enumerate(days(14, date(2022, 2, 10), date(2022, 12, 10))):
        name, sector, way = f"示例签约项目{n + 1:02}", several(sectors, n), several(ways, n)
        rows.append((f"QY-{n + 1:03}", name, sector, way, day, billions[n], several(PLACES, n), MARK))
    return rows


def _spaces() -> Sheet:
    rows: Sheet = [("载体编号", "载体名称", "类别", "盘活日期", "盘活面积", "所在区划", "备注")]
    for n, (day, area) in enumerate(zip(days(9, date(2022, 3, 1)), parts(10000, 9, 400), strict=True)):
        name, sort = f"示例载体{n + 1:02}", several(("厂房", "楼宇"), n)
        rows.append((f"ZT-{n + 1:03}", name, sort, day, area, several(PLACES, n), MARK))
    return rows


def _own_projects() -> Sheet:
    rows: Sheet = [
        (
            "项目编号",
            "项目名称",
            "项目类型",
            "街道职责",
            "所在村社区",
            "总投资(亿元)",
            "开工日期",
            "承诺完成日期",
            "备注",
        )
    ]
    names = {0: "河南化机土方回填", 1: "奥克斯三通一平道路"}
    begins, promised = date(2021, 9, 1), date(2023, 6, 30)
    for n in range(14):
        name, note = names.get(n, f"示例重点项目{n + 1:02}"), NAMED if n in names else MARK
        part, place = several(("承担", "配合"), n), several(PLACES, n)
        rows.append((f"XM-{n + 1:02}", name, "工业", part, place, 1.2 + n / 10, begins, promised, note))
    return rows


def _channel() -> Sheet:
    rows: Sheet = [("解决日期", "项目", "问题和解决情况", "协调单位", "备注")]
    matters = (
        "场地土方回填协调到位", "施工道路接通", "临时用电接入", "附着物清点签字", "管线迁改方案确认",
        "施工围挡手续办结", "进场路口开设",
    )  # fmt: skip
    for n, day in enumerate(days(21, date(2022, 2, 15), date(2022, 11, 30))):
        rows.append((day, f"XM-{n % 14 + 1:02}", f"{several(matters, n)}（{MARK}）", "JJB", MARK))
    return rows


def environment() -> Iterator[tuple[str, Sheet]]:
    """Sites, plants and restaurants; what was put right there; rivers and their patrols."""
    sources: Sheet = [("对象编号", "对象名称", "类别", "视频在线监督", "所在区划", "备注")]
    for kind, letter, count in (("建筑工地", "G", 35), ("工业企业", "Q", 270), ("餐饮门店", "C", 940)):
        for n in range(1, count + 1):
            watched = "是" if letter == "Q" and n % 6 == 0 else "否"
            sources.append((f"{letter}{n:03}", f"示例{kind}{n:03}", kind, watched, several(PLACES, n), MARK))
    yield "污染治理对象", sources
    ways = {"G": ("扬尘", "洒水覆盖到位"), "Q": ("废气", "更换滤材并复查合格"), "C": ("油烟", "清洗净化器并复查合格")}
    problems: Sheet = [("整改日期", "治理对象", "问题类别", "发现途径", "问题和整改情况", "备注")]
    for n, day in enumerate(days(600, work=False)):
        code = chance.choice([f"G{n % 35 + 1:03}", f"Q{n % 270 + 1:03}", f"C{n % 940 + 1:03}"])
        kind, remedy = ways[code[0]]
        by = several(("网格员", "巡查员", "视频监督" if code[0] == "Q" else "网格员", "群众反映"), n)
        problems.append((day, code, kind, by, f"{remedy}（{MARK}）", MARK))
    yield "污染问题整改", problems
    rivers: Sheet = [("河道编号", "河道名称", "镇域河长", "所在区划", "备注")]
    rivers += [(f"HD-{n:02}", f"示例河道{n:02}", 4.5 + n, several(PLACES, n), MARK) for n in range(1, 4)]
    yield "河道", rivers
    patrols: Sheet = [("巡河日期", "河道", "发现问题", "巡河情况", "备注")]
    for n, day in enumerate(days(2000, date(2022, 1, 1), date(2022, 12, 31), work=False)):
        found = int(n % 40 == 7)
        said = "清理岸坡垃圾" if found else "沿线巡查未见异常"
        patrols.append((day, f"HD-{n % 3 + 1:02}", found, f"{said}（{MARK}）", MARK))
    yield "巡河记录", patrols
    ranks: Sheet = [("公布日期", "考核事项", "公布级别", "名次", "参评单位数", "是否第一", "备注")]
    yield (
        "上级名次",
        [
            *ranks,
            (
                date(2022, 12, 30),
                "市级线上巡河任务完成情况",
                "市级",
                1,
                None,
                "是",
                "名次见公开报道，公布日期为演示合成",
            ),
        ],
    )


def archives() -> Iterator[tuple[str, Sheet]]:
    """Teams, batches of files with their households, findings of six classes and what was recovered."""
    teams: Sheet = [("专班编号", "专班名称", "负责范围", "成立日期", "责任单位", "所在区划", "备注")]
    teams += [
        (
            f"ZB-0{n}",
            f"遗留问题专班{n:02}",
            "分片审查拆迁档案",
            date(2022, 2, 15),
            f"ZB0{n}",
            several(VILLAGES, n),
            MARK,
        )
        for n in range(1, 8)
    ]
    yield "遗留问题专班", teams
    batches: Sheet = [("批次编号", "批次名称", "拆迁年份", "审查户数", "审查完成日期", "审查专班", "所在区划", "备注")]
    for n, (day, count) in enumerate(
        zip(days(150, date(2022, 3, 1), date(2022, 11, 30)), parts(15000, 150, 40), strict=True)
    ):
        place = several(VILLAGES, n)
        name = f"{place}第{n // 10 + 1}批"
        batches.append((f"DA-{n + 1:03}", name, 2012 + n % 10, count, day, f"ZB0{n % 7 + 1}", place, MARK))
    yield "拆迁档案批次", batches
    yield "拆迁遗留问题", _findings()


def _findings() -> Sheet:
    """553 findings of six classes: 357 settled, and 518 million yuan recovered from the money matters among them."""
    classes = spread(
        {
            "应缴未缴": 168,
            "应退未退": 97,
            "已分配房屋未结算": 141,
            "档案资料不全": 63,
            "面积认定不一致": 49,
            "协议未履行到位": 35,
        }
    )
    settled = [True] * 357 + [False] * 196
    chance.shuffle(settled)
    paying = [n for n in range(553) if settled[n] and classes[n] in {"应缴未缴", "已分配房屋未结算"}]
    money = dict(zip(paying, parts(51800, len(paying), 20), strict=True))
    rows: Sheet = [
        (
            "问题编号",
            "问题摘要",
            "档案批次",
            "问题类别",
            "梳理日期",
            "是否解决",
            "解决日期",
            "回笼资金(万元)",
            "责任专班",
            "所在区划",
            "备注",
        )
    ]
    for n, day in enumerate(days(553, date(2022, 3, 15), date(2022, 10, 31))):
        batch = chance.randrange(150)
        done = date(2022, 11, 1 + n % 28) if settled[n] else None
        rows.append((
            f"YL-{n + 1:03}", f"{classes[n]}（{MARK}）", f"DA-{batch + 1:03}", classes[n], day,
            "是" if settled[n] else "否", done,
            money.get(n), f"ZB0{batch % 7 + 1}", several(VILLAGES, batch), MARK,
        ))  # fmt: skip
    return rows


def livelihood() -> Iterator[tuple[str, Sheet]]:
    """Job postings, people placed, day care centres and the care home."""
    jobs = ("普工", "数控车工", "焊工", "质检员", "仓管员", "电工", "行政文员", "叉车司机")
    postings: Sheet = [("发布日期", "招聘企业", "招聘岗位", "招聘人数", "备注")]
    for n, day in enumerate(days(600)):
        postings.append((day, several(FIRMS, n * 7), f"{several(jobs, n)}（{MARK}）", n % 5 + 1, MARK))
    yield "招聘信息", postings
    placed: Sheet = [("入职日期", "用工企业", "就业人数", "帮扶情况", "备注")]
    for n, (day, people) in enumerate(zip(days(62, date(2022, 2, 20)), parts(130, 62, 1), strict=True)):
        placed.append((day, several(FIRMS, n * 5), people, f"经招聘平台对接入职（{MARK}）", MARK))
    yield "帮助就业", placed
    care: Sheet = [
        ("设施编号", "设施名称", "类别", "床位数", "入住人数", "提升完成日期", "提升投入(万元)", "所在区划", "备注")
    ]
    costs = parts(360, 6, 40)
    for n, day in enumerate(days(6, date(2022, 5, 1), date(2022, 11, 30))):
        place = (*COMMUNITIES, "寨沟村", "观沟村")[n]
        care.append(
            (f"YL-{n + 1:02}", f"{place}日间照料中心", "日间照料中心", 10 + n, None, day, costs[n], place, MARK)
        )
    care.append(
        (
            "YL-07",
            "镇养老服务中心",
            "养老服务中心",
            120,
            72,
            None,
            None,
            "西街村",
            "入住率见公开报道，床位和人数为演示合成",
        )
    )
    yield "养老服务设施", care


def safety() -> Iterator[tuple[str, Sheet]]:
    """Points of danger, cameras that watch them, the command centre and the expert station."""
    points: Sheet = [("点位编号", "点位名称", "点位类别", "风险等级", "所在区划", "检查周期", "备注")]
    for n, (name, kind) in enumerate((("示例山体", "山体边坡"), ("示例河段", "河道"), ("示例水库", "水库坑塘"))):
        points.append((f"XW-{n + 1:02}", name, kind, "重大", several(VILLAGES, n), 7, MARK))
    yield "隐患点位", points
    cameras: Sheet = [("点位编号", "点位名称", "看护对象", "接入日期", "所在区划", "备注")]
    watched = spread({"山体林地": 12, "河道": 11, "水库坑塘": 6, "厂区外围": 9, "道路桥涵": 6})
    for n, (day, kind) in enumerate(zip(days(44, date(2022, 5, 10), date(2022, 9, 30)), watched, strict=True)):
        cameras.append((f"JK-{n + 1:02}", f"示例{kind}{n + 1:02}", kind, day, several(PLACES, n), MARK))
    yield "监控点位", cameras
    facilities: Sheet = [("设施编号", "设施名称", "类别", "建成日期", "投资(万元)", "所在区划", "备注")]
    facilities.append(
        ("YJ-01", "镇应急指挥中心", "应急指挥中心", date(2022, 5, 9), 150, "西街村", "投资见公开报道，日期为演示合成")
    )
    facilities.append(("YJ-02", "镇级安全专家工作站", "安全专家工作站", date(2022, 3, 21), None, "西街村", NAMED))
    yield "应急设施", facilities


def honours() -> Iterator[tuple[str, Sheet]]:
    """Sixty-two honours, eleven of them named in public; specialties, showcases and events."""
    rows: Sheet = [("荣誉编号", "荣誉名称", "类别", "授予级别", "授予日期", "所在区划", "备注")]
    known = [
        ("寨沟村省级党建示范点", "党建示范点", "省级", "寨沟村"),
        ("马固村市级党建示范点", "党建示范点", "市级", "马固村"),
        ("观沟村市级清廉村居示范点", "清廉村居示范点", "市级", "观沟村"),
        ("寨沟村区级清廉村居示范点", "清廉村居示范点", "县（市、区）级", "寨沟村"),
        *((f"{place}区级清廉村居示范点", "清廉村居示范点", "县（市、区）级", place)
          for place in ("示例村八", "示例社区02")),
        *((f"{place}省级卫生村（社区）", "卫生村（社区）", "省级", place)
          for place in ("观沟村", "示例村九", "示例村十", "示例社区03")),
        ("能力作风建设红旗单位", "红旗单位", "县（市、区）级", "西街村"),
    ]  # fmt: skip
    dated = days(62, date(2022, 2, 1), date(2022, 12, 28))
    chance.shuffle(dated)
    for n, day in enumerate(dated):
        level = several(("县（市、区）级", "市级", "县（市、区）级", "省级", "县（市、区）级"), n)
        made_up = (f"示例奖项{n + 1:02}", several(("先进集体", "评比奖项", "其他"), n), level, several(PLACES, n))
        one, note = (known[n], NAMED) if n < len(known) else (made_up, MARK)
        rows.append((f"RY-{n + 1:03}", *one[:3], day, place_code(one[3]), note))
    yield "荣誉", rows
    products: Sheet = [("产品编号", "产品名称", "所在区划", "备注")]
    for n, (name, place) in enumerate(
        (("冯沟榨油", "冯沟村"), ("观沟紫漆", "观沟村"), ("柏庙泥埝", "柏庙村"), ("西街食用菊", "西街村"))
    ):
        products.append((f"TC-{n + 1:02}", name, place, NAMED))
    yield "特色产品", products
    shown: Sheet = [("示范编号", "示范名称", "类别", "进展", "建成日期", "所在区划", "备注")]
    shown += [
        ("SF-01", "登封路", "示范街", "已建成", date(2022, 6, 30), "西街村", NAMED),
        ("SF-02", "龙江路", "示范街", "已建成", date(2022, 8, 31), "西街村", NAMED),
        ("SF-03", "同心苑老旧小区", "老旧小区改造", "已建成", date(2022, 10, 31), "同心苑社区", NAMED),
        ("SF-04", "951家属院", "示范小区", "已建成", date(2022, 11, 30), "示例社区02", NAMED),
        ("SF-05", "电商直播基地", "示范基地", "推进中", None, "石嘴村", NAMED),
        ("SF-06", "乡村振兴示范基地", "示范基地", "推进中", None, "石嘴村", NAMED),
    ]  # fmt: skip
    yield "示范创建", shown
    events: Sheet = [("举办日期", "类别", "活动名称", "参加人数", "所在区划", "备注")]
    events.append((date(2022, 9, 22), "论坛", "第一期乡村振兴论坛", 160, "石嘴村", NAMED))
    events += [
        (day, "签订协议", f"石嘴书画产业合作协议{n}（{MARK}）", None, "石嘴村", MARK)
        for n, day in enumerate(days(3, date(2022, 9, 23)), 1)
    ]
    events += [
        (day, "访谈", f"能力作风访谈{n}（{MARK}）", 20, "西街村", MARK)
        for n, day in enumerate(days(5, date(2022, 4, 1)), 1)
    ]
    yield "镇级活动", events
