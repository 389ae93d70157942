"""The day of the three administrators: what is missing before an office can work, who cannot act, what was refused."""

from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from zijing.people import queries
from zijing.people.models import Account, SignIn
from zijing.records.personal import looks_since
from zijing.web.access import ActingRequest
from zijing.web.home.blocks import SHOWN, Action, Block, Count, Day, Item
from zijing.web.home.needing import needing

LATELY = timedelta(days=7)


@dataclass(frozen=True)
class Step:
    """A step of setting an office up: done when something stands."""

    title: str
    icon: str
    page: str
    n: int

    def action(self) -> Action:
        text = _("%(n)d so far") % {"n": self.n} if self.n else _("nothing yet")
        return Action(self.title, reverse(self.page), "check" if self.n else self.icon, text, bool(self.n))


def administering(request: ActingRequest) -> Day:
    """An administrator's day, by what the post may do: nobody has more than one of the three parts."""
    if request.actor.may("people.write"):
        return _system(request)
    if request.actor.may("accounts.write"):
        return _security(request)
    return _audit(request)


def _system(request: ActingRequest) -> Day:
    """Places, units and posts in the order they need each other, then who holds what."""
    standing = queries.standing(request.actor, request.today)
    steps = [
        Step(_("Places"), "map", "admin-places", standing.places),
        Step(_("Units"), "building", "admin-units", standing.units),
        Step(_("Posts"), "user", "admin-posts", standing.posts),
    ]
    ways = [
        Action(_("Import a sheet"), reverse("import"), "file-import", _("places, units and posts at once")),
        Action(_("Packs"), reverse("packs"), "clipboard-list", _("what the office works with")),
        Action(_("Machinery"), reverse("machinery"), "activity", _("whether the processes run")),
    ]
    items = [Item(p.title, reverse("admin-post", args=(p.pk,)), p.unit.name) for p in standing.vacant[:SHOWN]]
    n = len(standing.vacant)
    block = Block(
        _("Posts nobody holds"), "user", [Count(_("posts"), str(n), reverse("admin-posts"), "yellow" if n else "")],
        items, _("Every post is held."), (_("All posts"), reverse("admin-posts")),
    )  # fmt: skip
    return Day([*needing(request), block], [*(s.action() for s in steps), *ways])


def _security(request: ActingRequest) -> Day:
    """Whose account lets nobody in: it has no password yet, or it is locked."""
    closed = queries.closed(request.actor, request.today)
    without = [a for a in closed if a.is_active]
    locked = [a for a in closed if not a.is_active]
    accounts = reverse("admin-accounts")
    blocks = [
        _whose(_("Accounts without a password"), without, _("Everybody who holds a post can sign in.")),
        _whose(_("Locked accounts"), locked, _("No account is locked.")),
    ]
    ways = [
        Action(_("Accounts"), accounts, "users", _("open, reset, lock; keys for programs")),
        Action(_("Wall screens"), reverse("admin-screens"), "device-tv", _("the board in the hall")),
    ]
    return Day(blocks, ways)


def _whose(title: str, found: list[Account], empty: str) -> Block:
    items = [Item(str(a), reverse("admin-account", args=(a.pk,)), a.username) for a in found[:SHOWN]]
    accounts, tone = reverse("admin-accounts"), "yellow" if found else ""
    return Block(title, "lock", [Count(_("accounts"), str(len(found)), accounts, tone)], items, empty)


def _audit(request: ActingRequest) -> Day:
    """What was refused at the door in the last seven days, and who looked at personal data."""
    since = timezone.now() - LATELY
    page = reverse("admin-sign-ins")
    counts = [
        Count(str(SignIn.Outcome(outcome).label), str(n), f"{page}?outcome={outcome}&since={since.date()}", "yellow")
        for outcome, n in queries.refused_since(request.actor, since)
    ]
    looked = looks_since(request.actor, request.now - LATELY)
    looks = f"{reverse('admin-looks')}?since={(request.now - LATELY).date()}"
    blocks = [
        Block(
            _("Refused in the last seven days"), "login", counts, [], "" if counts else _("Nobody was refused."),
            (_("Sign-ins"), page),
        ),
        Block(
            _("Looks at personal data in the last seven days"), "eye", [Count(_("looks"), str(looked), looks)], [],
            "" if looked else _("Nobody looked."), (_("Looks at personal data"), reverse("admin-looks")),
        ),
    ]  # fmt: skip
    ways = [
        Action(_("Check the chain"), reverse("admin-journal") + "?verify=1", "list-check", _("the whole journal")),
        Action(_("Journal"), reverse("admin-journal"), "clipboard-list", _("who did what, to take along too")),
    ]
    return Day(blocks, ways)
