"""Verbs on results: publish them, frozen. Scores of persons are kept out of what everyone reads."""

import hashlib
import json
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from zijing.assessment.models import Run, Scheme, Score
from zijing.assessment.queries import latest_run
from zijing.core.errors import Conflict, Invalid
from zijing.figures.actions import publish
from zijing.figures.models import Publication
from zijing.journal.acting import act
from zijing.people.access import Actor, require, require_office
from zijing.places.models import Place


def publish_run(*, actor: Actor, at: datetime, run: Run) -> Publication:
    """Freeze a result: members may read it from now on, and appeal. Publishing again gives what was published.

    ``Conflict`` when the period has been computed anew since; ``Invalid`` for a provisional one. What is published of
    posts is their number and a digest of their scores: nobody reads a person's score from it.
    """
    require(actor, "assessment.run")
    require_office(actor, run.office_id)
    if run.provisional:
        raise Invalid(_("The period was not over when this was computed: it is not published."))
    with act(actor, at):
        Place.objects.select_for_update(no_key=True).filter(pk=run.office_id).values_list("pk").first()
        standing = Run.objects.select_related("publication", "version__scheme").get(pk=run.pk)
        if standing.publication:
            return standing.publication
        scheme = standing.version.scheme
        if latest_run(scheme, standing.office, standing.since) != standing:
            raise Conflict(_("Someone has computed this period meanwhile."))
        scores = list(Score.objects.filter(run=run).order_by("pk"))
        made = publish(
            actor=actor, at=at, office=standing.office, key=f"assessment:{scheme.key}:{standing.serial}",
            period=standing.since, until=standing.until, title=f"{scheme.title_zh} {standing.since:%Y-%m}"[:120],
            definition={"scheme": scheme.key, "version": standing.version.number, **standing.version.definition},
            values=_values(scheme, scores), evidence=[s.pk for s in scores], published_by_id=actor.post_id,
        )  # fmt: skip
        Run.objects.filter(pk=run.pk).update(publication=made)
        return made


def _values(scheme: Scheme, scores: list[Score]) -> dict[str, Any]:
    lines = [_frozen(s) for s in scores]
    digest = hashlib.sha256(json.dumps(lines, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    said: dict[str, Any] = {"members": len(lines), "digest": digest}
    return said if scheme.population == Scheme.Population.POSTS else said | {"lines": lines}


def _frozen(score: Score) -> dict[str, Any]:
    column, pk = score.member
    total = None if score.total is None else str(score.total)
    return {"member": f"{column}:{pk}", "label": score.label, "total": total, "rank": score.rank, "last": score.last}
