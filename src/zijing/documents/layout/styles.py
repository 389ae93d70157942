"""The styles, fonts and settings of a DOCX, as XML; lengths in twentieths of a point (ECMA-376)."""

from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from zijing.documents.layout import page

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

PITCH = round(page.LINE_PT * 20)
"""580: 29 points. 22 lines of it are the height of the type area, whose lower margin gives way by 0.06 mm."""
PAGE = (round(page.PAGE_MM[0] * page.MM * 20), round(page.PAGE_MM[1] * page.MM * 20))
TOP, LEFT, RIGHT = (round(mm * page.MM * 20) for mm in (page.TOP_MM, page.LEFT_MM, page.RIGHT_MM))
BOTTOM = PAGE[1] - TOP - page.LINES * PITCH
WIDTH = PAGE[0] - LEFT - RIGHT
CHAR = WIDTH / page.CHARACTERS
"""Twips of a character in the grid."""
CHAR_SPACE = int((CHAR / 20 - page.TEXT_PT) * 4096) - 1
"""Pitch less the size of the text, in 1/4096 points (ECMA-376, 17.6.5); rounded down, so that 28 fit."""

SONG, FANGSONG, KAI, HEI, TITLE = "宋体", "仿宋_GB2312", "楷体_GB2312", "黑体", "方正小标宋简体"
LATIN = "Times New Roman"
FONTS = {
    FANGSONG: ("仿宋,FangSong,方正仿宋_GBK,STFangsong,Noto Serif CJK SC", "02010609030101010101", "modern", "fixed"),
    KAI: ("楷体,KaiTi,方正楷体_GBK,华文楷体,STKaiti,AR PL UKai CN", "02010609030101010101", "modern", "fixed"),
    HEI: ("SimHei,方正黑体_GBK,华文黑体,STHeiti,Noto Sans CJK SC", "02010600030101010101", "auto", "variable"),
    SONG: ("SimSun,方正书宋_GBK,华文宋体,STSong,Noto Serif CJK SC", "02010600030101010101", "auto", "variable"),
    TITLE: ("方正小标宋_GBK,华文中宋,STZhongsong,Noto Serif CJK SC", "02010601030101010101", "auto", "variable"),
}  # fmt: skip
"""Licensed names, the free or common faces a reader's machine may have instead, classification, family, pitch."""


@dataclass(frozen=True)
class Style:
    """A paragraph style: what it is called, its font and size, and its paragraph's properties as XML."""

    name: str
    font: str = FANGSONG
    size: float = page.TEXT_PT
    paragraph: str = ""
    run: str = ""
    outline: int = 0


INDENT = f'<w:ind w:firstLineChars="200" w:firstLine="{round(2 * CHAR)}"/>'
CENTRE = '<w:jc w:val="center"/>'
KEEP = "<w:keepNext/>"
STYLES = {
    "Text": Style("公文正文", paragraph=INDENT),
    "Heading1": Style("heading 1", HEI, paragraph=KEEP + INDENT, outline=1),
    "Heading2": Style("heading 2", KAI, paragraph=KEEP + INDENT, outline=2),
    "Heading3": Style("heading 3", paragraph=INDENT, outline=3),
    "Heading4": Style("heading 4", paragraph=INDENT, outline=4),
    "Blank": Style("公文空行"),
    "Serial": Style("份号"),
    "Secrecy": Style("密级和紧急程度", HEI),
    "Mark": Style("发文机关标志", TITLE, page.MARK_PT, CENTRE, f'<w:color w:val="{page.RED}"/>'),
    "Number": Style("发文字号", paragraph=CENTRE),
    "Rule": Style("红色分隔线"),
    "Title": Style("Title", TITLE, page.TITLE_PT, KEEP + CENTRE),
    "Subtitle": Style("Subtitle", KAI, paragraph=CENTRE),
    "Addressed": Style("主送机关"),
    "Annexes": Style("附件说明"),
    "Attendance": Style("出席人员"),
    "Issuer": Style("发文机关署名", paragraph=KEEP + '<w:jc w:val="right"/>'),
    "Dated": Style("成文日期", paragraph='<w:jc w:val="right"/>'),
    "Note": Style("附注", paragraph=INDENT),
    "AnnexMark": Style("附件标识", HEI, paragraph=KEEP + "<w:pageBreakBefore/>"),
    "Caption": Style("caption", HEI, page.SMALL_PT, KEEP + CENTRE),
    "Cell": Style("表格文字", size=page.SMALL_PT, paragraph='<w:spacing w:line="400" w:lineRule="atLeast"/>'),
    "Record": Style("版记", size=page.SMALL_PT),
    "Footer": Style("footer", SONG, page.SMALL_PT, '<w:spacing w:line="340" w:lineRule="exact"/>'),
}  # fmt: skip


def fonts(name: str, language: str) -> str:
    """The font of a run: Chinese documents write digits in the same face, English ones have a Latin serif."""
    latin = LATIN if language == "en" else name
    return f'<w:rFonts w:ascii="{latin}" w:hAnsi="{latin}" w:eastAsia="{name}" w:cs="{latin}" w:hint="eastAsia"/>'


def styles_xml(language: str) -> str:
    """word/styles.xml."""
    lang = "en-GB" if language == "en" else "zh-CN"
    defaults = (
        f"<w:docDefaults><w:rPrDefault><w:rPr>{fonts(FANGSONG, language)}{_size(page.TEXT_PT)}"
        f'<w:lang w:val="{lang}" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        "<w:pPrDefault><w:pPr/></w:pPrDefault></w:docDefaults>"
    )
    normal = (
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/><w:pPr>'
        '<w:widowControl w:val="0"/><w:kinsoku/><w:overflowPunct w:val="0"/>'
        '<w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/><w:snapToGrid w:val="0"/>'
        f'<w:spacing w:before="0" w:after="0" w:line="{PITCH}" w:lineRule="exact"/><w:jc w:val="both"/></w:pPr>'
        f"<w:rPr>{fonts(FANGSONG, language)}{_size(page.TEXT_PT)}</w:rPr></w:style>"
    )
    table = (
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:tblPr>'
        '<w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="60" w:type="dxa"/>'
        '<w:bottom w:w="0" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
    )
    own = "".join(_style(key, style, language) for key, style in STYLES.items())
    return f"{HEAD}<w:styles {NAMESPACES}>{defaults}{normal}{table}{own}</w:styles>"


def _style(key: str, style: Style, language: str) -> str:
    outline = f'<w:outlineLvl w:val="{style.outline - 1}"/>' if style.outline else ""
    following = '<w:next w:val="Text"/>' if style.outline else ""
    return (
        f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val={quoteattr(style.name)}/>'
        f'<w:basedOn w:val="Normal"/>{following}<w:qFormat/><w:pPr>{style.paragraph}{outline}</w:pPr>'
        f"<w:rPr>{fonts(style.font, language)}{style.run}{_size(style.size)}</w:rPr></w:style>"
    )


def _size(points: float) -> str:
    half = round(points * 2)
    return f'<w:sz w:val="{half}"/><w:szCs w:val="{half}"/>'


def font_table_xml() -> str:
    """word/fontTable.xml: what to take where a licensed font is not installed."""
    rows = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{escape(other)}"/><w:panose1 w:val="{panose}"/>'
        f'<w:charset w:val="86"/><w:family w:val="{family}"/><w:pitch w:val="{pitch}"/></w:font>'
        for name, (other, panose, family, pitch) in FONTS.items()
    )
    return f"{HEAD}<w:fonts {NAMESPACES}>{rows}</w:fonts>"


def settings_xml() -> str:
    """word/settings.xml: page numbers outside, nothing squeezed, Word's present layout."""
    return (
        f'{HEAD}<w:settings {NAMESPACES}><w:evenAndOddHeaders/><w:drawingGridVerticalSpacing w:val="{PITCH // 2}"/>'
        '<w:characterSpacingControl w:val="doNotCompress"/><w:compat><w:useFELayout/>'
        '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
        "</w:compat></w:settings>"
    )


def section_xml() -> str:
    """Page, margins, footers and the grid of 22 lines by 28 characters."""
    return (
        '<w:sectPr><w:footerReference w:type="default" r:id="rId4"/><w:footerReference w:type="even" r:id="rId5"/>'
        f'<w:pgSz w:w="{PAGE[0]}" w:h="{PAGE[1]}"/>'
        f'<w:pgMar w:top="{TOP}" w:right="{RIGHT}" w:bottom="{BOTTOM}" w:left="{LEFT}" w:header="851" '
        f'w:footer="{FOOTER}" w:gutter="0"/>'
        f'<w:docGrid w:type="linesAndChars" w:linePitch="{PITCH}" w:charSpace="{CHAR_SPACE}"/></w:sectPr>'
    )


FOOTER_LINE = 340
DASH_TOP = 0.8 * FOOTER_LINE - 0.36 * page.SMALL_PT * 20
"""From the top of the footer's line to its dashes: the baseline lies at four fifths of an exact line."""
FOOTER = round(BOTTOM - (page.NUMBER_MM * page.MM * 20 - DASH_TOP) - FOOTER_LINE)


def footer_xml(even: bool) -> str:
    """word/footer1.xml or 2: — 1 — outside, a character in (7.5)."""
    side, indent = ("left", "left") if even else ("right", "right")
    field = "".join(
        f"<w:r>{inner}</w:r>"
        for inner in (
            '<w:t xml:space="preserve">— </w:t>', '<w:fldChar w:fldCharType="begin"/>',
            '<w:instrText xml:space="preserve"> PAGE </w:instrText>', '<w:fldChar w:fldCharType="separate"/>',
            "<w:t>1</w:t>", '<w:fldChar w:fldCharType="end"/>', '<w:t xml:space="preserve"> —</w:t>',
        )
    )  # fmt: skip
    return (
        f'{HEAD}<w:ftr {NAMESPACES}><w:p><w:pPr><w:pStyle w:val="Footer"/>'
        f'<w:ind w:{indent}Chars="100" w:{indent}="{round(CHAR)}"/><w:jc w:val="{side}"/></w:pPr>{field}</w:p></w:ftr>'
    )
