"""Why a commitment slipped, as links: each leads to the record that says so, or to where somebody can say it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _, ngettext

from zijing.cases.behind import cases_about
from zijing.cases.models import Case
from zijing.commitments.models import Sort
from zijing.commitments.queries import Node, Slip
from zijing.people.access import Actor
from zijing.records.kinds import every_kind, find_kind
from zijing.web.addresses import case_at, list_of, page_at, page_of
from zijing.web.templatetags.plans import plain

MOST = 3


@dataclass(frozen=True)
class Cause:
    """A reason in a few words and the page behind it; ``quiet`` where it only says that nobody has given one."""

    text: str
    href: str
    quiet: bool = False


def with_causes(actor: Actor, slips: Sequence[Slip]) -> list[tuple[Slip, list[Cause]]]:
    """Each slip with its causes, at least one: what was stated, open cases, a value owed, what counts it, changes."""
    cases = cases_about(actor, (s.node.row for s in slips))
    indicators = {k.pk for k in every_kind().values() if k.definition.get("promise") == Sort.INDICATOR}
    may_state = actor.may("commitments.state")
    return [(s, _causes(s, cases[s.pk], s.node.row.kind_id in indicators, may_state)) for s in slips]


def _causes(s: Slip, cases: Sequence[Case], is_indicator: bool, may_state: bool) -> list[Cause]:
    values = page_at("indicator", s.pk) if is_indicator else f"{page_at('record', s.pk, 'commitment')}#statements"
    found = [Cause(f"{s.reason} ({_month(s.period)})", values)] if s.reason and s.period else []
    found += [Cause(f"{c.kind}: {c.title}", case_at(c.pk)) for c in cases[:MOST]]
    if s.owed:
        month = f"#m{s.owed.month}" if is_indicator else ""
        found.append(Cause(_("no value for %(month)s") % {"month": _month(s.owed)}, values + month))
    if counted := _counted(s.node):
        found.append(counted)
    if s.retargets:
        again = ngettext("retargeted once", "retargeted %(n)s times", s.retargets) % {"n": s.retargets}
        found.append(Cause(again, f"{page_at('plan-change', s.pk)}#retargets"))
    if found:
        return found
    silent = _("nothing has been stated") if s.node.progress.done is None else _("nobody has said why")
    return [Cause(silent, page_at("plan-change", s.pk) if may_state and not is_indicator else values, quiet=True)]


def _counted(n: Node) -> Cause | None:
    """What a figure or work records count falls behind: the figure, the records."""
    kind = find_kind(n.row.counts) if n.source == "records" else None
    if kind is not None:
        said = {"kind": kind, "kept": plain(n.progress.value), "done": plain(n.progress.done)}
        return Cause(_("%(kind)s: done in %(kept)s periods, %(done)s%%") % said, list_of(kind.key))
    return Cause(_("counted by a figure"), page_of("figure", n.row.figure)) if n.source == "figure" else None


def _month(period: date) -> str:
    return f"{period:%Y-%m}"
