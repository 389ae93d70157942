"""How well the plan reader reads: one JSON line for a text and its gold set.

    make bench-reading GOLD=gold.yaml TEXT=plan.txt

A candidate matches a task of the gold set when their spans overlap by half or more (intersection over union) and, where
several tasks share a span, their objects do too. Leaf tasks are scored; a candidate that matches a task above its
leaves is not counted against the reader.
"""

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

import yaml

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "src"))

from zijing.commitments.reading import Candidate, read

SIZES = {"亿元": (10**8, "元"), "万元": (10**4, "元")}


def overlap(a: tuple[int, int], b: tuple[int, int]) -> float:
    """Intersection over union of two spans."""
    shared = min(a[1], b[1]) - max(a[0], b[0])
    return max(0, shared) / (max(a[1], b[1]) - min(a[0], b[0]))


def alike(found: str, gold: str) -> float:
    """How alike two names are, by the characters they share in order of the shorter one."""
    if not found or not gold:
        return 0.0
    if found in gold or gold in found:
        return 0.5 + 0.5 * min(len(found), len(gold)) / max(len(found), len(gold))
    shared = len(set(found) & set(gold))
    return shared / max(len(set(found)), len(set(gold)))


def pairs(found: list[Candidate], gold: list[dict[str, Any]]) -> dict[int, int]:
    """Which candidate (by index) matches which task: the best first, each once."""
    shared = {
        (g["start"], g["end"]) for g in gold if sum((h["start"], h["end"]) == (g["start"], g["end"]) for h in gold) > 1
    }
    ways = []
    for i, c in enumerate(found):
        for j, g in enumerate(gold):
            iou = overlap((c.start, c.end), (g["start"], g["end"]))
            if iou < 0.5:
                continue
            same = alike(c.object, g.get("object") or "")
            if (g["start"], g["end"]) in shared and same < 0.5:
                continue
            ways.append((iou + same, i, j))
    taken: dict[int, int] = {}
    for _score, i, j in sorted(ways, reverse=True):
        if i not in taken and j not in taken.values():
            taken[i] = j
    return taken


def same_quantity(c: Candidate, g: dict[str, Any]) -> bool:
    """The same number in the same unit; none where none is stated."""
    if g.get("quantity") is None or c.quantity is None:
        return g.get("quantity") is None and c.quantity is None
    size, unit = SIZES.get(c.unit, (1, c.unit))
    gold_size, gold_unit = SIZES.get(g.get("unit") or "", (1, g.get("unit") or ""))
    return float(c.quantity) * size == float(g["quantity"]) * gold_size and (unit or "") == gold_unit


def same_day(c: Candidate, g: dict[str, Any]) -> bool:
    """The same last day; none where none is stated."""
    return str(c.deadline) == str(g.get("deadline"))


def score(found: list[Candidate], tasks: list[dict[str, Any]]) -> dict[str, Any]:
    """F1 over leaves, recall of the hard ones, exactness of quantity and deadline among what matched."""
    leaves = [g for g in tasks if g.get("role", "leaf") == "leaf"]
    taken = pairs(found, leaves)
    above = [g for g in tasks if g.get("role") == "umbrella"]
    spare = {i for i, c in enumerate(found) if i not in taken and pairs([c], above)}
    counted = len(found) - len(spare)
    hard = [j for j, g in enumerate(leaves) if g["strength"] == "hard"]
    matched = [(found[i], leaves[j]) for i, j in taken.items()]
    precision, recall = len(taken) / max(1, counted), len(taken) / max(1, len(leaves))
    return {
        "tasks": len(leaves), "found": counted, "matched": len(taken),
        "precision": round(precision, 3), "recall": round(recall, 3),
        "f1": round(2 * precision * recall / max(1e-9, precision + recall), 3),
        "hard_recall": round(sum(j in taken.values() for j in hard) / max(1, len(hard)), 3),
        "quantity": round(sum(same_quantity(c, g) for c, g in matched) / max(1, len(matched)), 3),
        "deadline": round(sum(same_day(c, g) for c, g in matched) / max(1, len(matched)), 3),
        "strength": round(sum(c.strength == g["strength"] for c, g in matched) / max(1, len(matched)), 3),
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gold", type=Path)
    parser.add_argument("text", type=Path)
    parser.add_argument("--show", action="store_true", help="list what was missed, and what was found in vain")
    given = parser.parse_args()
    with given.text.open(encoding="utf-8", newline="") as file:
        text = file.read()
    tasks = yaml.safe_load(given.gold.read_text(encoding="utf-8"))["tasks"]
    since = time.perf_counter()
    found = read(text)
    took = time.perf_counter() - since
    if given.show:
        show(text, found, tasks)
    print(json.dumps(score(found, tasks) | {"seconds": round(took, 3)}, ensure_ascii=False))


def show(text: str, found: list[Candidate], tasks: list[dict[str, Any]]) -> None:
    """What a person looks at to improve the rules."""
    leaves = [g for g in tasks if g.get("role", "leaf") == "leaf"]
    taken = pairs(found, leaves)
    for j, g in enumerate(leaves):
        if j not in taken.values():
            print("missed ", g["strength"], text[g["start"] : g["end"]].replace("\n", ""), "|", g.get("object"))
    for i, c in enumerate(found):
        if i not in taken:
            print("in vain", c.strength, text[c.start : c.end].replace("\n", ""), "|", c.object)
            continue
        g = leaves[taken[i]]
        if (
            not same_quantity(c, g)
            or str(c.deadline or "None") != str(g.get("deadline"))
            or c.strength != g["strength"]
        ):
            print("differs", text[c.start : c.end].replace("\n", ""), "|", c.quantity, c.unit, c.deadline, c.strength,
                  "| gold", g.get("quantity"), g.get("unit"), g.get("deadline"), g["strength"])  # fmt: skip


if __name__ == "__main__":
    main()
