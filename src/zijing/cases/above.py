"""To whom above a case is told."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from django.db.models import Q

from zijing.cases.models import Case
from zijing.outbox.messages import readers
from zijing.people.access import dated
from zijing.people.models import Assignment, Post
from zijing.registers.models import Entry


def posts_above(roles: Mapping[Case, Sequence[str]], day: date) -> dict[Case, list[int]]:
    """The posts of these roles that see each case and that somebody holds on a day.

    Where the case, or what it is about, is given to some of a role's posts (the leader in charge), those alone.
    """
    ids = {case.pk for case in roles}
    by_role: dict[str, list[int]] = defaultdict(list)
    wanted = {role for some in roles.values() for role in some}
    offices = {case.office_id for case in roles}
    for post, role in Post.objects.filter(office__in=offices, role__key__in=wanted).values_list("pk", "role__key"):
        by_role[role].append(post)
    posts = [post for some in by_role.values() for post in some]
    seen = {
        post: set(Case.objects.visible_to(reader).filter(pk__in=ids).values_list("pk", flat=True))
        for post, reader in readers(posts, day).items()
    }
    about = Q(subject_type=Case._meta.label_lower, subject_id__in=ids) | Q(
        subject_type=Entry._meta.label_lower, subject_id__in={case.subject_id for case in roles}
    )
    given = set(
        Assignment.objects.filter(about, dated(day), post__in=posts).values_list("subject_type", "subject_id", "post")
    )
    found = {}
    for case, some in roles.items():
        grounds = {(Case._meta.label_lower, case.pk), (Entry._meta.label_lower, case.subject_id)}
        found[case] = [
            post
            for role in some
            for post in ([p for p in by_role[role] if any((*g, p) in given for g in grounds)] or by_role[role])
            if case.pk in seen.get(post, ())
        ]
    return found
