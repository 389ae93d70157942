"""Chance from a seed: the same question gets the same answer, on every machine and in every order of asking."""

import hashlib
from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID, uuid5

SEED = 2020
NAMESPACE = UUID("5a1f2020-4101-8100-8500-000000000000")
T = TypeVar("T")


def draw(*key: object) -> float:
    """A number in [0, 1) that belongs to ``key``."""
    text = "\x1f".join(map(str, (SEED, *key)))
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big") / 2**64


def between(low: int, high: int, *key: object) -> int:
    """A whole number from ``low`` to ``high``, both included, that belongs to ``key``."""
    return low + int(draw(*key) * (high - low + 1))


def pick(options: Sequence[T], *key: object) -> T:
    """One of ``options``; raises IndexError when there is none."""
    return options[int(draw(*key) * len(options))]


def some(options: Sequence[T], n: int, *key: object) -> list[T]:
    """At most ``n`` different ones of ``options``, which must differ as text."""
    return sorted(options, key=lambda option: draw(*key, option))[:n]


def identity(*key: object) -> UUID:
    """The client-made id of what the replay writes for ``key``: writing it twice changes nothing."""
    return uuid5(NAMESPACE, "\x1f".join(map(str, (SEED, *key))))
