"""Write ``demo/first-hour.xlsx``: everything an office enters in its first hour, one sheet a ledger.

The office is invented but for its name and code: two communities, four grids, five units, nine posts, five projects
with two stages each, and the first day's reports.
"""

from pathlib import Path

import xlsxwriter

OUT = Path(__file__).resolve().parents[1] / "demo" / "first-hour.xlsx"
OFFICE = "410183001000"
FIRST, SECOND = "410183001001", "410183001201"
SHEETS = {
    "区划": [
        ("名称", "区划代码", "上级代码", "层级"),
        ("示例社区01", FIRST, OFFICE, "社区"), ("示例村01", SECOND, OFFICE, "村"),
        ("示例社区01第一网格", f"{FIRST}001", FIRST, "网格"), ("示例社区01第二网格", f"{FIRST}002", FIRST, "网格"),
        ("示例村01第一网格", f"{SECOND}001", SECOND, "网格"), ("示例村01第二网格", f"{SECOND}002", SECOND, "网格"),
    ],
    "单位": [
        ("单位编号", "单位名称", "单位类型", "上级单位编号", "区划代码"),
        ("D01", "领导班子", "领导班子", "", OFFICE), ("D02", "项目办", "科室", "", OFFICE),
        ("D03", "项目专班", "专班", "", OFFICE), ("D04", "示例社区01居委会", "社区居委会", "", FIRST),
        ("D05", "示例村01村委会", "村委会", "", SECOND),
    ],
    "岗位": [
        ("岗位编号", "岗位名称", "单位编号", "角色", "区划代码", "开始日期", "账号"),
        ("G01", "书记", "D01", "secretary", OFFICE, "2026-01-01", "secretary"),
        ("G02", "分包领导01", "D01", "leader", OFFICE, "2026-01-01", "leader01"),
        ("G03", "项目办主任", "D02", "project_office", OFFICE, "2026-01-01", "office01"),
        ("G04", "系统管理员", "D02", "system_admin", OFFICE, "2026-01-01", "admin01"),
        ("G05", "安全管理员", "D02", "security_admin", OFFICE, "2026-01-01", "security01"),
        ("G06", "审计管理员", "D01", "audit_admin", OFFICE, "2026-01-01", "audit01"),
        ("G07", "专班专员", "D03", "team", OFFICE, "2026-01-01", "team01"),
        ("G08", "社区专干", "D04", "community", FIRST, "2026-01-01", "community01"),
        ("G09", "网格员", "D04", "grid", f"{FIRST}001", "2026-01-01", "grid01"),
    ],
    "重点项目": [
        ("项目编号", "项目名称", "项目类型", "所在村社区", "总投资(万元)", "承诺完成日期", "分包领导", "项目专班"),
        *(
            (f"X0{n}", f"示例项目0{n}", kind, place, 8000 * n, f"2026-{7 + n:02}-30", "G02", "D03")
            for n, (kind, place) in enumerate(
                [("保障房", FIRST), ("保障房", SECOND), ("商业地产", FIRST), ("商业地产", SECOND), ("市重点", FIRST)], 1
            )
        ),
    ],
    "项目节点": [
        ("节点编号", "项目编号", "节点名称", "权重", "计划开始", "计划完成"),
        *(
            (f"X0{n}-{step}", f"X0{n}", name, 50, start, end)
            for n in range(1, 6)
            for step, (name, start, end) in enumerate(
                [("基础施工", "2026-01-05", "2026-04-30"), ("主体施工", "2026-05-01", f"2026-{7 + n:02}-30")], 1
            )
        ),
    ],
    "项目日报": [
        ("项目编号", "日期", "节点", "累计完成"),
        *((f"X0{n}", "2026-03-06", "基础施工", f"{share}%") for n, share in enumerate((62, 48, 55, 30, 51), 1)),
    ],
}  # fmt: skip


def main() -> None:
    """Write the workbook anew."""
    with xlsxwriter.Workbook(OUT) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        for name, rows in SHEETS.items():
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, len(rows[0]) - 1, 18)
            sheet.write_row(0, 0, rows[0], bold)
            for n, row in enumerate(rows[1:], 1):
                sheet.write_row(n, 0, row)


if __name__ == "__main__":
    main()
