"""A throw-away PostgreSQL on loopback for tests: ``start FOLDER`` prints its address, ``stop FOLDER`` ends it."""

import os
import pwd
import shutil
import socket
import subprocess
import sys
from pathlib import Path


def binaries() -> Path:
    """The folder of initdb and pg_ctl, the newest version if there are several."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    if on_path is None:
        sys.exit("PostgreSQL is not installed.")
    return Path(on_path).resolve().parent


def as_server(folder: Path) -> list[str]:
    """How to run a command as a user PostgreSQL accepts: it refuses root."""
    if os.geteuid() != 0:
        return []
    try:
        user = pwd.getpwnam("postgres").pw_name
    except KeyError:  # installed by other means than a package
        user = "nobody"
    shutil.chown(folder, user)
    return ["runuser", "-u", user, "--"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(folder: Path, *, durable: bool = False) -> str:
    """Make a cluster in ``folder`` and start it; returns the address of its database. Only a durable one is safe."""
    init = [str(binaries() / "initdb"), "-D", "data", "-U", "zijing", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"]
    subprocess.run([*as_server(folder), *init], check=True, stdout=subprocess.DEVNULL, cwd=folder)
    port = free_port()
    begin(folder, port, durable=durable)
    return f"postgres://zijing@127.0.0.1:{port}/postgres"


def begin(folder: Path, port: int, *, durable: bool = False) -> None:
    """Start the cluster in ``folder``, also one that was killed."""
    unsafe = "" if durable else " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    options = (
        f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c max_connections=300{unsafe}"
    )
    control = [str(binaries() / "pg_ctl"), "-D", str(folder / "data"), "-w", "-l", str(folder / "log"), "-o", options]
    subprocess.run([*as_server(folder), *control, "start"], check=True, stdout=subprocess.DEVNULL, cwd=folder)


def stop(folder: Path) -> None:
    """Stop the cluster and remove it."""
    control = [str(binaries() / "pg_ctl"), "-D", str(folder / "data"), "-m", "immediate", "stop"]
    subprocess.run([*as_server(folder), *control], stdout=subprocess.DEVNULL, cwd=folder, check=False)
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["start", place]:
            print(start(Path(place)))
        case ["stop", place]:
            stop(Path(place))
        case _:
            sys.exit(__doc__)
