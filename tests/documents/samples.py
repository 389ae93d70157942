"""Documents to lay out: one with every element, one with nothing but a title and text."""

import zipfile
from datetime import date
from decimal import Decimal
from io import BytesIO

from zijing.documents.source import Attachment, Chart, Official, Paragraph, Run, Table

SENTENCE = (
    "街道办事处按照区委区政府部署对辖区内在建项目逐一核查并建立台账明确责任人和完成时限实行每日调度每周评比每月督查"
)
LONG = Paragraph((Run(SENTENCE * 3 + "。"),))
TABLE = Table(
    "表1 各社区完成情况",
    ("社区", "签约数", "投资额（亿元）", "备注"),
    tuple(
        (
            (Run(f"第{n}社区"),),
            (Run(str(n * 3), f"https://example.org/f/{n}"),),
            (Run("12.5"),),
            (Run("按期推进，无需整改；其余事项按照原计划办理"),),
        )
        for n in range(1, 5)
    ),
)
CHART = Chart(
    "图1 各社区得分",
    ("峡窝社区", "石楼社区", "东风社区", "南关社区"),
    (Decimal("95.5"), Decimal(80), None, Decimal(-12)),
    "分",
)


def full(**changes):
    """Every element there is."""
    given = {
        "mark": "石楼街道办事处文件", "serial": "000012", "secrecy": "机密★1年", "urgency": "特急",
        "number": "石办〔2026〕5号", "signed_by": "张三丰", "title": "石楼街道办事处关于进一步加强重点项目建设督查考核工作的通知",
        "addressed_to": "各社区、各科室，街道属各单位",
        "body": (
            LONG,
            Paragraph((Run("总体要求"),), 1),
            Paragraph((Run("本月共签约项目"), Run("14", "https://example.org/f/1"), Run("个，其中"), Run("工业项目", missing=True), Run("。"))),
            Paragraph((Run("（一）责任分工"),), 2),
            Paragraph((Run("明确任务。"),), 3),
            Paragraph((Run("逐项销号。"),), 4),
            TABLE,
            CHART,
            Paragraph((Run("二、工作要求"),), 1),
            LONG,
        ),
        "attachments": (
            Attachment("重点项目清单", (LONG,)),
            Attachment("各社区任务分解表以及本年度督查考核办法和相关说明材料汇编（试行）", (Paragraph((Run("略。"),)),)),
        ),
        "issuer": "石楼街道办事处", "dated": date(2026, 5, 1), "note": "联系人：李四，电话：12345678",
        "copies_to": "区委办公室，区政府办公室，区发展改革委，区财政局，区自然资源局，区住房城乡建设局，区督查室",
        "printed_by": "石楼街道办事处办公室", "printed_on": date(2026, 5, 2), "properties": {"template": "notice"},
    }  # fmt: skip
    return Official(**(given | changes))


def plain(**changes):
    """A letter of one page: mark, number, title, text, signature."""
    given = {
        "mark": "石楼街道办事处文件", "number": "石办〔2026〕5号", "title": "关于开展安全检查的通知", "addressed_to": "各社区",
        "body": (LONG,), "issuer": "石楼街道办事处", "dated": date(2026, 5, 1),
    }  # fmt: skip
    return Official(**(given | changes))


PRESENT = "石楼街道办事处张三、李四，石楼街道综合行政执法中队王五，各社区赵六、钱七、孙八、周九、吴十"


def minutes(**changes):
    """Minutes: text, who was there in more than a line, who was not, whose names have no data, who listened."""
    given = {
        "layout": "minutes", "mark": "石楼街道党政联席会议纪要", "number": "第5期", "issuer": "石楼街道办事处",
        "title": "研究重点项目建设有关工作", "dated": date(2026, 5, 1),
        "body": (
            Paragraph((Run(SENTENCE + "。"),)),
            Paragraph((Run("一、议定事项"),), 1),
            Paragraph((Run(f"出席：{PRESENT}"),)),
            Paragraph((Run("请假: （区外学习）"), Run("郑一", "https://example.org/p/1"))),
            Paragraph((Run("列席："), Run("记录人", missing=True))),
        ),
    }  # fmt: skip
    return Official(**(given | changes))


def saved(document):
    """The bytes of a document of python-docx."""
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def remade(content, **parts):
    """The package with some parts put in place of others; None takes one out."""
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        names = {n: old.read(n) for n in old.namelist()} | {k: v for k, v in parts.items() if v is not None}
        for name, data in names.items():
            if parts.get(name, data) is not None:
                new.writestr(name, data)
    return file.getvalue()
