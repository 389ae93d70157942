"""Child processes that never outlive their parent."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence

PR_SET_PDEATHSIG = 1
PATIENCE = 15.0


def die_with_parent(signum: int = signal.SIGTERM, parent: int = 0) -> None:
    """Ask the kernel (Linux) to send this process ``signum`` when the one that started it is gone, however it went.

    ``parent`` is that one's id where it is known: it may be gone before this process could ask.
    """
    if sys.platform != "linux":
        return
    parent = parent or os.getppid()
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signum, 0, 0, 0)
    if os.getppid() != parent:
        os.kill(os.getpid(), signum)


def start(command: Sequence[str]) -> "subprocess.Popen[bytes]":
    """Start ``command`` in a session of its own, so that Ctrl-C reaches only the parent, which stops it in order."""
    # The parent has no other thread yet, and the child only asks the kernel for one thing.
    return subprocess.Popen(command, start_new_session=True, preexec_fn=die_with_parent)  # noqa: PLW1509


def stop(children: Sequence["subprocess.Popen[bytes]"]) -> None:
    """Ask all to end, wait, and end those that do not listen."""
    for child in children:
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + PATIENCE
    for child in children:
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
