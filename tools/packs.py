"""The reference of packs: ``packs.py write`` brings docs/packs.md and its Chinese twin in line, ``check`` compares.

Keys, types and defaults come from the schema, meanings and examples from docs/packs-keys.csv; every key has one.
"""

import csv
import os
import re
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import django

ROOT = Path(__file__).resolve().parents[1]
DOCS = {"en": ROOT / "docs" / "packs.md", "zh-hans": ROOT / "docs" / "packs.zh.md"}
MEANINGS = ROOT / "docs" / "packs-keys.csv"
HEADS = {
    "en": ("key", "type", "needed", "meaning", "example"),
    "zh-hans": ("键", "类型", "必填", "含义", "示例"),
}  # fmt: skip
WORDS = {
    "en": {
        "yes": "yes", "default": "no, {}", "no": "no", "list": "list of {}", "one of": "one of {}", "str": "text",
        "int": "whole number", "float": "number", "Decimal": "number", "bool": "true or false", "date": "date",
        "time": "time of day", "table": "table {}", "right": "right", "task": "task", "what": "what it is for",
        "filter": "filter",
    },
    "zh-hans": {
        "yes": "是", "default": "否，{}", "no": "否", "list": "{}的列表", "one of": "其一：{}", "str": "文字",
        "int": "整数", "float": "数字", "Decimal": "数字", "bool": "true 或 false", "date": "日期", "time": "时刻",
        "table": "表 {}", "right": "权限", "task": "任务", "what": "用途", "filter": "筛选",
    },
}  # fmt: skip


def meanings() -> dict[tuple[str, str], dict[str, str]]:
    """What every key means, by model and key."""
    with MEANINGS.open(encoding="utf-8", newline="") as file:
        return {(row["of"], row["key"]): row for row in csv.DictReader(file)}


def type_in(annotation: Any, words: dict[str, str]) -> str:
    """The type of a key as a clerk reads it."""
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return type_in(args[0], words)
    if origin in {Union, types.UnionType}:
        return " / ".join(dict.fromkeys(type_in(a, words) for a in args if a is not type(None)))
    if origin is Literal:
        return words["one of"].format(", ".join(f"`{a}`" for a in args if a != ""))
    if origin is list:
        return words["list"].format(type_in(args[0], words))
    if origin is dict:
        return words["table"].format("")
    name = annotation.__name__
    return words.get(name) or words["table"].format(f"[{name}](#{name.lower()})")


def rows_of(model: Any, language: str) -> Iterator[tuple[str, ...]]:
    """A row for every key of a model; raises KeyError when a key has no meaning."""
    words, known = WORDS[language], meanings()
    for name, field in model.model_fields.items():
        key = field.serialization_alias or name
        row = known[model.__name__, key]
        default = field.get_default(call_default_factory=True)
        given = words["default"].format(f"`{default}`") if default not in (None, "", False, []) else words["no"]
        needed = words["yes"] if field.is_required() else given
        meaning = row["meaning_zh"] if language.startswith("zh") else row["meaning_en"]
        example = f"`{row['example']}`"
        yield f"`{key}`", type_in(field.annotation, words), needed, meaning, example


def table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _h in head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def sections(language: str) -> dict[str, str]:
    """Every generated table by the name of its mark."""
    from django.utils import translation

    from zijing.outbox.rhythm import known_tasks
    from zijing.people.rights import RIGHTS
    from zijing.records.filters import LABELS

    words = WORDS[language]
    with translation.override(language):
        made = {model.__name__: table(HEADS[language], rows_of(model, language)) for model in models()}
        made["rights"] = table((words["right"], words["what"]), ((f"`{k}`", str(v)) for k, v in RIGHTS.items()))
        made["filters"] = table((words["filter"], words["what"]), ((f"`{k}=`", str(v)) for k, v in LABELS.items()))
    made["tasks"] = table((words["task"],), ((f"`{_written(*task)}`",) for task in sorted(known_tasks().items())))
    return made


def _written(name: str, about: str) -> str:
    """A task as rhythms.csv writes it: what it is about behind a colon."""
    return f"{name}:{about.upper()}" if about else name


def models() -> list[Any]:
    """Everything that a pack may say."""
    from zijing.assessment import definition
    from zijing.packs import choices, kinds, schema

    modules = (choices, kinds, schema, definition)
    said = {m for module in modules for m in vars(module).values() if isinstance(m, type)}
    strict = (choices.Strict, definition.StrictPart)
    return sorted((m for m in said if issubclass(m, strict) and m.model_fields), key=lambda m: m.__name__)


def strangers() -> list[str]:
    """Keys of the schema without a meaning, and meanings of keys that are not there."""
    keys = {(m.__name__, f.serialization_alias or name) for m in models() for name, f in m.model_fields.items()}
    return sorted(".".join(pair) for pair in keys ^ meanings().keys())


def current(language: str) -> str:
    """The document with its generated tables as they should be."""
    made = sections(language)
    text = DOCS[language].read_text(encoding="utf-8")

    def fill(found: re.Match[str]) -> str:
        return f"<!-- {found[1]} -->\n{made.pop(found[1])}\n<!-- /{found[1]} -->"

    filled = re.sub(r"<!-- ([A-Za-z]+) -->\n.*?<!-- /\1 -->", fill, text, flags=re.DOTALL)
    if made:
        raise SystemExit(f"{DOCS[language].name}: no place for {', '.join(made)}")
    return filled


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zijing.config.settings")
    django.setup()
    if unknown := strangers():
        raise SystemExit(f"{MEANINGS.name}: {', '.join(unknown)}")
    match sys.argv[1:]:
        case ["write"]:
            for language, path in DOCS.items():
                path.write_text(current(language), encoding="utf-8")
        case ["check"]:
            stale = [p.name for language, p in DOCS.items() if p.read_text(encoding="utf-8") != current(language)]
            if stale:
                raise SystemExit(f"{', '.join(stale)}: not current; run tools/packs.py write")
        case _:
            raise SystemExit(__doc__)


if __name__ == "__main__":
    main()
