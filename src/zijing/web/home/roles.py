"""The one-click roles of the demo as the first page shows them."""

from dataclasses import dataclass

try:
    from zijing.demo.roles import ROLES
except ImportError:
    ROLES = []

ICONS = {
    "secretary": "flag", "leader": "building", "section": "clipboard-list", "community": "users", "grid": "map-pin",
    "county": "building-bank", "project_office": "clipboard-list", "team": "tool",
}  # fmt: skip


@dataclass(frozen=True)
class DemoRole:
    """A card of the first page."""

    key: str
    username: str
    label: str

    @property
    def icon(self) -> str:
        return ICONS.get(self.key, "user")


def demo_roles() -> list[DemoRole]:
    return [DemoRole(key, username, str(label)) for key, username, label in ROLES]
