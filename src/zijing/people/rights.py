"""Every right there is: what a verb may ask for with ``require``, and what a role of a pack may grant.

A grant is a right's name, or a group with ``*`` (``cases.*``). A test holds this table and the sources together.
"""

from fnmatch import fnmatchcase

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

RIGHTS: dict[str, Promise] = {
    "accounts.write": _("open and close accounts, reset passwords"),
    "activities.write": _("enter work records"),
    "assessment.confirm": _("confirm or refuse reviewers' marks"),
    "assessment.consequence": _("decide on what follows an assessment"),
    "assessment.decide": _("decide on appeals against scores"),
    "assessment.mark": _("mark members for an assessment, with evidence"),
    "assessment.read": _("read assessments of units, places, projects and enterprises, and the own score"),
    "assessment.read_posts": _("read the scores of posts below"),
    "assessment.run": _("compute and publish assessments"),
    "assessment.write": _("make the office's own versions of schemes"),
    "audit.read": _("read who signed in and who looked at personal data"),
    "cases.check": _("check what was put right, and close"),
    "cases.dispatch": _("dispatch cases"),
    "cases.file": _("file cases"),
    "cases.grant": _("decide on more time, parking and appeals"),
    "cases.handle": _("accept and handle cases"),
    "cases.import": _("take in orders that another system has numbered"),
    "cases.reopen": _("reopen closed cases"),
    "cases.supervise": _("put cases on a supervision list"),
    "cases.void": _("void cases"),
    "commitments.confirm": _("confirm orders given to the post"),
    "commitments.publish": _("publish the review of indicators"),
    "commitments.state": _("state the value of a commitment"),
    "commitments.write": _("keep goals, indicators and tasks"),
    "demo.advance": _("move a demo's clock"),
    "documents.check": _("check drafts of documents"),
    "documents.issue": _("number, issue and archive documents"),
    "documents.read": _("read what the office has issued"),
    "documents.sign": _("sign documents"),
    "documents.templates": _("keep the office's own templates"),
    "documents.write": _("draft documents"),
    "figures.read": _("read figures"),
    "figures.publish": _("publish figures"),
    "journal.read": _("read the journal"),
    "machinery.channels": _("set up mail and group robots"),
    "machinery.read": _("see whether the processes run"),
    "packs.apply": _("apply packs"),
    "people.write": _("keep units, posts and accounts"),
    "personal.look": _("look at personal data, with a reason"),
    "places.write": _("keep the division tree"),
    "projects.channel": _("put projects into the green channel and take them out"),
    "projects.consequence": _("decide on what follows a ranking"),
    "projects.correct": _("correct daily reports"),
    "projects.publish": _("publish the ranking"),
    "projects.report": _("send daily reports"),
    "projects.schedule": _("lay out schedules, change works, freeze a baseline"),
    "projects.withdraw": _("withdraw work records"),
    "records.assign": _("give records to units and posts"),
    "registers.write": _("keep ledgers"),
    "views.share": _("share saved lists with the office"),
}


def granted_by(grant: str) -> list[str]:
    """The rights a grant covers; none when it names no right."""
    return [right for right in RIGHTS if fnmatchcase(right, grant)]
