"""The block of Today that says which documents wait for the reader; none when none does."""

from datetime import date

from django.utils.translation import gettext as _, gettext_lazy, ngettext

from zijing.documents.queries.waiting import RECEIVE, REPLY, Waiting, waiting
from zijing.web.access import ActingRequest
from zijing.web.addresses import page_at, page_of
from zijing.web.home.blocks import SHOWN, Block, Count, Item
from zijing.web.templatetags.zijing import day

WANTED = {
    "submit": gettext_lazy("a draft of yours, not handed in yet"), "check": gettext_lazy("to be checked"),
    "sign": gettext_lazy("to be signed"), "issue": gettext_lazy("to be numbered and issued"),
    RECEIVE: gettext_lazy("its receipt to be confirmed"), REPLY: gettext_lazy("to be replied to"),
}  # fmt: skip


def papers(request: ActingRequest) -> list[Block]:
    """Documents to be handed in, checked, signed, issued, received or replied to by the reader."""
    n, first = waiting(request.actor, SHOWN)
    if not n:
        return []
    href = f"{page_of('documents')}?tab=todo"
    items = [_item(w, request.today) for w in first]
    more = (_("All that waits"), href) if n > len(items) else None
    count = Count(_("waiting"), str(n), href, "yellow")
    return [Block(_("Official documents"), "file-text", [count], items, more=more)]


def _item(w: Waiting, today: date) -> Item:
    late = w.by is not None and w.by < today
    return Item(
        title=w.document.title, href=page_at("document", w.document.pk), text=str(WANTED[w.verb]),
        badge=_until(w.by, today) if w.by else "", tone="red" if late else "yellow" if w.by == today else "",
    )  # fmt: skip


def _until(by: date, today: date) -> str:
    if by >= today:
        return _("due %(when)s") % {"when": day(by)}
    days = (today - by).days
    return ngettext("%(n)s day overdue", "%(n)s days overdue", days) % {"n": days}
