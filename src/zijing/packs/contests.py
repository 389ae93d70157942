"""What the contests of ranking.toml say, held against the types and levels of projects."""

from django.utils.translation import gettext_lazy as _

from zijing.packs.contents import Pack
from zijing.packs.kinds import KindSpec
from zijing.packs.reading import Reader


def check_contests(pack: Pack, kinds: dict[str, KindSpec], reader: Reader) -> None:
    """Every contest has a key of its own, and names types and levels that projects have."""
    if pack.ranking is None:
        return
    project = kinds.get("project")
    choices = {f.key: {c.key for c in f.choices} for f in project.fields} if project else {}
    seen: set[str] = set()
    for contest in pack.ranking.contests:
        if contest.key in seen:
            reader.fault("ranking.toml", _("“%(key)s” stands twice."), column="contests", key=contest.key)
        seen.add(contest.key)
        for field, named in (("type", contest.types), ("level", contest.levels)):
            if unknown := sorted(set(named) - choices.get(field, set())):
                text = _("There is no type or level of project “%(key)s”.")
                reader.fault("ranking.toml", text, column="contests", key=unknown[0])
