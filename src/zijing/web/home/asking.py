"""The lines of Today that say what others wait for: what is to be verified, answered, decided; none when nothing is."""

from django.utils.translation import gettext as _

from zijing.cases.waiting import ANSWER, DECIDE, Pile, Waiting, asked as asked_of, piles
from zijing.records.kinds import every_kind
from zijing.web.access import ActingRequest
from zijing.web.addresses import page_of
from zijing.web.home.blocks import SHOWN, Block, Count, Item, case_item, case_text

ICONS = {"verify": "search", ANSWER: "users", DECIDE: "clock"}


def all_waiting(step: str) -> tuple[str, str]:
    """The way to all that waits for a step, each with its button."""
    return _("All that waits"), f"{page_of('queue')}?step={step}"


def asked(request: ActingRequest) -> list[Block]:
    """What residents reported and nobody verified, what other units asked for, what waits for a decision."""
    actor, at = request.actor, request.now
    found = list[Pile]()
    if any(kind.verified for kind in every_kind().values()):
        found = piles(actor, at, most=SHOWN, only="verify")
    found += asked_of(actor, SHOWN)
    return [_block(pile, request) for pile in found]


def _block(pile: Pile, request: ActingRequest) -> Block:
    label, href = all_waiting(pile.step)
    count = Count(_("waiting"), str(pile.n), href, "yellow")
    items = [_item(w, request) for w in pile.first]
    return Block(str(pile.label), ICONS[pile.step], [count], items, more=(label, href))


def _item(w: Waiting, request: ActingRequest) -> Item:
    said = w.plea.reason if w.plea else w.share.task if w.share else case_text(w.case)
    return case_item(w.case, request.now, f"{w.plea.get_matter_display()}: {said}" if w.plea else said)
