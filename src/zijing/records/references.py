"""How a place, a unit or a post is found by what a person writes in a form or a sheet: its code or its name."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from zijing.core.errors import Invalid
from zijing.people.models import Post, Unit
from zijing.places.known import every_place, known_place
from zijing.places.models import Place
from zijing.records.fields import Field
from zijing.records.referring import register_reference


def one_of(found: "QuerySet[Any]", text: str, *, office: int = 0) -> int:
    """The id of the only match, or of the only one in ``office``; ``Invalid`` when there is none or more than one."""
    ids = list(found.order_by("pk").values_list("pk", flat=True).distinct()[:2])
    if len(ids) > 1 and office:
        ids = list(found.filter(office=office).order_by("pk").values_list("pk", flat=True).distinct()[:2]) or ids
    if not ids:
        raise _unknown(text)
    if len(ids) > 1:
        raise Invalid(_("There are several “%(text)s”. Write the code instead."), text=text[:40])
    return int(ids[0])


def _unknown(text: str) -> Invalid:
    return Invalid(_("“%(text)s” was not found. Write its code or its full name."), text=text[:40])


def resolve_place(text: str, field: Field, context: Any) -> int:
    """A place by id mark (#12), code or name, within the actor's office."""
    if text.startswith("#"):
        found = known_place(int(text[1:]) if text[1:].isdecimal() else 0)
        if found is None or not found.path.startswith(context.office_path):
            raise _unknown(text)
        return found.pk
    places = Place.objects.visible_to(context)
    if text.isdigit():
        return one_of(places.with_code(text), text)
    return one_of(places.standing().filter(name=text), text, office=context.office_id)


def resolve_unit(text: str, field: Field, context: Any) -> int:
    """A unit by id mark, code or name."""
    return _coded(Unit.objects.visible_to(context), text, "name", context.office_id)


def resolve_post(text: str, field: Field, context: Any) -> int:
    """A post by id mark, code or title."""
    return _coded(Post.objects.visible_to(context), text, "title", context.office_id)


def _coded(rows: "QuerySet[Any]", text: str, name: str, office: int) -> int:
    if text.startswith("#"):
        return one_of(rows.filter(pk=int(text[1:]) if text[1:].isdigit() else 0), text)
    by_code = rows.filter(code=text)
    return one_of(by_code if by_code.exists() else rows.filter(**{name: text}), text, office=office)


def names_from(model: type[Any]) -> Any:
    """A function from ids to the names a reader sees, one query for all."""

    def names(ids: Iterable[int]) -> dict[int, str]:
        return {row.pk: str(row) for row in model._default_manager.filter(pk__in=set(ids))}

    return names


def place_names(ids: Iterable[int]) -> dict[int, str]:
    """The names of places, which are kept in memory."""
    known = every_place()
    return {pk: str(known[pk]) for pk in set(ids) if pk in known}


def declare() -> None:
    """Register the references of this floor."""
    register_reference("place", resolve=resolve_place, name=place_names)
    register_reference("unit", resolve=resolve_unit, name=names_from(Unit))
    register_reference("post", resolve=resolve_post, name=names_from(Post))
