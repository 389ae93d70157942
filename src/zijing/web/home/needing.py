"""The line of Today that says what nobody can do just now."""

from django.urls import reverse
from django.utils.translation import gettext as _, ngettext

from zijing.cases.unattended import may_read, unattended
from zijing.web.access import ActingRequest
from zijing.web.home.blocks import Block, Item


def needing(request: ActingRequest) -> list[Block]:
    """What nobody can do just now, for who dispatches work or gives posts; no block when there is nothing."""
    if not may_read(request.actor):
        return []
    count = unattended(request.actor, request.now).count
    title = ngettext("%(n)s thing is without anybody", "%(n)s things are without anybody", count) % {"n": count}
    text = _("Posts that nobody holds, units in which nobody is, what the clock could not do.")
    block = Block(_("Needs a person"), "user", [], [Item(title, reverse("unattended"), text)])
    return [block] if count else []
