"""What the clock does for documents: it drafts what is written every week or month; persons check, sign and issue."""

from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from zijing.core.errors import DomainError
from zijing.core.worktime import DAY
from zijing.documents.actions import draft
from zijing.documents.models import Template
from zijing.figures.periods import first_of, last_of
from zijing.journal.acting import act
from zijing.outbox.rhythm import Occasion, register_turn
from zijing.people.access import system_actor
from zijing.places.models import Place


def draft_what_is_over(office: Place, at: datetime, occasion: Occasion) -> None:
    """Draft a form's document of the whole office for the last period over before the occasion's day, once.

    An office's own version of the form is used where there is one; nothing is drafted in an office without the form.
    A text that cannot be composed is noted and leaves the clock to its other work.
    """
    actor = system_actor(office, "clock")
    forms = Template.objects.visible_to(actor).filter(key=occasion.about)
    template = forms.order_by("office").exclude(office=None).first() or forms.first()
    if template is None or not template.step:
        return
    day = first_of(occasion.day, template.step) - DAY
    since, until = first_of(day, template.step), last_of(day, template.step)
    key = uuid5(NAMESPACE_URL, f"rhythm:{office.pk}:{template.key}:{since}")
    with act(actor, at) as a:
        try:
            draft(
                actor=actor, at=at, template=template, place=office, since=since, until=until, client_id=key
            )  # fmt: skip
        except DomainError:
            a.record("documents.draft_refused", office, {"template": [None, template.key], "since": [None, since]})


def declare() -> None:
    """Register the turn of this floor."""
    register_turn("documents.draft", draft_what_is_over, wants="form")
