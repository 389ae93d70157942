"""Who may do what: an actor is a person acting in a post; verbs come from the post's role."""

from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from functools import cached_property

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zijing.core.asking import ask
from zijing.core.errors import Refused
from zijing.core.terms import Term, both, either
from zijing.people.models import Account, Holding, Post, Role, in_force
from zijing.places.models import Place

# With more assignments than these, records are tested in order of time instead of gathered by id: 3,000 are gathered in
# 25 ms, and of a million rows a hundred of theirs are found in order in 50 ms.
FEW = 3000

# The types of record that are given: by type and path an index finds what was given outside a path.
GIVEN = ("activities.activity", "cases.case", "commitments.commitment", "registers.entry")

ONE_GIVEN = """
SELECT 1 FROM people_assignment g WHERE g.subject_type IN (%s, %s, %s, %s) AND {given} LIMIT 1
"""
# Apart, each by its own index: what is given to the post as well as to its unit counts twice.
MUCH_GIVEN = """
SELECT (SELECT COUNT(*) FROM (SELECT 1 FROM people_assignment WHERE post_id = %s LIMIT %s) AS to_post)
     + (SELECT COUNT(*) FROM (SELECT 1 FROM people_assignment WHERE unit_id = %s LIMIT %s) AS to_unit)
"""

# The three who administer and read no record: system, security, audit (三员分立).
ADMINISTRATORS = frozenset({"system_admin", "security_admin", "audit_admin"})


@dataclass(frozen=True)
class Actor:
    """A person acting in a post of an office, or the system. ``path`` is the prefix of sight ("" for none)."""

    account_id: int | None
    post_id: int | None
    unit_id: int | None
    office_id: int
    office_path: str
    channel: str
    role: str
    sight: str
    path: str
    place_id: int
    verbs: frozenset[str]
    title: str = ""
    on: date | None = None

    @property
    def is_system(self) -> bool:
        """Whether this is the software itself; no post can become it, whatever a pack calls its role."""
        return self.role == "system" and self.post_id is None

    @cached_property
    def foreign(self) -> bool:
        """Whether something that lies outside the prefix of sight is assigned to the post or its unit."""
        if self.post_id is None:
            return False
        if not self.path:
            return True
        given, values = given_to(self, beside=True)
        return bool(ask(ONE_GIVEN.format(given=given), [*GIVEN, *values]))

    @cached_property
    def wide(self) -> bool:
        """Whether so much is seen that reading in order of time finds a page's rows sooner than gathering them by id.

        It chooses how records are read, never which: the office and its communities see much, a grid little, and who
        sees what is assigned only, as much as that is.
        """
        if self.path and self.path.count("/") <= self.office_path.count("/") + 1:
            return True
        if self.post_id is None and self.unit_id is None:
            return False
        [(assigned,)] = ask(MUCH_GIVEN, [self.post_id, FEW + 1, self.unit_id, FEW + 1])
        return bool(assigned > FEW)

    @property
    def scattered(self) -> bool:
        """Whether much is seen, and only because it was given: no path tells a row, only its own assignments do."""
        return not self.path and self.wide

    def may(self, verb: str) -> bool:
        """Whether the role grants ``verb``; a grant may end in ``*``."""
        return any(fnmatchcase(verb, grant) for grant in self.verbs)


def require(actor: Actor, verb: str) -> None:
    """Raise ``Refused`` unless the actor's role grants ``verb``."""
    if not actor.may(verb):
        raise Refused(_("Your post (%(post)s) may not do this. Ask the office's administrator."), post=actor.title)


def require_office(actor: Actor, office_id: int | None) -> None:
    """Raise ``Refused`` when something belongs to another office: a county sees its offices and does not run them."""
    if not actor.is_system and office_id != actor.office_id:
        raise Refused(_("This belongs to another office. Ask its administrator."))


def refuse_oneself(actor: Actor, account: Account) -> None:
    """Raise ``Refused`` for who would give a post to the own account."""
    if actor.account_id is not None and account.pk == actor.account_id:
        raise Refused(_("Nobody gives a post to the own account."))


def refuse_two_administrators(
    account: Account, role: str, since: date, until: date | None, besides: Post | None = None
) -> None:
    """Raise ``Refused`` where an account would hold two of the three administrators' posts at a time.

    System, security and audit administration are separate persons' (三员分立, GB/T 22239-2019 8.1.4.2 d).
    """
    if role not in ADMINISTRATORS:
        return
    held = Holding.objects.filter(account=account, post__role__key__in=ADMINISTRATORS - {role})
    overlapping = held.filter(Q(until=None) | Q(until__gte=since))
    if until is not None:
        overlapping = overlapping.filter(since__lte=until)
    if besides is not None:
        overlapping = overlapping.exclude(post=besides)
    if other := overlapping.select_related("post__role").first():
        raise Refused(
            _("“%(account)s” is already %(role)s: nobody is two of the three administrators."),
            account=str(account),
            role=str(other.post.role),
        )


def system_actor(office: Place, channel: str = "system") -> Actor:
    """The software itself acting for an office: the clock, an operator at the command line, the demo's replay.

    It sees the records of its office, and the places and people of the whole installation.
    """
    return Actor(
        account_id=None, post_id=None, unit_id=None, office_id=office.pk, office_path="/", channel=channel,
        role="system", sight=Role.Sight.OFFICE, path=office.path, place_id=office.pk, verbs=frozenset({"*"}),
        title="system",
    )  # fmt: skip


def onlooker(office: Place) -> Actor:
    """A screen in an office's hall: it sees what is not restricted, and may do nothing."""
    return Actor(
        account_id=None, post_id=None, unit_id=None, office_id=office.pk, office_path=office.path, channel="screen",
        role="screen", sight=Role.Sight.OFFICE, path=office.path, place_id=office.pk, verbs=frozenset(),
    )  # fmt: skip


def resident(office: Place) -> Actor:
    """Somebody without an account at an office's public page: may report there, and sees no record."""
    return Actor(
        account_id=None, post_id=None, unit_id=None, office_id=office.pk, office_path=office.path, channel="public",
        role="resident", sight=Role.Sight.ASSIGNED, path="", place_id=office.pk, verbs=frozenset({"cases.file"}),
    )  # fmt: skip


def dated(on: date | None) -> Q:
    """The condition that an assignment stands on a day (None: without an end)."""
    return in_force(on) if on else Q(until=None)


def given_to(actor: Actor, *, beside: bool = False) -> Term:
    """The condition, written out, that an assignment ``g`` stands for the actor's post or unit on its day.

    With ``beside`` only what lies outside its path counts, which has one. Each holder is written out with each side of
    the path, so that each is a range of an index.
    """
    to_whom: list[Term] = [
        (f"g.{column} = %s AND g.{column} IS NOT NULL", [holder])
        for column, holder in (("post_id", actor.post_id), ("unit_id", actor.unit_id))
        if holder is not None
    ]
    if beside:
        sides: list[Term] = [("g.path < %s", [actor.path]), ("g.path >= %s", [actor.path[:-1] + "0"])]
        to_whom = [both(holder, side) for holder in to_whom for side in sides]
    until: Term = ("g.until IS NULL", [])
    if actor.on is not None:
        day = connection.ops.adapt_datefield_value(actor.on)
        until = ("g.since <= %s AND (g.until IS NULL OR g.until >= %s)", [day, day])
    return both(until, either(to_whom))


def given(post_id: int | None, unit_id: int | None, on: date | None) -> Q:
    """The condition on assignments that stand on a day (None: without an end) for a post or its unit."""
    return dated(on) & (Q(post=post_id, post__isnull=False) | Q(unit=unit_id, unit__isnull=False))


def is_administrator(account: Account) -> bool:
    """Whether an account holds one of the three administrators' posts, now or later on."""
    return Holding.objects.filter(account=account, post__role__key__in=ADMINISTRATORS).exists()


def oneself(account: Account, *, channel: str) -> Actor:
    """An account acting on itself alone (password, second factor, sessions): no post, no right, no sight."""
    first = Holding.objects.filter(account=account).select_related("post__office").order_by("since", "pk").first()
    office = account.office or (first.post.office if first else Place.objects.offices().order_by("pk").first())
    if office is None:
        raise Refused(_("There is no office yet. Run “zijing init CODE NAME” first."))
    return Actor(
        account_id=account.pk, post_id=None, unit_id=None, office_id=office.pk, office_path=office.path,
        channel=channel, role="", sight=Role.Sight.ASSIGNED, path="", place_id=office.pk, verbs=frozenset(),
        title=str(account),
    )  # fmt: skip


def assigned_to(actor: Actor, subject_type: str) -> Q:
    """The condition on assignments that give records of a type to the actor's post or unit, now."""
    return Q(subject_type=subject_type) & given(actor.post_id, actor.unit_id, actor.on)


def actor_of(holding: Holding, *, channel: str, on: date) -> Actor:
    """The actor a holding makes on a day; ``Refused`` when the post or the holding has expired."""
    post: Post = holding.post
    for since, until in ((post.since, post.until), (holding.since, holding.until)):
        if not (since <= on and (until is None or on <= until)):
            raise Refused(_("Your post “%(post)s” is not in force on %(day)s."), post=post.title, day=on)
    role = post.role
    path = {Role.Sight.OFFICE: post.office.path, Role.Sight.PLACE: post.place.path}.get(Role.Sight(role.sight), "")
    return Actor(
        account_id=holding.account_id, post_id=post.pk, unit_id=post.unit_id, office_id=post.office_id,
        office_path=post.office.path, channel=channel, role=role.key, sight=role.sight, path=path,
        place_id=post.place_id, verbs=frozenset(role.verbs), title=post.title, on=on,
    )  # fmt: skip
