"""The line of Today that says which values of last month the post owes; none when it owes none."""

from django.utils.translation import gettext as _

from zijing.commitments.models import Commitment, Sort
from zijing.commitments.queries import last_month, owed_by
from zijing.web.access import ActingRequest
from zijing.web.addresses import page_at, page_of
from zijing.web.home.blocks import SHOWN, Block, Count, Item
from zijing.web.records.nouns import address


def owing(request: ActingRequest) -> list[Block]:
    """The commitments whose value of last month the reader's post or unit owes."""
    month = last_month(request.today)
    rows = owed_by(request.actor, month, request.today)
    if not rows:
        return []
    sheet = page_of("indicators-month") if request.actor.may("commitments.state") else page_of("indicators")
    said = f"{month:%Y-%m}"
    count = Count(_("no value for %(month)s") % {"month": said}, str(len(rows)), f"{sheet}?period={said}", "yellow")
    items = [Item(f"{c.business_key} {c.title}", _page(c), badge=said, tone="yellow") for c in rows[:SHOWN]]
    return [Block(_("Values owed"), "chart-line", [count], items)]


def _page(c: Commitment) -> str:
    if c.sort == Sort.INDICATOR:
        return page_at("indicator", c.pk)
    return address(c.kind.noun, c.pk)
