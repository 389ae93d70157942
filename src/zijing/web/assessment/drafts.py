"""The form of an office's own version: one box for what may be changed of each item, and what its boxes say."""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from zijing.assessment.definition import ItemSpec, SchemeSpec
from zijing.core.quantity import show_number
from zijing.figures.courses import has_course
from zijing.figures.known import every

NEW = "new"
BLANK: tuple[str, ...] = ("title", "weight", "figure", "target", "floor", "duty")


@dataclass(frozen=True)
class Box:
    """A box of the form; with ``options`` one is chosen. ``wrong``: the refusal is about it."""

    name: str
    label: str
    value: str
    options: list[tuple[str, str]]
    wrong: bool = False


@dataclass(frozen=True)
class Group:
    """The boxes of one item, or of one consequence."""

    title: str
    boxes: list[Box]


def groups(spec: SchemeSpec, given: Mapping[str, str], wrong: str) -> list[Group]:
    """The form: as ``given``, else as the version says that holds; ``wrong`` is the field of the refusal."""
    found = [Group(str(i.title), list(_boxes(i, given, wrong))) for i in spec.items]
    follows = [
        Box(f"n-{n}", c.source, given.get(f"n-{n}", str(c.n)), [], wrong == f"consequences.{n}.n")
        for n, c in enumerate(spec.consequences)
    ]
    if follows:
        found.append(Group(_("How many are meant by what follows"), follows))
    return [*found, Group(_("One item more"), list(_new(given, wrong)))]


def _boxes(item: ItemSpec, given: Mapping[str, str], wrong: str) -> Iterator[Box]:
    for field, value in _changeable(item).items():
        name = f"{field}-{item.key}"
        hit = wrong in {f"items.{item.key}.{field}", field}
        hit = hit or (field == "target" and wrong == f"items.{item.key}.direction")
        yield Box(name, _labels()[field], given.get(name, value), _choices(field), hit)


def _changeable(item: ItemSpec) -> dict[str, str]:
    """What may be changed of an item, as it is written in its box."""
    said = {"weight": show_number(item.weight)}
    if item.way == "linear" and item.dispersion == "none":
        said |= {"target": show_number(item.target), "floor": show_number(item.floor)}
    if item.way == "band":
        said["bands"] = " ".join(f"{show_number(b.limit)}={show_number(b.points)}" for b in item.bands)
    if item.way == "deduction":
        said |= {"each": show_number(item.each), "cap": "" if item.cap is None else show_number(item.cap)}
    if item.way == "veto":
        return {"limit": str(item.limit)}
    return said | {"missing": item.missing}


def _labels() -> dict[str, str]:
    return {
        "weight": _("Weight"), "target": _("All points at"), "floor": _("Nothing at"),
        "bands": _("Bands, the best first: limit=points"), "each": _("Points off per event"),
        "cap": _("At most so many off"), "limit": _("Whole score zero from"), "missing": _("Nothing known"),
        "title": _("Name"), "figure": _("What counts"), "duty": _("Duty rule (for effort)"),
    }  # fmt: skip


def _choices(field: str) -> list[tuple[str, str]]:
    if field != "missing":
        return []
    return [
        ("neutral", _("weight shared over the rest")), ("zero", _("zero")), ("full", _("all points")),
        ("average", _("the average")),
    ]  # fmt: skip


def _new(given: Mapping[str, str], wrong: str) -> Iterator[Box]:
    figures = [("", _("reviewers' marks")), *((f.key, str(f)) for f in every() if has_course(f))]
    for field in BLANK:
        name = f"{NEW}-{field}"
        hit = wrong.startswith("items.own") and field in wrong.split(".")
        yield Box(name, _labels()[field], given.get(name, ""), figures if field == "figure" else [], hit)


def items_from(spec: SchemeSpec, given: Mapping[str, str]) -> list[dict[str, Any]]:
    """The items a form says: those of ``spec`` with what was changed, without those whose weight was emptied."""
    found = []
    for item in spec.items:
        said = {f: _text(given, f"{f}-{item.key}", value) for f, value in _changeable(item).items()}
        if said.get("weight") == "":
            continue
        if "cap" in said and not said["cap"]:
            said["cap"] = None
        if "bands" in said:
            said["bands"] = _bands(said["bands"])
        found.append(item.model_dump(mode="json") | said)
    title = _text(given, f"{NEW}-title", "")
    return [*found, _added(spec, title, given)] if title else found


def _bands(text: str) -> list[dict[str, str]]:
    pairs = (pair.partition("=") for pair in text.replace(",", " ").split())
    return [{"limit": limit, "points": points} for limit, _sign, points in pairs]


def _added(spec: SchemeSpec, title: str, given: Mapping[str, str]) -> dict[str, Any]:
    said = {f: _text(given, f"{NEW}-{f}", "") for f in BLANK}
    taken = {i.key for i in spec.items}
    key = next(k for n in range(1, 100) if (k := f"own-{n}") not in taken)
    item: dict[str, Any] = {"key": key, "title": {"zh": title, "en": title}, "weight": said["weight"]}
    if not said["figure"]:
        return item | {"way": "marks"}
    target, floor = said["target"] or "100", said["floor"] or "0"
    item |= {"way": "linear", "figure": said["figure"], "target": target, "floor": floor, "duty": said["duty"]}
    return item | {"direction": "lower" if _falls(target, floor) else "higher"}


def _falls(target: str, floor: str) -> bool:
    try:
        return float(target) < float(floor)
    except ValueError:
        return False


def follows_from(spec: SchemeSpec, given: Mapping[str, str]) -> list[dict[str, Any]]:
    """What follows, with how many are meant as the form says."""
    return [
        c.model_dump(mode="json") | {"n": _text(given, f"n-{n}", str(c.n))} for n, c in enumerate(spec.consequences)
    ]  # fmt: skip


def _text(given: Mapping[str, str], name: str, otherwise: str) -> Any:
    """What a box says, in plain digits and without separators of thousands."""
    text = unicodedata.normalize("NFKC", given.get(name, otherwise)).strip()
    bare = text.replace(",", "")
    return bare if bare.replace(".", "", 1).lstrip("-").isdigit() else text
