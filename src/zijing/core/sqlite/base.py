"""The connections: kept, because opening one takes longer than filing a case, as long as the file is the same."""

import os
from contextlib import suppress
from typing import Any

from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Lets go of a file that has been put aside (``zijing restore --force``), as if the connection were too old."""

    _opened: tuple[int, int] | None = None

    def get_new_connection(self, conn_params: Any) -> Any:
        made = super().get_new_connection(conn_params)
        self._opened = self._present()
        return made

    def close_if_unusable_or_obsolete(self) -> None:
        if self.connection is not None and not self.in_atomic_block and self._opened != self._present():
            self.close()
        super().close_if_unusable_or_obsolete()

    def _present(self) -> tuple[int, int] | None:
        with suppress(OSError):  # a database in memory has no file
            found = os.stat(self.settings_dict["NAME"])  # noqa: PTH116  # at every request: a Path takes ten times longer
            return found.st_dev, found.st_ino
        return None
