"""What is known of an address, and of the scene behind it."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tests.factories.office import Office
from zijing.cases.models import Case, Plea, Share
from zijing.projects.models import Consequence, Project, Report, Work


@dataclass
class Scene:
    """Two offices of one county, and in the first one of everything."""

    made: Office
    other: Office
    project: Project
    report: Report
    case: Case
    listed: Case
    double: Case
    plea: Plea
    share: Share
    consequence: Consequence
    file: int
    publication: int
    review: int
    job: int
    view: int
    plan: dict[str, int] = field(default_factory=dict)

    @property
    def ids(self) -> dict[str, Any]:
        return {
            "project": self.project.pk, "work": Work.objects.filter(project=self.project).latest("pk").pk, "report": self.report.pk, "case": self.case.pk, "listed": self.listed.pk, "double": self.double.pk, "file": self.file,
            "handled": self.plea.case_id, "plea": self.plea.pk, "share": self.share.pk,
            "publication": self.publication, "review": self.review, "job": self.job, "view": self.view, "consequence": self.consequence.pk, "holding": self.made.holding("secretary").pk,
            "post": self.made.posts["grid"].pk, "account": self.made.account("grid").pk, "office": self.made.place.pk, "place": self.made.places["示例社区01"].pk,
            **self.plan,
        }  # fmt: skip


Body = Callable[[Scene], dict[str, Any]]


@dataclass(frozen=True)
class Door:
    """What is known of an address.

    ``url``: with {names} of ``Scene.ids``. ``role``: a role that may. ``answer``: what that role gets. ``refused``: a role
    without the right, which gets ``refusal``. ``elsewhere``: what the same role of another office gets. ``body``: what is
    sent (GET when there is none). ``public``: for anyone, signed in or not, whose answer then is ``answer``. ``own``: of the
    own account, for whoever is signed in, with a post in force or without.
    """

    url: str
    role: str = "secretary"
    answer: int = 200
    refused: str = ""
    refusal: int = 403
    elsewhere: int = 0
    body: Body | None = None
    public: bool = False
    own: bool = False
    raw: Callable[[], bytes] | None = None


def sent(**values: Any) -> Body:
    """A form or JSON body with a client id."""
    return lambda scene: {"client_id": str(uuid.uuid4()), **values}


def workbook() -> bytes:
    out = BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ("单位编号", "单位名称", "单位类型", "所在区划"))
        sheet.write_row(1, 0, ("NEW", "新科室", "科室", "410181005000"))
    return out.getvalue()


def photo(scene: Scene) -> dict[str, Any]:
    return {"client_id": str(uuid.uuid4()), "part": "near", "file": SimpleUploadedFile("x.png", picture())}


def picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (8, 8)).save(out, "PNG")
    return out.getvalue()


def unit_of(role: str) -> Body:
    return lambda scene: {"client_id": str(uuid.uuid4()), "unit": scene.made.posts[role].unit_id}
