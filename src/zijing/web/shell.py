"""What every page shows around its content: navigation by role, the acting post, the demo's clock."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language, gettext_lazy as _

from zijing.people.access import Actor
from zijing.people.models import Role
from zijing.records.models import in_language
from zijing.web.access import whose
from zijing.web.addresses import page_of
from zijing.web.home.tour import current
from zijing.web.phone.keeping import works_outside

ON_PHONE = 5
LONGEST = 14
"""How many ways stand below each other on an office PC (1366 × 768) without scrolling; of more, groups fold."""
GROUPS = {
    "promises": (_("Plans and targets"), "target"),
    "cases": (_("Problems and supervision"), "clipboard-list"),
    "registers": (_("Ledgers"), "list-check"),
}


@dataclass(frozen=True)
class Link:
    """An item of the navigation."""

    title: str
    icon: str
    href: str
    group: str = ""

    @property
    def page(self) -> str:
        """Where it leads, whatever its filter."""
        return self.href.partition("?")[0]


@dataclass(frozen=True)
class Group:
    """Items that fold into one, which is open while a page of theirs is shown."""

    title: str
    icon: str
    links: list[Link]
    open: bool


def rail_of(role: Role) -> list[Link]:
    """The navigation of a role, the most used first; a phone shows the first five, or four and "more"."""
    return [
        Link(in_language(i["title_zh"], i["title_en"]), i["icon"], _address(i["to"]), i.get("group", ""))
        for i in role.rail
    ]


def folded(rail: list[Link], here: str) -> list[Link | Group]:
    """The items of a screen: where they are many, those of a group in one, at the place of its first."""
    if len(rail) <= LONGEST:
        return [*rail]
    found: dict[str, Link | Group] = {}
    for link in rail:
        group = [one for one in rail if one.group == link.group] if link.group else []
        if len(group) < 2:
            found[link.href] = link
        elif link.group not in found:
            title, icon = GROUPS[link.group]
            found[link.group] = Group(str(title), icon, group, here in {one.page for one in group})
    return [*found.values()]


def _address(to: str) -> str:
    """The address of a page by its name, or of a kind's list or form; with a filter, if one is named."""
    page, mark, query = to.partition("?")
    name, _colon, kind = page.partition(":")
    return (page_of(name, kind) if kind else page_of(name)) + mark + query


def _deepest(rail: list[Link], path: str) -> str:
    """The page of the navigation that is shown, or that the page shown lies below: of several the deepest."""
    pages = {link.page for link in rail} - {"/"}
    return max((page for page in pages if path.startswith(page)), key=len, default=path)


def other_language() -> tuple[str, str]:
    """The language to switch to: its code, and its name in itself."""
    return ("en", "English") if (get_language() or "zh").startswith("zh") else ("zh-hans", "中文")


def shell(request: HttpRequest) -> dict[str, Any]:
    """The context of every page. Costs no query: the middleware has read what it needs."""
    actor: Actor | None = getattr(request, "actor", None)
    office = getattr(request, "office", None)
    holding = getattr(request, "holding", None)
    rail = rail_of(holding.post.role) if actor and holding else []
    fits = len(rail) <= ON_PHONE
    here = _deepest(rail, request.path)
    around = {
        "actor": actor,
        "office": office,
        "holding": holding,
        "holdings": getattr(request, "holdings", []),
        "now": getattr(request, "now", None),
        "rail": folded(rail, here),
        "tabs": rail if fits else rail[: ON_PHONE - 1],
        "more": [] if fits else rail[ON_PHONE - 1 :],
        "here": here,
        "demo": settings.DEMO,
        "keeps": whose(request) if holding and works_outside(holding.post.role) else "",
        "may_see_machinery": bool(actor and actor.may("machinery.read")),
        "may_advance": bool(office and office.demo and actor and actor.may("demo.advance")),
        "other_language": other_language(),
        "tour": current(request),
    }
    return {"shell": around}
