"""The second reader against a real server on this machine."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from zijing.commitments.reading import read
from zijing.commitments.reading.second import Model, second_reading

TEXT = "2024年，建成公园3个。小区的路灯，6月底前要亮。"


class Answers(BaseHTTPRequestHandler):
    body = b""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def model() -> Iterator[Model]:
    server = HTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Model(f"http://127.0.0.1:{server.server_port}/v1", "any", timeout=5)
    server.shutdown()
    server.server_close()


def answering(*quotes: str) -> bytes:
    said = {"commitments": [{"quote": q, "title": "路灯", "object": "路灯"} for q in quotes]}
    return json.dumps({"choices": [{"message": {"content": json.dumps(said)}}]}).encode()


def test_what_stands_in_the_text_is_added_and_read_by_our_rules(model: Model) -> None:
    Answers.body = answering("6月底前要亮", "新建医院两座")
    first = read(TEXT)
    found = second_reading(TEXT, model, first)
    assert [TEXT[c.start : c.end] for c in found if c not in first] == ["6月底前要亮"]
    assert [str(c.deadline) for c in found if c not in first] == ["2024-06-30"]


@pytest.mark.parametrize(
    "body", [b"", b"[]", b'{"choices": []}', answering() + b"x", b'{"choices": [{"message": {"content": "5"}}]}']
)
def test_an_answer_that_is_none_adds_nothing(model: Model, body: bytes) -> None:
    Answers.body = body
    first = read(TEXT)
    assert second_reading(TEXT, model, first) == first


def test_a_model_that_is_away_stops_nothing() -> None:
    first = read(TEXT)
    assert second_reading(TEXT, Model("http://127.0.0.1:9/v1", "any", timeout=1), first) == first
