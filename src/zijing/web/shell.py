"""What every page shows around its content: navigation by role, the acting post, the demo's clock."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy as _, pgettext_lazy

from zijing.people.access import Actor
from zijing.web.home.tour import current

ON_PHONE = 5


@dataclass(frozen=True)
class Link:
    """An item of the navigation: ``name`` and ``args`` are the address, ``query`` a filter on it."""

    key: str
    title: str | Promise
    icon: str
    name: str
    args: tuple[str, ...] = ()
    query: str = ""

    @property
    def href(self) -> str:
        return reverse(self.name, args=self.args) + self.query


LINKS = {
    link.key: link
    for link in (
        Link("today", _("Today"), "home", "today"),
        Link("board", _("Board"), "chart-bar", "board"),
        Link("report", _("Daily report"), "edit", "my-report"),
        Link("problem", _("Report a problem"), "alert-triangle", "new", ("issue",)),
        Link("blockers", _("Blockers"), "flag", "list", ("blocker",), "?open=yes"),
        Link("issues", pgettext_lazy("navigation", "Problems"), "clipboard-list", "list", ("issue",), "?open=yes"),
        Link("findings", _("Inspection findings"), "search", "list", ("finding",), "?open=yes"),
        Link("reports", _("Daily reports"), "file-text", "list", ("daily-report",)),
        Link("map", _("Map"), "map", "map"),
        Link("figures", _("Figures"), "chart-line", "figures"),
        Link("enterprises", _("Enterprises"), "building-factory", "list", ("enterprise",)),
        Link("projects", _("Project ledger"), "building", "list", ("project",)),
        Link("indicators", _("Targets"), "target", "list", ("indicator",)),
        Link("import", _("Import a sheet"), "file-import", "import"),
    )
}

LEADERS = (
    "today",
    "board",
    "blockers",
    "map",
    "figures",
    "issues",
    "findings",
    "projects",
    "indicators",
    "enterprises",
)
OFFICE = (
    "today", "board", "blockers", "import", "figures", "map", "issues", "findings", "reports", "projects", "indicators",
    "enterprises",
)  # fmt: skip
RAIL = {
    "secretary": LEADERS,
    "director": LEADERS,
    "leader": LEADERS,
    "project_office": OFFICE,
    "section": OFFICE,
    "team": ("today", "report", "blockers", "board", "map", "findings", "reports"),
    "community": ("today", "problem", "issues", "board", "map"),
    "grid": ("today", "problem", "issues", "board", "map"),
    "county": ("today", "board", "blockers", "map", "figures", "projects", "indicators"),
    "system_admin": ("today", "import", "board", "map", "projects", "enterprises"),
    "security_admin": ("today",),
    "audit_admin": ("today",),
}


def rail_of(actor: Actor) -> list[Link]:
    """The navigation of an actor, the most used first; a phone shows the first five or four and "more"."""
    return [LINKS[key] for key in RAIL.get(actor.role, LEADERS)]


def other_language() -> tuple[str, str]:
    """The language to switch to: its code, and its name in itself."""
    return ("en", "English") if (get_language() or "zh").startswith("zh") else ("zh-hans", "中文")


def shell(request: HttpRequest) -> dict[str, Any]:
    """The context of every page. Costs no query: the middleware has read what it needs."""
    actor: Actor | None = getattr(request, "actor", None)
    office = getattr(request, "office", None)
    rail = rail_of(actor) if actor else []
    fits = len(rail) <= ON_PHONE
    around = {
        "actor": actor,
        "office": office,
        "holding": getattr(request, "holding", None),
        "holdings": getattr(request, "holdings", []),
        "now": getattr(request, "now", None),
        "rail": rail,
        "tabs": rail if fits else rail[: ON_PHONE - 1],
        "more": [] if fits else rail[ON_PHONE - 1 :],
        "here": request.path,
        "demo": settings.DEMO,
        "may_advance": bool(office and office.demo and actor and actor.may("demo.advance")),
        "other_language": other_language(),
        "tour": current(request),
    }
    return {"shell": around}
