"""What a document says, apart from how it looks: the one source of its DOCX, its PDF and its page."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from zijing.core.quantity import show_number


@dataclass(frozen=True)
class Run:
    """A piece of a line. ``url`` opens the evidence of a number, which the placeholder ``written`` asked for;
    ``missing`` marks what has no data.
    """

    text: str
    url: str = ""
    missing: bool = False
    written: str = ""


Line = tuple[Run, ...]


@dataclass(frozen=True)
class Paragraph:
    """``level`` is 0 for running text, 1 to 4 for headings numbered 一、 (一) 1. (1) (GB/T 9704-2012, 7.3.3)."""

    runs: Line
    level: int = 0

    @property
    def outline(self) -> int:
        """Its level on a page, below the page's own title and the document's."""
        return self.level + 2


@dataclass(frozen=True)
class Table:
    """A table of the text; every cell is a line, so that its numbers open too."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[Line, ...], ...]


@dataclass(frozen=True)
class Chart:
    """Bars, one for each label; a value is None where there is no data. ``url`` opens what is behind all of them.

    ``urls`` open what is behind each bar ("" where there is nothing), ``written`` are the keys of their numbers; both
    are empty where bars have none of their own.
    """

    title: str
    labels: tuple[str, ...]
    values: tuple[Decimal | None, ...]
    unit: str = ""
    url: str = ""
    urls: tuple[str, ...] = ()
    written: tuple[str, ...] = ()

    @property
    def links(self) -> tuple[str, ...]:
        """The address that each bar's number opens: its own, else that of all of them."""
        return self.urls or tuple(self.url if value is not None else "" for value in self.values)

    @property
    def bars(self) -> list[tuple[str, str, str, str]]:
        """Every label with how long its bar is (of 1), what is written beside it, and what that opens itself."""
        longest = max((v for v in self.values if v is not None), default=Decimal(0)) or Decimal(1)
        return [
            (
                label,
                f"{max(value or Decimal(0), Decimal(0)) / longest:.4f}",
                "—" if value is None else show_number(value),
                url,
            )
            for label, value, url in zip(self.labels, self.values, self.urls or ("",) * len(self.labels), strict=True)
        ]


Block = Paragraph | Table | Chart


@dataclass(frozen=True)
class Attachment:
    """An annex, on a page of its own (GB/T 9704-2012, 7.3.7)."""

    title: str
    body: tuple[Block, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Official:
    """The elements of an official document (GB/T 9704-2012, chapter 7); what is empty is left out.

    ``mark`` is the issuer's red heading (发文机关标志), ``number`` the document number (发文字号), ``signed_by`` stands
    on documents that go up. With ``sealed`` the date leaves room for the seal. ``layout`` is that of a document with
    the full red head, of minutes (纪要) or of a plain report without one. ``site`` is the address that a run's ``url``
    is below when it begins with a slash: a file is read elsewhere.
    """

    layout: str = "document"
    mark: str = ""
    serial: str = ""
    secrecy: str = ""
    urgency: str = ""
    number: str = ""
    signed_by: str = ""
    title: str
    addressed_to: str = ""
    body: tuple[Block, ...]
    attachments: tuple[Attachment, ...] = ()
    issuer: str = ""
    dated: date | None = None
    sealed: bool = True
    note: str = ""
    copies_to: str = ""
    printed_by: str = ""
    printed_on: date | None = None
    language: str = "zh-hans"
    site: str = ""
    properties: dict[str, str] = field(default_factory=dict)
