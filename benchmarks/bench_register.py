"""How fast the register records, reads, seals and verifies, beside bare PostgreSQL in the same run.

A scratch cluster with durable commits, the application role, sixteen ledgers.
Clients are processes of their own; all of a run start together.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import reference

from tongban.runtime import site_file
from tongban.runtime.postgres import EmbeddedPostgres

SECONDS = 6.0
CLIENT = Path(__file__).with_name("register_client.py")


def clients(number: int, what: str, url: str = "-", seconds: float = SECONDS) -> float:
    """What `number` clients do together in a second."""
    processes = [
        subprocess.Popen(
            [sys.executable, str(CLIENT), what, str(index), str(number), str(seconds), url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for index in range(number)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n", "a client did not get ready"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    return sum(float(process.communicate()[0]) for process in processes)


def line(name: str, figure: float, unit: str = "/s", beside: float = 0.0) -> None:
    ratio = f"{figure / beside:8.0%} of bare PostgreSQL" if beside else ""
    print(f"{name:52} {figure:10,.0f} {unit:10}{ratio}", flush=True)


def measure(url: str) -> None:
    """Every figure in turn, the product's right behind the reference's."""
    print("load average of the machine before: {:.1f}, {:.1f}, {:.1f}".format(*os.getloadavg()))
    reference.prepare(url)
    line("stock titles recorded, one client", clients(1, "load"), "titles/s")
    for number in (1, 8):
        bare = clients(number, "reference", url)
        line(f"{number} client(s): one recording in bare PostgreSQL", bare)
        line(f"{number} client(s): book.record of a name change", clients(number, "record"), beside=bare)
    line("8 client(s): lock, draw a number, book.record", clients(8, "record_with_number"), beside=bare)
    line("8 client(s): book.note_order", clients(8, "note"))
    bare = clients(1, "look_up", url)
    line("1 client: look-up in bare PostgreSQL", bare)
    line("1 client: reading.burdens", clients(1, "burdens"), beside=bare)
    line("1 client: reading.burdens and decide", clients(1, "check"), beside=bare)
    line("2 clients: reading.burdens and decide", clients(2, "check"))
    line("1 client: burdens of 100 units in one call", 100 * clients(1, "hundred"), "units/s")
    line("1 client: reading.title, names unsealed", clients(1, "title"))
    line("sealing", clients(1, "seal"), "entries/s")
    line("1 client: sealing.inclusion_proof", clients(1, "proof"))
    line("verification of everything", clients(1, "verify"), "entries/s")


def main() -> None:
    home = Path(tempfile.mkdtemp(prefix="tongban-bench-"))
    home.chmod(0o755)
    os.environ |= {"TONGBAN_HOME": str(home), "DJANGO_SETTINGS_MODULE": "tongban.config.settings"}
    site = site_file.ensure(home, "bench")
    server = EmbeddedPostgres(home, site)
    server.start()
    try:
        server.prepare()
        owner = {**os.environ, "TONGBAN_DATABASE_ROLE": "owner"}
        migrate = [sys.executable, "-m", "tongban.cli.main", "migrate"]
        subprocess.run(migrate, check=True, stdout=subprocess.DEVNULL, env=owner)
        measure(site.database_url("owner", home))
    finally:
        server.stop("immediate")
        shutil.rmtree(home)
        shutil.rmtree(site_file.socket_dir(home))


if __name__ == "__main__":
    main()
