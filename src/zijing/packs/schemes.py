"""What the files of schemes/ say, held against the figures, roles and kinds there are."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from zijing.assessment.definition import Said, SchemeSpec, figure_problems
from zijing.figures.registry import Declared, every
from zijing.packs.contents import Pack
from zijing.packs.kinds import KindSpec
from zijing.packs.reading import Reader
from zijing.packs.schema import FigureRow


def check_schemes(pack: Pack, kinds: Mapping[str, KindSpec], figures: Mapping[str, FigureRow], reader: Reader) -> None:
    """Every scheme stands in a file of its name, counts known figures, and assesses roles and kinds there are."""
    roles = {r.key for p in (*pack.needed.values(), pack) for r in p.roles}
    known: dict[str, FigureRow | Declared] = {d.key: d for d in every()} | dict(figures)
    for spec in pack.schemes:
        file = f"schemes/{spec.key}.toml"
        if not (reader.folder / file).exists():
            text = _("The scheme “%(key)s” stands in a file of another name; name it %(key)s.toml.")
            reader.fault("schemes", text, key=spec.key)
            continue
        for n, column, problem in figure_problems(spec, lambda key: _said(key, known, kinds)):
            row = reader.line(file, ("items", n, column))
            reader.fault(file, "%(problem)s", row=row, column=f"items.{n}.{column}", problem=str(problem))
        _check_population(spec, roles, kinds, file, reader)


def _check_population(
    spec: SchemeSpec, roles: set[str], kinds: Mapping[str, KindSpec], file: str, reader: Reader
) -> None:
    if unknown := sorted(set(spec.roles) - roles):
        text = _("There is no role “%(role)s” in this pack or those it requires.")
        reader.fault(file, text, row=reader.line(file, ("roles",)), column="roles", role=unknown[0])
    if spec.kind and spec.population in {"projects", "enterprises"} and spec.kind not in kinds:
        text = _("There is no kind “%(kind)s” in this pack or those it requires.")
        reader.fault(file, text, row=reader.line(file, ("kind",)), column="kind", kind=spec.kind)


def _said(key: str, known: Mapping[str, FigureRow | Declared], kinds: Mapping[str, KindSpec]) -> Said | None:
    figure = known.get(key)
    if figure is None:
        return None
    if figure.measure == "share":
        parts = [_said(part, known, kinds) for part in figure.of.partition("/")[::2]]
        if None in parts:
            return None
        found = [p for p in parts if p is not None]
        return Said(
            any(p.effort for p in found) or figure.measures == "effort", all(p.has_course for p in found),
            any(p.restricted for p in found),
        )  # fmt: skip
    kind = kinds.get(getattr(figure, "kind", None) or "")
    return Said(
        figure.measures == "effort", bool(figure.time) and figure.measure != "latest", bool(kind and kind.restricted)
    )
