"""The ``zijing`` command: the operator's and the script's door to the same verbs as the pages."""

import os
import sys

import django
from django.utils import translation

UNUSABLE = (
    "数据目录不可用：{file}：{why}。请检查属主和权限，或设置 ZIJING_DATA。\n"
    "The data folder cannot be used: {file}: {why}. Check its owner and permissions, or set ZIJING_DATA."
)


def main() -> None:
    """The console script: set Django up, choose the language, then hand over to the commands."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zijing.config.settings")
    try:
        django.setup()
    except OSError as error:
        # The settings could not be read, so there is no language to choose: both.
        sys.exit(UNUSABLE.format(file=error.filename, why=error.strerror))
    from zijing.cli.commands import language_of, zijing  # its texts need Django set up

    translation.activate(language_of(os.environ.get("LC_ALL") or os.environ.get("LANG") or ""))
    zijing(prog_name="zijing")
