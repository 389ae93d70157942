"""How synthetic records say that they are."""

MARK = "演示合成"


def marked(text: str, limit: int = 120) -> str:
    """``text`` saying that it is synthetic, within ``limit`` characters."""
    return text if "合成" in text else f"{text[: limit - len(MARK) - 2]}（{MARK}）"
