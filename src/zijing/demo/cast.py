"""Who acts in the replay: the holders of the demo's posts, by role and unit, through the channel "demo"."""

from collections import defaultdict
from datetime import date

from zijing.people.access import Actor, actor_of, system_actor
from zijing.people.models import Assignment, Holding, in_force
from zijing.places.models import Place, under
from zijing.registers.models import Entry

CHANNEL = "demo"


class Cast:
    """The actors of an office and its county, each made once for a run: posts of the demo do not end on the way."""

    def __init__(self, office: Place, on: date) -> None:
        places = [office.pk, office.parent_id]
        held = Holding.objects.filter(in_force(on), in_force(on, "post__"), post__office__in=places)
        rows = held.order_by("post__code", "pk")
        self.holdings = list(rows.select_related("post__role", "post__office", "post__place", "post__unit", "account"))
        self._by_unit = defaultdict[int | None, list[Holding]](list)
        for holding in self.holdings:
            self._by_unit[holding.post.unit_id].append(holding)
        self.office, self.on = office, on
        self.system = system_actor(office, CHANNEL)
        self._made: dict[int, Actor] = {}
        self._by_project = self._assignments()

    def _assignments(self) -> dict[tuple[int, str], tuple[int | None, int | None]]:
        rows = Assignment.objects.filter(under(self.office.path), subject_type=Entry._meta.label_lower, until=None)
        return {(a.subject_id, a.part): (a.unit_id, a.post_id) for a in rows.order_by("pk")}

    def actor(self, holding: Holding) -> Actor:
        """The actor of a holding."""
        if holding.pk not in self._made:
            self._made[holding.pk] = actor_of(holding, channel=CHANNEL, on=self.on)
        return self._made[holding.pk]

    def of_role(self, *roles: str, unit: int | None = None, place: int | None = None) -> list[Actor]:
        """Everyone whose post has one of these roles, in the order of the roles, then of the posts' codes."""
        found = [
            h
            for role in roles
            for h in self.holdings
            if h.post.role.key == role and unit in {None, h.post.unit_id} and place in {None, h.post.place_id}
        ]
        return [self.actor(h) for h in found]

    def one(self, *roles: str, unit: int | None = None, place: int | None = None) -> Actor:
        """The first of ``of_role``; the system when the demo has nobody in such a post."""
        return next(iter(self.of_role(*roles, unit=unit, place=place)), self.system)

    def holder(self, post: int | None) -> Actor | None:
        """Who holds a post."""
        return next((self.actor(h) for h in self.holdings if h.post_id == post), None)

    def in_unit(self, unit: int | None, verb: str) -> Actor | None:
        """The first in a unit who may do ``verb``."""
        mine = (self.actor(h) for h in self._by_unit[unit])
        return next((a for a in mine if a.may(verb)), None)

    def team(self, project: int) -> Actor:
        """Who reports for a project: the first post of its task team."""
        unit, _post = self._by_project.get((project, Assignment.Part.JOINT), (None, None))
        return self.in_unit(unit, "projects.report") or self.system

    def team_unit(self, project: int) -> int | None:
        """The task team of a project."""
        return self._by_project.get((project, Assignment.Part.JOINT), (None, None))[0]

    def section_unit(self, project: int) -> int | None:
        """The section that assists a project."""
        return self._by_project.get((project, Assignment.Part.ASSISTING), (None, None))[0]

    def leader(self, project: int) -> Actor:
        """The leader in charge of a project."""
        _unit, post = self._by_project.get((project, Assignment.Part.LEAD), (None, None))
        return self.holder(post) or self.one("secretary")
