"""What every page shows around its content: navigation by role, the acting post, the demo's clock."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from zijing.people.access import Actor
from zijing.people.models import Role
from zijing.records.models import in_language
from zijing.web.access import whose
from zijing.web.addresses import page_of
from zijing.web.home.tour import current
from zijing.web.phone.keeping import works_outside

ON_PHONE = 5


@dataclass(frozen=True)
class Link:
    """An item of the navigation."""

    title: str
    icon: str
    href: str


def rail_of(role: Role) -> list[Link]:
    """The navigation of a role, the most used first; a phone shows the first five, or four and "more"."""
    return [Link(in_language(i["title_zh"], i["title_en"]), i["icon"], _address(i["to"])) for i in role.rail]


def _address(to: str) -> str:
    """The address of a page by its name, or of a kind's list or form; with a filter, if one is named."""
    page, mark, query = to.partition("?")
    name, _colon, kind = page.partition(":")
    return (page_of(name, kind) if kind else page_of(name)) + mark + query


def _deepest(rail: list[Link], path: str) -> str:
    """The page of the navigation that is shown, or that the page shown lies below: of several the deepest."""
    pages = {link.href.partition("?")[0] for link in rail} - {"/"}
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
    around = {
        "actor": actor,
        "office": office,
        "holding": holding,
        "holdings": getattr(request, "holdings", []),
        "now": getattr(request, "now", None),
        "rail": rail,
        "tabs": rail if fits else rail[: ON_PHONE - 1],
        "more": [] if fits else rail[ON_PHONE - 1 :],
        "here": _deepest(rail, request.path),
        "demo": settings.DEMO,
        "keeps": whose(request) if holding and works_outside(holding.post.role) else "",
        "may_see_machinery": bool(actor and actor.may("machinery.read")),
        "may_advance": bool(office and office.demo and actor and actor.may("demo.advance")),
        "other_language": other_language(),
        "tour": current(request),
    }
    return {"shell": around}
