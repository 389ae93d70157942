"""Verbs on templates: those of packs, and an office's own versions of them."""

from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from zijing.core.errors import Invalid
from zijing.documents.answers import Setting
from zijing.documents.composing import understand
from zijing.documents.models import Template
from zijing.documents.words import nothing_said
from zijing.journal.acting import act
from zijing.people.access import Actor, require
from zijing.places.models import Place

OWN = ("title_zh", "title_en", "sort", "layout", "step", "word", "heading_zh", "heading_en", "text_en", "sealed",
       "upward", "reply_days", "fits", "source", "pack")  # fmt: skip


def put_template(*, actor: Actor, at: datetime, template: Template, text: str) -> Template:
    """Let the office have its own version of a template's text; used from now on. ``Several`` names what is wrong."""
    require(actor, "documents.templates")
    if not text.strip():
        raise Invalid(_("The template is empty."), field="text")
    office = Place.objects.get(pk=actor.office_id)
    setting = Setting(actor, at, office, office, at.date(), at.date(), nothing_said())
    understand(text, setting)
    with act(actor, at) as a:
        facts: dict[str, Any] = {name: getattr(template, name) for name in OWN}
        own, made = Template.objects.get_or_create(
            office=office, key=template.key, defaults={**facts, "text_zh": text, "version": template.version + 1}
        )
        if not made:
            Template.objects.filter(pk=own.pk).update(text_zh=text, version=F("version") + 1)
            own.refresh_from_db()
        a.record("documents.template", own, {"version": [None, own.version]}, path=office.path)
        return own


def take_back_template(*, actor: Actor, at: datetime, template: Template) -> None:
    """Give up the office's own version; the pack's is used again. Documents written from it stay as they are."""
    require(actor, "documents.templates")
    if template.office_id != actor.office_id:
        raise Invalid(_("This is no version of the office's own."), field="template")
    with act(actor, at) as a:
        a.record("documents.template", template, {"version": [template.version, None]}, path=actor.path)
        template.delete()
