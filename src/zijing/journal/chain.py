"""Hashing and checking a chain of entries, in the database or in an exported copy."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import Any, TextIO

from zijing.journal.models import ChainHead, JournalEntry

HASHED = (
    "office", "seq", "happened_at", "recorded_at", "actor", "post", "channel", "verb", "subject_type",
    "subject_id", "path", "changes", "request_id", "algorithm", "previous",
)  # fmt: skip
FIELDS = (*HASHED, "digest")


def sm3(data: bytes) -> str:
    """SM3 (GB/T 32905), where the OpenSSL of the machine offers it."""
    return hashlib.new("sm3", data).hexdigest()


ALGORITHMS: dict[str, Callable[[bytes], str]] = {"sha256": lambda data: hashlib.sha256(data).hexdigest(), "sm3": sm3}


def as_record(entry: JournalEntry) -> dict[str, Any]:
    """The entry as plain JSON values; times in UTC with microseconds, so that every database gives the same bytes."""
    record = {name: getattr(entry, name) for name in FIELDS}
    for name in ("happened_at", "recorded_at"):
        record[name] = record[name].astimezone(UTC).isoformat(timespec="microseconds")
    return record


def digest_of(record: Mapping[str, Any]) -> str:
    """The digest of a record: its algorithm over its hashed fields as canonical JSON (sorted, no blanks, UTF-8)."""
    body = {name: record[name] for name in HASHED}
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return ALGORITHMS[record["algorithm"]](text.encode())


@dataclass(frozen=True)
class Verdict:
    """The result of a check: how many entries hold, the head reached, and the first break if there is one."""

    checked: int
    head: str
    broken: str = ""

    @property
    def sound(self) -> bool:
        return not self.broken


def check(records: Iterable[Mapping[str, Any]]) -> Verdict:
    """Follow one office's chain from its first entry; stop at the first that is missing, changed or out of order."""
    previous, count = "", 0
    for seq, record in enumerate(records, 1):
        name = f"{record.get('office')}/{record.get('seq')} ({record.get('verb')})"
        if record.get("seq") != seq:
            return Verdict(count, previous, f"{name}: entry {seq} is missing or out of order")
        if record.get("previous") != previous:
            return Verdict(count, previous, f"{name}: does not follow the entry before it")
        if record.get("algorithm") not in ALGORITHMS or digest_of(record) != record.get("digest"):
            return Verdict(count, previous, f"{name}: its content does not match its digest")
        previous, count = record["digest"], count + 1
    return Verdict(count, previous)


def records_of(office: int) -> Iterator[dict[str, Any]]:
    """One office's entries in order, a few thousand at a time."""
    for entry in JournalEntry.objects.filter(office=office).order_by("seq").iterator(chunk_size=2000):
        yield as_record(entry)


def verify(office: int) -> Verdict:
    """Check an office's chain in the database, and that it ends where the chain head says.

    The office may be at work meanwhile: the chain holds the head there was before, and does not pass the one after.
    """
    before, passed = _head(office), {0: ""}
    verdict = check(_noting(records_of(office), passed, before[0]))
    if not verdict.sound:
        return verdict
    after = _head(office)
    ends_there = verdict.checked < after[0] or (verdict.checked, verdict.head) == after
    if passed.get(before[0]) != before[1] or not ends_there:
        broken = f"{office}/{before[0]}: the chain ends early, at {verdict.checked}"
        return Verdict(verdict.checked, verdict.head, broken)
    return verdict


def _head(office: int) -> tuple[int, str]:
    head = ChainHead.objects.filter(office=office).first()
    return (head.seq, head.digest) if head else (0, "")


def _noting(records: Iterable[dict[str, Any]], passed: dict[int, str], seq: int) -> Iterator[dict[str, Any]]:
    """The records as they come; the digest of the one at ``seq`` is kept."""
    for record in records:
        if record["seq"] == seq:
            passed[seq] = record["digest"]
        yield record


def export(office: int, out: TextIO) -> int:
    """Write an office's chain as JSON Lines; returns the number of entries."""
    count = 0
    for record in records_of(office):
        out.write(json.dumps(record, ensure_ascii=False, sort_keys=True) + "\n")
        count += 1
    return count


def check_export(lines: Iterable[str]) -> Verdict:
    """Check an exported copy without any database. A line that is no JSON is a break."""
    problem = ""

    def records() -> Iterator[dict[str, Any]]:
        nonlocal problem
        for number, line in enumerate(lines, 1):
            try:
                record = json.loads(line)
            except ValueError:
                record = None
            if not isinstance(record, dict) or not set(HASHED) <= record.keys():
                problem = f"line {number} is no journal entry"
                return
            yield record

    verdict = check(records())
    return Verdict(verdict.checked, verdict.head, problem) if verdict.sound and problem else verdict
