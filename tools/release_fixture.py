"""Make the database of an earlier release, to test upgrades from: ``release_fixture.py COMMIT OUT.sql.gz``.

The code of that commit builds a small office through its own verbs, in a temporary worktree; the database is kept as
compressed SQL text. Run with the interpreter the project's requirements are installed in.
"""

import gzip
import os
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

# Runs in the earlier release: only what it offered then.
BUILD = """
import django
django.setup()
from datetime import date, timedelta
from io import BytesIO
from PIL import Image
from django.core.management import call_command
call_command("migrate", interactive=False, verbosity=0)
from tests.factories import office as offices
from tests.factories.office import MONDAY, FOUNDED, moment
from zijing.cases import actions as cases
from zijing.cases.models import Case
from zijing.journal.chain import verify
from zijing.outbox.rhythm import tick
from zijing.people.actions import issue_token
from zijing.projects.actions import publish_ranking
from zijing.records.files import attach, store

made = offices.office()
projects = [offices.project(made, f"X0{n}") for n in range(1, 5)]
for n, project in enumerate(projects):
    for back in range(4, -1, -1):
        offices.say(made, project, MONDAY - timedelta(days=back), 60 - 10 * n - back, crew=10 + n)
whats = ("停水", "停电", "图纸未审", "资金未到")
blockers = [offices.blocker(made, p, MONDAY, what) for p, what in zip(projects, whats)]
team, office = made.actor("team"), made.actor("project_office")
find = lambda n: Case.objects.get(pk=blockers[n].pk)
at = lambda hour: moment(MONDAY, hour)
for n in (0, 1, 2):
    cases.dispatch(actor=office, at=at(10), case=find(n), unit=made.posts["team"].unit)
cases.accept(actor=team, at=at(11), case=find(0))
cases.accept(actor=team, at=at(11), case=find(1))
cases.submit(actor=team, at=at(14), case=find(1), reason="已恢复供电")
cases.close(actor=office, at=at(15), case=find(1))
cases.reopen(actor=office, at=at(16), case=find(1), reason="又停了")
cases.supervise(actor=made.actor("secretary"), at=at(16), case=find(2), level="office", reason="久拖不决",
                until=MONDAY + timedelta(days=9))
cases.void(actor=office, at=at(17), case=find(3), reason="重复")
out = BytesIO()
Image.new("RGB", (40, 30), "green").save(out, "PNG")
photo = store(actor=made.system, at=at(17), content=out.getvalue(), name="现场.png")
attach(actor=team, at=at(17), subject=find(0), file=photo, part="near")
publish_ranking(actor=made.system, at=moment(MONDAY + timedelta(days=6), 20), office=made.place, week=MONDAY)
tick(made.place, moment(MONDAY + timedelta(days=7), 9))
issue_token(actor=made.system, at=FOUNDED, username=made.account("team").username, post_code="P-team", label="phone")
assert verify(made.place.pk).sound and verify(made.county.pk).sound
"""


def main(commit: str, out: Path) -> None:
    """Build in a worktree of ``commit`` and write the dump to ``out``."""
    with tempfile.TemporaryDirectory() as place:
        tree, data = Path(place) / "tree", Path(place) / "data"
        git = ["git", "-C", str(ROOT), "worktree"]
        subprocess.run([*git, "add", "-q", "--detach", str(tree), commit], check=True)
        try:
            own = {k: v for k, v in os.environ.items() if not k.startswith("ZIJING_")}
            own |= {
                "ZIJING_DATA": str(data), "DJANGO_SETTINGS_MODULE": "zijing.config.settings",
                "PYTHONPATH": f"{tree / 'src'}{os.pathsep}{tree}",
            }  # fmt: skip
            subprocess.run([sys.executable, "-c", BUILD], env=own, cwd=tree, check=True)
            dump(data / "zijing.sqlite3", out)
        finally:
            subprocess.run([*git, "remove", "--force", str(tree)], check=True)


def dump(database: Path, out: Path) -> None:
    """The database as SQL text, compressed; the same database gives the same bytes."""
    connection = sqlite3.connect(database)
    text = "\n".join(connection.iterdump()) + "\n"
    out.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    print(f"{out}: {out.stat().st_size} bytes")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], Path(sys.argv[2]).resolve())
