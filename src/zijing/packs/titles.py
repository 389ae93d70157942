"""What packs are called, for pages that sort by pack."""

import tomllib
from functools import cache

from django.conf import settings

from zijing.records.models import in_language

# The apps that declare figures of their own.
APPS = {
    "cases": ("案件", "Cases"), "projects": ("重点项目", "Key projects"), "commitments": ("目标", "Targets"),
    "figures": ("填报负担", "Burden of forms"),
}  # fmt: skip


@cache
def _words(key: str) -> tuple[str, str]:
    path = settings.PACKS / key / "pack.toml"
    if key in APPS or not path.is_file():
        return APPS.get(key, (key, key))
    title = tomllib.loads(path.read_text(encoding="utf-8"))["title"]
    return str(title["zh"]), str(title["en"])


def title_of(key: str) -> str:
    """The title of a pack, or of an app with figures of its own, in the reader's language."""
    return in_language(*_words(key))
