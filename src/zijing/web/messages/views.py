"""What a post was told: what happened, to which record, when."""

from collections import defaultdict
from dataclasses import dataclass

from django.apps import apps
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from zijing.outbox.messages import mark_read
from zijing.outbox.models import Message
from zijing.people.access import Actor
from zijing.records.history import verb_in_words
from zijing.web.access import ActingRequest, acting
from zijing.web.records.nouns import address

SHOWN = 100


@dataclass(frozen=True)
class Told:
    """A message with the name and the page of what it is about."""

    message: Message
    what: str
    title: str
    href: str


@require_GET
@acting
def page(request: ActingRequest) -> HttpResponse:
    """The newest of what the post was told."""
    messages = list(Message.objects.visible_to(request.actor).order_by("-pk")[:SHOWN])
    context = {"told": told(request.actor, messages), "until": messages[0].pk if messages else 0}
    return render(request, "messages/messages.html", context | {"unread": any(m.read_at is None for m in messages)})


@require_POST
@acting
def mark(request: ActingRequest) -> HttpResponse:
    """What was on the page is read."""
    until = request.POST.get("until", "")
    if until.isdecimal() and len(until) < 19:
        mark_read(actor=request.actor, at=request.now, until=int(until))
    return redirect("messages")


def told(actor: Actor, messages: list[Message]) -> list[Told]:
    """Messages with what their records are called: a query for each noun that occurs."""
    ids: dict[str, set[int]] = defaultdict(set)
    for message in messages:
        ids[message.subject_type].add(message.subject_id)
    titles = {label: _titles(actor, label, wanted) for label, wanted in ids.items()}
    return [_told(message, titles[message.subject_type]) for message in messages]


def _told(message: Message, titles: dict[int, str]) -> Told:
    """A message; of a record that has gone out of sight it tells nothing any more."""
    title = titles.get(message.subject_id)
    if title is None:
        return Told(message, gettext("no longer within your sight"), "", "")
    return Told(
        message,
        verb_in_words(message.verb),
        title,
        address(message.subject_type.rpartition(".")[2], message.subject_id),
    )


def _titles(actor: Actor, label: str, ids: set[int]) -> dict[int, str]:
    seen = apps.get_model(label)._default_manager.visible_to(actor).filter(pk__in=ids)
    return dict(seen.values_list("pk", "title"))
