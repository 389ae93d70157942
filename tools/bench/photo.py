"""What a photo of 5 MB takes: ``python tools/bench/photo.py [TIMES]``, on SQLite and on PostgreSQL.

One client files cases with a photo of 12 million pixels inside the JSON, then adds such photos to a case by their own
address, each photo another one. Printed: CPU milliseconds of all the server's processes, and milliseconds by the clock.
The aim is less than a second of the server's time.
"""

import base64
import http.client
import json
import sys
import time
import uuid
from collections.abc import Callable
from functools import partial
from io import BytesIO
from typing import Any

import measuring
from installation import Installation, databases, installation, machine
from PIL import Image

PIXELS, QUALITY, WARM_UP = (4000, 3000), 81, 2
Sent = tuple[str, bytes]


def scene() -> Image.Image:
    """As much detail as makes a phone's photo 5 MB large."""
    grain = Image.effect_noise((1600, 1200), 60)
    bands = (grain, grain.rotate(180), grain.transpose(Image.Transpose.FLIP_LEFT_RIGHT))
    return Image.merge("RGB", bands).resize(PIXELS)


def photo(of: Image.Image, number: int) -> bytes:
    """The scene with something else in the middle of it."""
    of.paste(Image.effect_noise((400, 400), number + 1).convert("RGB"), (1800, 1300))
    out = BytesIO()
    of.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def filing(made: Installation, content: bytes) -> Sent:
    """A case that is filed with a photo."""
    body = {
        "client_id": str(uuid.uuid4()), "kind": "issue", "place": made.grids[0],
        "values": {"what": "路面塌陷，有积水", "class": "safety"},
        "files": {"photo": base64.b64encode(content).decode()},
    }  # fmt: skip
    return "/api/v1/cases", json.dumps(body).encode()


def adding(address: str, content: bytes) -> Sent:
    """A photo for a case that stands."""
    return address, content


def send(made: Installation, line: http.client.HTTPConnection, sent: Sent) -> dict[str, Any]:
    """The answer to what was sent, which must be accepted."""
    headers = {"Authorization": f"Bearer {made.key}", "Content-Type": "application/json"}
    line.request("POST", *sent, headers)
    answer = line.getresponse()
    said = answer.read()
    if answer.status != 201:
        sys.exit(f"{answer.status} {said.decode()}")
    return dict(json.loads(said))


def measure(made: Installation, times: int, written: Callable[[bytes], Sent]) -> dict[str, Any]:
    """Send so many photos one after the other; the first few are not counted."""
    line = http.client.HTTPConnection("127.0.0.1", made.port, timeout=60)
    of, took, spent, size = scene(), [], 0.0, 0
    for n in range(times + WARM_UP):
        content = photo(of, n)
        sent = written(content)
        before, began = made.cpu_seconds(), time.monotonic()
        send(made, line, sent)
        if n >= WARM_UP:
            took.append((time.monotonic() - began) * 1000)
            spent, size = spent + made.cpu_seconds() - before, size + len(content)
    return {
        "photos": times, "megabytes": round(size / times / 1e6, 1), "server_cpu_ms": round(spent * 1000 / times),
        "p50_ms": round(measuring.percentile(took, 0.5)), "p99_ms": round(measuring.percentile(took, 0.99)),
        "load": round(measuring.os.getloadavg()[0], 1),
    }  # fmt: skip


def main() -> None:
    """Print a line for each database and way."""
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    for database in databases():
        with installation(database) as made:
            measuring.say("machine", **machine(made))
            line = http.client.HTTPConnection("127.0.0.1", made.port, timeout=60)
            case = send(made, line, filing(made, photo(scene(), 0)))
            for what, written in {
                "a case with a photo": partial(filing, made),
                "a photo to a case": partial(adding, f"/api/v1/records/case/{case['id']}/files?part=near"),
            }.items():
                measuring.say(what, database=database, clients=1, **measure(made, times, written))


if __name__ == "__main__":
    main()
