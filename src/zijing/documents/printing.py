"""Documents as files: short ones at once, long ones as a job with progress."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from zijing.core.errors import Missing
from zijing.documents import layout
from zijing.documents.models import Document
from zijing.documents.queries import document_of, official, printed
from zijing.outbox.jobs import Made, Progress, enqueue, register_job
from zijing.outbox.models import Job
from zijing.people.access import Actor

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"
FORMS = {"docx": DOCX, "pdf": PDF}
# More characters than this take longer than a person waits for a page: some fifteen pages.
AT_ONCE = 10_000
TASK = "documents.print"
Tell = Callable[[int, int], None]


def as_file(document: Document, actor: Actor, at: datetime, form: str, base: str, tell: Tell | None = None) -> bytes:
    """The document as DOCX or PDF, both from the same source; its links begin with ``base``."""
    if form not in FORMS:
        raise Missing(_("A document comes as docx or pdf."))
    with translation.override(document.language):
        source = official(document, printed(document, actor, at).blocks, base)
        return layout.docx(source) if form == "docx" else layout.pdf(source, tell)


def file_name(document: Document, form: str) -> str:
    """What the file is called."""
    return f"{document.title[:80]}.{form}"


def is_long(document: Document) -> bool:
    """Whether the file is made as a job."""
    return len(document.text) > AT_ONCE


def ask_for_file(*, actor: Actor, at: datetime, document: Document, form: str, base: str, client_id: UUID) -> Job:
    """Have a long document printed by the work process."""
    params = {"document": document.pk, "form": form, "base": base}
    return enqueue(
        actor=actor, at=at, task=TASK, params=params, client_id=client_id, about=document.title[:120]
    )  # fmt: skip


def _print(progress: Progress) -> Made:
    document = document_of(progress.actor, progress.params["document"])
    form = str(progress.params["form"])

    def tell(done: int, total: int) -> None:
        progress.say(done, total)

    content = as_file(document, progress.actor, progress.at, form, str(progress.params["base"]), tell)
    return Made(document.title[:120], content, file_name(document, form), FORMS[form])


def declare() -> None:
    """Make the job known."""
    register_job(TASK, _print, title=_("print a document"))
