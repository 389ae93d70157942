"""The rows of a plan, written without the template engine: hundreds of them are most of what the page costs."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, gettext_lazy as _, ngettext

from zijing.commitments.queries.trees import Node
from zijing.core.quantity import exact as printed
from zijing.projects.queries.answering import Promise
from zijing.web.addresses import page_at, page_of
from zijing.web.templatetags.zijing import full_day

register = template.Library()

STATE_WORDS = {
    "done": _("kept"), "ahead": _("on course"), "slow": _("slow"), "behind": _("behind"), "late": _("past its date"),
    "unstated": _("nothing stated"), "withdrawn": _("withdrawn"), "voided": _("withdrawn"), "retired": _("withdrawn"),
    "merged": _("withdrawn"),
}  # fmt: skip
TONES = {"done": "green", "ahead": "green", "slow": "yellow", "behind": "red", "late": "red"}
BAR = (
    '<svg class="plan-bar" height="8" aria-hidden="true"><rect width="100%" height="8" rx="2" class="plan-track"/>'
    '<rect width="{done}%" height="8" rx="2" class="plan-done"/>'
    '<rect x="{due}%" width="2" height="8" class="plan-due"/></svg>'
)
LEAF = (
    '<li class="plan-leaf"><span class="plan-code">{code}</span><a class="plan-title" href="{page}">{title}</a>'
    '<span class="plan-who">{who}</span><span class="plan-day">{deadline}</span>'
    '<span class="plan-sum">{amount}</span>{bar}<a class="plan-done-at opens" href="{evidence}">{done}</a>'
    '<span class="badge{tone}">{state}</span></li>'
)
BRANCH = (
    '<li><details{open}><summary class="plan-branch"><span class="plan-code">{code}</span>'
    '<span class="plan-title">{title}</span>'
    '<span class="plan-who">{who}</span><span class="plan-day">{leaves}</span>'
    '<span class="plan-sum">{amount}</span>{bar}'
    '<span class="plan-done-at">{done}</span><span class="badge{tone}">{state}</span></summary>'
    '<p class="plan-more"><a href="{page}">{record}</a> · <a href="{sub}">{alone}</a>{rule}</p><ul>'
)

OF_ITSELF = {"statement", "figure", "records", "reports", "own"}
OWN = (
    '<li><div><a href="{page}">{title}</a> <span class="badge{tone}">{state}</span><br>'
    '<small class="quiet">{facts}</small>{bar}<small><a class="opens" href="{evidence}">{done}</a></small></div></li>'
)


def plain(number: Decimal | None) -> str:
    """A number without the zeros at its end; nothing for none."""
    return "" if number is None else printed(number)


@register.simple_tag
def plan_rows(root: Node, open_all: bool = False) -> SafeString:
    """Everything below ``root``: leaves as lines, the others folded, those that slipped open."""
    words = {state: escape(str(word)) for state, word in STATE_WORDS.items()}
    shared = {
        "record": escape(gettext("record")), "alone": escape(gettext("this part alone")), "none": "—",
        "leaves": gettext("%(n)s items, %(slips)s slipped"), "kept": gettext("kept %(n)s times"),
    }  # fmt: skip
    bases = (page_of("record", "commitment", 0), page_of("plan", 0))
    parts: list[str] = []
    for child in root.children:
        _write(child, parts, words, shared, bases, open_all)
    return mark_safe("".join(parts))  # noqa: S308 - every value is escaped


def _write(
    n: Node, parts: list[str], words: dict[str, str], shared: dict[str, str], bases: tuple[str, str], open_all: bool
) -> None:
    r, p = n.row, n.progress
    page = bases[0].replace("/0/", f"/{r.pk}/")
    who = "、".join(h.name for h in n.holders[:3] if h.part != "assisting") or r.unit or ""
    amount = f"{plain(r.quantity)}{r.measure}"
    if n.source == "records":
        amount = shared["kept"] % {"n": plain(p.value)}
    elif p.value is not None and r.quantity is not None:
        amount = f"{plain(p.value)}/{amount}"
    said = {
        "code": escape(r.code), "title": escape(r.title), "page": page, "who": escape(who), "amount": escape(amount),
        "bar": BAR.format(done=min(p.done or 0, 100), due=min(p.due, Decimal("99.5"))),
        "done": shared["none"] if p.done is None else f"{plain(p.done)}%", "state": words[n.state],
        "tone": f" badge-{TONES[n.state]}" if n.state in TONES else "",
    }  # fmt: skip
    if not n.children:
        parts.append(LEAF.format(**said, evidence=f"{page}#statements", deadline=r.deadline or ""))
        return
    leaves = escape(shared["leaves"] % {"n": n.leaves, "slips": n.slips})
    rule = f" · {escape(rule_words(n.source))}"
    opened = " open" if open_all or (n.depth < 2 and n.slips) else ""
    sub = bases[1].replace("/0/", f"/{r.pk}/")
    more = {
        "leaves": leaves,
        "open": opened,
        "record": shared["record"],
        "alone": shared["alone"],
        "sub": sub,
        "rule": rule,
    }
    parts.append(BRANCH.format(**said, **more))
    for child in n.children:
        _write(child, parts, words, shared, bases, open_all)
    parts.append("</ul></details></li>")


@register.simple_tag
def own_promises(rows: Sequence[Promise], today: date) -> SafeString:
    """Commitments somebody answers for: how far each is against what is due, and whether its date has passed."""
    return mark_safe("".join(_own(p, today) for p in rows))  # noqa: S308 - every value is escaped


def _own(one: Promise, today: date) -> str:
    c, p = one.commitment, one.progress
    page = page_at("record", c.pk, "commitment")
    days = (today - c.deadline).days if c.deadline else 0
    late = one.state == "late" and ngettext("%(n)s day overdue", "%(n)s days overdue", days) % {"n": days}
    value = f"{plain(p.value)}/{plain(c.quantity)}{c.measure}" if p.value is not None and c.quantity is not None else ""
    facts = (str(c.kind), full_day(c.deadline) if c.deadline else "", value)
    said = {"done": "—" if p.done is None else f"{plain(p.done)}%", "due": f"{plain(p.due)}%"}
    return OWN.format(
        page=page, title=escape(c.title), tone=f" badge-{TONES[one.state]}" if one.state in TONES else "",
        state=escape(late or state_word(one.state)), facts=escape(" · ".join(filter(None, facts))),
        bar=BAR.format(done=min(p.done or 0, 100), due=min(p.due, Decimal("99.5"))),
        evidence=f"{page}#statements" if one.source in OF_ITSELF else page_at("plan", c.pk),
        done=escape(gettext("done %(done)s, due %(due)s") % said),
    )  # fmt: skip


def rule_words(source: str) -> str:
    """Where a number of progress comes from, in words."""
    return {
        "mean": gettext("progress: mean of those below"), "weighted": gettext("progress: mean by weight"),
        "done": gettext("progress: share of those done"), "sum": gettext("progress: sum of their values"),
        "figure": gettext("progress: counted by a figure"), "records": gettext("progress: counted from work records"),
    }.get(source, gettext("progress: its own value"))  # fmt: skip


@register.filter
def state_word(state: str) -> str:
    return str(STATE_WORDS.get(state, state))


@register.filter
def state_tone(state: str) -> str:
    return f"badge-{TONES[state]}" if state in TONES else ""


@register.filter
def exact(number: Decimal | None) -> str:
    """A number without the zeros at its end; a dash for none."""
    return plain(number) or "—"
