"""The ``zijing`` command: the operator's and the script's door to the same verbs as the pages."""

import os

import django
from django.utils import translation


def main() -> None:
    """The console script: set Django up, choose the language, then hand over to the commands."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zijing.config.settings")
    django.setup()
    from zijing.cli.commands import language_of, zijing  # its texts need Django set up

    translation.activate(language_of(os.environ.get("LC_ALL") or os.environ.get("LANG") or ""))
    zijing(prog_name="zijing")
