"""Clients that file cases over kept-alive connections; run by the bench with their task as JSON.

Prints one JSON line: the answers by status, the milliseconds each took. With ``acknowledged`` in the task they go on
through every failure, send the same request again until it is answered, and write each id that was acknowledged there.
"""

import http.client
import json
import sys
import threading
import time
import uuid
from collections import Counter
from typing import Any, TextIO

RETRY = 0.1


class Caller(threading.Thread):
    """One client."""

    def __init__(self, task: dict[str, Any], number: int, kept: TextIO | None) -> None:
        super().__init__(daemon=True)
        self.task, self.number, self.kept = task, number, kept
        self.took: list[float] = []
        self.statuses: Counter[int] = Counter()
        self.line = self.connect()

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.task["port"], timeout=60)

    def run(self) -> None:
        until, n = time.monotonic() + self.task["seconds"], 0
        every = self.task["clients"] / self.task["rate"] if self.task["rate"] else 0.0
        due = time.monotonic() + every * self.number / self.task["clients"]
        while time.monotonic() < until:
            n += 1
            if every:
                time.sleep(max(0.0, due - time.monotonic()))
            # Of an open loop the wait behind a late answer counts too: it is measured from when it was due.
            began = due if every else time.monotonic()
            self.file(str(uuid.uuid4()), self.task["grids"][n % len(self.task["grids"])])
            self.took.append((time.monotonic() - began) * 1000)
            due += every

    def file(self, client_id: str, grid: int) -> None:
        values = {"what": "路面塌陷，有积水", "class": "safety"}
        body = json.dumps({"client_id": client_id, "kind": "issue", "values": values, "place": grid})
        while True:
            status = self.send(body)
            self.statuses[status] += 1
            if status == 201 and self.kept:
                self.kept.write(client_id + "\n")
                self.kept.flush()
            if status == 201 or not self.kept:
                return
            time.sleep(RETRY)

    def send(self, body: str) -> int:
        """The status of the answer; 0 when there was none."""
        headers = {"Authorization": f"Bearer {self.task['key']}", "Content-Type": "application/json"}
        try:
            self.line.request("POST", self.task["path"], body.encode(), headers)
            answer = self.line.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            self.line.close()
            self.line = self.connect()
            return 0
        return answer.status


def main() -> None:
    """Call for as long as the task says."""
    task = json.loads(sys.argv[1])
    kept = open(task["acknowledged"], "a") if task.get("acknowledged") else None  # noqa: PTH123, SIM115  # to the end
    callers = [Caller(task, n, kept) for n in range(task["clients"])]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join(task["seconds"] + 120)
    statuses: Counter[int] = sum((c.statuses for c in callers), Counter())
    print(json.dumps({"statuses": dict(statuses), "took": [round(t, 2) for c in callers for t in c.took]}))


if __name__ == "__main__":
    main()
