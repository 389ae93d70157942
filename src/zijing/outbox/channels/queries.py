"""What the pages of the channels show: what is set up, what an office lets out, and how each letter ended."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import F

from zijing.outbox.channels import TITLES, mail
from zijing.outbox.channels.composing import rules_of
from zijing.outbox.channels.faults import SENTENCES
from zijing.outbox.channels.outlets import RIGHT
from zijing.outbox.models import ChannelRules, Delivery, Outlet
from zijing.people.access import Actor, require
from zijing.people.models import Unit

SHOWN = 100
LOST = (Delivery.State.GIVEN_UP, Delivery.State.UNCLEAR)


@dataclass(frozen=True)
class Sent:
    """A delivery as the log shows it: to whom by which channel, never where to."""

    delivery: Delivery
    own: bool

    @property
    def channel(self) -> str:
        return str(TITLES.get(self.delivery.outlet.channel, self.delivery.outlet.channel))

    @property
    def fault(self) -> str:
        """What went wrong last, with the number the server gave."""
        sentence = str(SENTENCES.get(self.delivery.fault, self.delivery.fault))
        return f"{sentence} ({self.delivery.detail})" if self.delivery.detail else sentence

    @property
    def lost(self) -> bool:
        """Whether it can be sent again by hand."""
        return self.own and self.delivery.state in LOST and self.delivery.outlet.closed_at is None

    @property
    def tone(self) -> str:
        """The colour of its state."""
        return {Delivery.State.SENT: "green", Delivery.State.WAITING: "yellow"}.get(
            Delivery.State(self.delivery.state), "red" if self.delivery.state in LOST else ""
        )


@dataclass(frozen=True)
class Overview:
    """The channels of an office: how it is set up, by operator and office, its groups, its newest deliveries."""

    rules: ChannelRules
    mail: bool
    hosts: list[str]
    groups: list[Outlet]
    people: int
    units: list[Unit]
    log: list[Sent]


def overview(actor: Actor, state: str = "") -> Overview:
    """All of it for the actor's office; ``state`` narrows the log. ``Refused`` without the right."""
    require(actor, RIGHT)
    mine = Outlet.objects.visible_to(actor).filter(office=actor.office_id, closed_at=None)
    sent = Delivery.objects.visible_to(actor).select_related("outlet__account", "outlet__office")
    sent = sent.filter(state=state) if state in Delivery.State.values else sent
    units = Unit.objects.visible_to(actor).filter(office=actor.office_id)
    return Overview(
        rules=rules_of(actor.office_id), mail=mail.is_set_up(), hosts=sorted(settings.WEBHOOK_HOSTS),
        groups=list(mine.filter(account=None).annotate(topics=F("wishes__topics")).order_by("pk")),
        people=mine.live().exclude(account=None).count(), units=list(units.order_by("name", "pk")),
        log=[Sent(d, d.outlet.office_id == actor.office_id) for d in sent.order_by("-pk")[:SHOWN]],
    )  # fmt: skip
