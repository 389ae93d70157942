"""Which Chinese fonts this machine has for a PDF. The licensed ones of the standard come first, then free ones."""

from functools import lru_cache
from typing import Any

from django.utils.translation import gettext_lazy as _

from zijing.core.errors import Invalid

FAMILIES = {
    "text": "FangSong_GB2312|仿宋_GB2312|FangSong|仿宋|FZFangSong-Z02|STFangsong|Noto Serif CJK SC|Source Han Serif SC",
    "kai": "KaiTi_GB2312|楷体_GB2312|KaiTi|楷体|FZKai-Z03|STKaiti|AR PL UKai CN|AR PL UKai|Noto Serif CJK SC",
    "hei": "SimHei|黑体|FZHei-B01|STHeiti|Noto Sans CJK SC|Source Han Sans SC|WenQuanYi Zen Hei",
    "song": "SimSun|宋体|STSong|Noto Serif CJK SC|AR PL UMing CN|AR PL UMing",
    "title": "FZXiaoBiaoSong-B05S|方正小标宋简体|STZhongsong|Noto Serif CJK SC|Source Han Serif SC",
}
SERIFS = ("Times New Roman", "Liberation Serif", "Libertinus Serif")
"""For English documents; the last is part of typst."""
BOLD = frozenset({"Noto Serif CJK SC", "Source Han Serif SC"})
PACKAGES = {"text": "fonts-noto-cjk", "hei": "fonts-noto-cjk", "song": "fonts-noto-cjk", "title": "fonts-noto-cjk",
            "kai": "fonts-arphic-ukai"}  # fmt: skip
MISSING = _(
    "There is no Chinese font on this machine for a PDF. An operator installs them once: apt-get install %(packages)s. "
    "The DOCX can be made without."
)


@lru_cache(maxsize=1)
def fonts() -> Any:
    """The fonts typst finds on this machine and brings along, looked for once (0.2 s)."""
    import typst  # noqa: PLC0415  # a library of 40 MB that few processes need

    return typst.Fonts()


def chosen(families: frozenset[str]) -> dict[str, str]:
    """For each role the first family that is there. ``Invalid`` names the packages to install when there is none."""
    found = {
        role: next((name for name in names.split("|") if name in families), "") for role, names in FAMILIES.items()
    }
    if not all(found.values()):
        packages = " ".join(sorted({PACKAGES[role] for role, name in found.items() if not name}))
        raise Invalid(MISSING, packages=packages)
    return found


def serif() -> str:
    """The Latin face of English documents."""
    return next(name for name in SERIFS if name in families())


def weight(role: str, name: str) -> str:
    """小标宋 is meant where a common serif stands in for it: its bold weight."""
    return "bold" if role == "title" and name in BOLD else "regular"


def families() -> frozenset[str]:
    """The families on this machine."""
    return frozenset(fonts().families())


def wanted() -> list[str]:
    """Debian packages that would improve what PDFs look like here: a real 楷体 among them."""
    there = families()
    best = {"text": "Noto Serif CJK SC", "hei": "Noto Sans CJK SC", "kai": "AR PL UKai"}
    return sorted(
        {PACKAGES[role] for role, name in best.items() if not any(f in there for f in _up_to(FAMILIES[role], name))}
    )


def _up_to(names: str, last: str) -> list[str]:
    given = names.split("|")
    return given[: given.index(last) + 1]
