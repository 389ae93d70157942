"""``python -m zijing`` is the ``zijing`` command."""

from zijing.cli.main import main

main()
