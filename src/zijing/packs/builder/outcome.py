"""What became of a wanted sheet."""

from collections.abc import Callable
from dataclasses import dataclass, field

Tell = Callable[[int, int], None]


@dataclass
class Filled:
    """A filled sheet and what is to be said of it."""

    content: bytes = b""
    rows: int = 0
    cells: int = 0
    links: int = 0
    kept: int = 0
    unknown: list[str] = field(default_factory=list)
    strange: list[tuple[int, str]] = field(default_factory=list)
