"""Who may take a document which step, from where to where: the one table behind the verbs and the page's buttons."""

from collections.abc import Mapping
from dataclasses import dataclass

from zijing.documents.models import Document, Stage
from zijing.people.access import Actor

WRITE, CHECK, SIGN, ISSUE = "documents.write", "documents.check", "documents.sign", "documents.issue"


@dataclass(frozen=True)
class Move:
    """A step: the right it needs at each stage it begins from, where it leads, whether it asks for a reason.

    ``others`` says that it is not for who drafted: two persons stand behind whatever is issued.
    """

    rights: Mapping[Stage, str]
    target: Stage
    reasoned: bool = False
    others: bool = False


MOVES: dict[str, Move] = {
    "submit": Move({Stage.DRAFT: WRITE}, Stage.CHECKING),
    "drop": Move({Stage.DRAFT: WRITE}, Stage.VOID, reasoned=True),
    "check": Move({Stage.CHECKING: CHECK}, Stage.SIGNING, others=True),
    "sign": Move({Stage.SIGNING: SIGN}, Stage.SIGNED, others=True),
    "issue": Move({Stage.SIGNED: ISSUE}, Stage.ISSUED),
    "archive": Move({Stage.ISSUED: ISSUE}, Stage.ARCHIVED),
    "void": Move({Stage.ISSUED: SIGN}, Stage.VOID, reasoned=True),
    "send_back": Move({Stage.CHECKING: CHECK, Stage.SIGNING: SIGN}, Stage.DRAFT, reasoned=True),
}
# What somebody waits for until it is done.
WAITED_FOR = ("submit", "check", "sign", "issue")


def is_drafter(actor: Actor, document: Document) -> bool:
    """Whether the actor's post drafted it."""
    return actor.post_id is not None and actor.post_id == document.drafted_by_id


def steps_for(actor: Actor, document: Document) -> list[str]:
    """The steps the actor may take with a document as it stands."""
    if document.office_id != actor.office_id:
        return []
    stage, drafter = Stage(document.stage), is_drafter(actor, document)
    return [
        verb
        for verb, move in MOVES.items()
        if stage in move.rights and actor.may(move.rights[stage]) and not (move.others and drafter)
    ]
