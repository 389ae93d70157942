"""The one-click roles of the demo as the first page shows them."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from zijing.demo.roles import ROLES, TOWN_ROLES
from zijing.people.models import Account

ICONS = {
    "secretary": "flag", "leader": "building", "section": "clipboard-list", "community": "users", "grid": "map-pin",
    "county": "building-bank", "safety_office": "alert-triangle", "governance_office": "users",
    "project_office": "clipboard-list", "team": "tool", "system_admin": "building", "security_admin": "lock",
    "audit_admin": "eye", "hotline_clerk": "file-import",
}  # fmt: skip

MINUTES = {
    "secretary": _("What is behind, what is stuck, who must act"),
    "leader": _("My projects, this week's slip, what blocks them"),
    "project_office": _("Who has not reported, what to dispatch, sheets"),
    "team": _("The day's report in under a minute"),
    "community": _("Problems in the community, my turn"),
    "grid": _("Report in three taps, see what became of it"),
    "safety_office": _("Hazards to dispatch and to check, points, expert checks"),
    "hotline_clerk": _("Paste orders, dispatch them, send the answers back"),
    "governance_office": _("Compounds, chiefs, problems and who helps there"),
    "county": _("Offices side by side, supervision lists"),
    "system_admin": _("Places, units, posts, packs, machinery"),
    "security_admin": _("Accounts, keys, wall screens"),
    "audit_admin": _("The journal and its chain, sign-ins, looks at personal data"),
}


@dataclass(frozen=True)
class DemoRole:
    """A card of the first page."""

    key: str
    username: str
    label: str

    @property
    def minute(self) -> str:
        """What this role does here, in a line."""
        return str(MINUTES.get(self.key, ""))

    @property
    def icon(self) -> str:
        return ICONS.get(self.key, "user")


def demo_roles() -> list[DemoRole]:
    return _cards(ROLES)


def town_roles() -> list[DemoRole]:
    """The roles of the demo's second office; none where it has not been founded."""
    there = Account.objects.filter(username=TOWN_ROLES[0][1]).exists()
    return _cards(TOWN_ROLES) if there else []


def _cards(roles: list[tuple[str, str, Any]]) -> list[DemoRole]:
    return [DemoRole(key, username, str(label)) for key, username, label in roles]
