"""Figures declared in Python: what a filter cannot express. An app names its own in ``<app>/figures.py``."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from importlib import import_module
from typing import Any

from django.apps import apps
from django.db.models import Q
from django.utils.module_loading import module_has_submodule

from zijing.people.access import Actor
from zijing.places.models import Place

Words = tuple[str, str]
Narrow = Callable[[datetime], Q]
Weights = Mapping[int, Decimal]
Survey = Callable[[Actor, datetime, Place | None], Mapping[str, Weights]]

FACES = ("web", "api", "cli")
KIND = "kind"


@dataclass(frozen=True, kw_only=True)
class Declared:
    """A figure in Python: the same interface as a pack's, title and sentence in Chinese and English.

    It counts records of a ``noun``, whatever their kind, in one of three ways. ``narrow`` gives the condition they meet
    (for days that are over it must not depend on the moment); such a figure is cached. ``survey`` looks at
    everything within sight and gives, for each of several figures, the ids of the records counted with what each adds;
    such a figure stands for now and has no course. A share names two other figures in ``of``. ``open_only`` says that
    it counts open work, which has indexes of its own. ``seconds`` is what is ranked of each record instead of ``of``,
    shown in hours.
    """

    key: str
    app: str
    title: Words
    sentence: Words
    measure: str
    measures: str
    since: date
    noun: str = ""
    of: str = ""
    time: str = ""
    unit: str = ""
    decimals: int = 0
    owner: str = ""
    narrow: Narrow | None = None
    open_only: bool = False
    survey: Survey | None = None
    seconds: Callable[[], Any] | None = None

    def columns(self) -> dict[str, Any]:
        """The figure's row."""
        plain = ("measure", "measures", "since", "noun", "of", "time", "unit", "decimals", "owner")
        words = {"title": self.title, "sentence": self.sentence}
        texts = {
            f"{name}_{code}": text
            for name, both in words.items()
            for code, text in zip(("zh", "en"), both, strict=True)
        }
        return {name: getattr(self, name) for name in plain} | texts | {"pack": self.app, "declared": True}


_declared: dict[str, Declared] = {}


def register(*figures: Declared) -> None:
    """Declare figures; a key taken twice is a mistake of the programmer."""
    for figure in figures:
        if figure.key in _declared:
            raise ValueError(f"figure declared twice: {figure.key}")
        _declared[figure.key] = figure


def declared(key: str) -> Declared:
    """The declaration of a figure that is declared in Python."""
    return _declared[key]


def every() -> Iterator[Declared]:
    """Every declared figure, by key."""
    return iter(sorted(_declared.values(), key=lambda d: d.key))


def discover() -> None:
    """Import ``figures.py`` of every app below the faces."""
    for config in apps.get_app_configs():
        if (
            config.name.startswith("zijing.")
            and config.label not in FACES
            and module_has_submodule(config.module, "figures")
        ):
            import_module(f"{config.name}.figures")
