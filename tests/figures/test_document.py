"""``docs/figures.md`` says what the packs and the code say."""

import importlib.util
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_document_is_current() -> None:
    spec = importlib.util.spec_from_file_location("figures_tool", ROOT / "tools" / "figures.py")
    assert spec is not None and spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    text = tool.document()
    assert (ROOT / "docs" / "figures.md").read_text(encoding="utf-8") == text, "Run: python tools/figures.py write"
    assert text.count("| `") >= 40
