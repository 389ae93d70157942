"""What a process that answers pages holds as long as it lives."""

import gc
from importlib import import_module

from django.conf import settings


def load_for_good() -> None:
    """Load every page there is, and keep all that is loaded out of the garbage collector's collections.

    The collector would go through it again and again amid some page, an eighth of a second each time, and find nothing.
    """
    import_module(settings.ROOT_URLCONF)
    gc.collect()
    gc.freeze()
