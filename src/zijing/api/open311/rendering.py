"""An answer in both formats: XML without a namespace, and JSON by the Spark convention (lists bare, empty is null)."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from django.http import HttpResponse

TYPES = {"xml": "text/xml; charset=utf-8", "json": "application/json; charset=utf-8"}
# The element of each list, by the list's name.
SINGLE = {
    "services": "service", "attributes": "attribute", "values": "value", "service_requests": "request",
    "errors": "error", "endpoints": "endpoint", "formats": "format",
}  # fmt: skip
# What XML 1.0 cannot hold (its production 2).
UNFIT = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def answer(root: str, content: Any, form: str, *, status: int = 200) -> HttpResponse:
    """``content`` under its root element, or as bare JSON."""
    text = as_json(content) if form == "json" else as_xml(root, content)
    response = HttpResponse(text.encode(), content_type=TYPES[form], status=status)
    response.headers["Cache-Control"] = "no-cache"
    return response


def as_json(content: Any) -> str:
    """JSON whose Chinese can be read; what is empty is null."""
    return json.dumps(_nulled(content), ensure_ascii=False)


def _nulled(content: Any) -> Any:
    if isinstance(content, Mapping):
        return {name: _nulled(value) for name, value in content.items()}
    if isinstance(content, str):
        return content or None
    return [_nulled(part) for part in content] if isinstance(content, Sequence) else content


def as_xml(root: str, content: Any) -> str:
    """XML with its declaration; an empty value is an empty element."""
    element = Element(root)
    _fill(element, root, content)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(element, encoding="unicode")


def _fill(element: Element, name: str, content: Any) -> None:
    if isinstance(content, Mapping):
        for key, value in content.items():
            _fill(SubElement(element, key), key, value)
    elif isinstance(content, Sequence) and not isinstance(content, str):
        for part in content:
            _fill(SubElement(element, SINGLE[name]), SINGLE[name], part)
    elif content not in (None, ""):
        element.text = UNFIT.sub("", str(content).lower() if isinstance(content, bool) else str(content))
