"""The home registry's answer to a window's question: in process, asked and answered on one site, and over signed HTTP.

For the last, two sites with a database each: 郑州 asks on one, 滑县 answers on the other through `/api/exchange`, web
server and durable commits as in service.  Such an exchange has four SM2 signatures and four checks, all on this machine,
and evidence written on both sides.
"""

from __future__ import annotations

import argparse
import statistics
from pathlib import Path

import scratch_site
from scratch_site import ScratchSite, line

FLATS = 2000


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--flats", type=int, default=FLATS)
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--askers", type=int, default=2, help="processes that ask over HTTP")
    parser.add_argument("--threads", type=int, default=4, help="threads of each")
    parser.add_argument("--web", type=int, default=2, help="processes of the answering web server")
    chosen = parser.parse_args()
    scratch_site.print_load()
    with scratch_site.scratch_site() as site:
        site.run("province.py", 1, chosen.flats)
        on_one_site(site, chosen)
    with scratch_site.scratch_site("site-home") as home, scratch_site.scratch_site("site-window") as window:
        between_two(home, window, chosen)


def on_one_site(site: ScratchSite, chosen: argparse.Namespace) -> None:
    for what, name in (
        ("decide", "1 process: facts and burdens of a unit, and the decision"),
        ("answer", "1 process: the whole answer with audit, committed"),
        ("ask", "1 process: asked and answered here, signed twice, kept twice"),
    ):
        show(name, scratch_site.together([site.start_client("check_client.py", what, chosen.flats, chosen.seconds, 1)]))
    decided = [site.start_client("check_client.py", "decide", chosen.flats, chosen.seconds, 1) for _ in range(2)]
    show("2 processes: facts and burdens of a unit, and the decision", scratch_site.together(decided))


def between_two(home: ScratchSite, window: ScratchSite, chosen: argparse.Namespace) -> None:
    with home.web(chosen.web) as address:
        join(home, window, address)
        home.run("check_client.py", "stock", chosen.flats)
        for processes, threads in ((1, 1), (chosen.askers, chosen.threads)):
            clients = [
                window.start_client("check_client.py", "ask", chosen.flats, chosen.seconds, threads)
                for _ in range(processes)
            ]
            name = f"signed HTTP between two sites, {processes} process(es) × {threads} thread(s)"
            show(name, scratch_site.together(clients))


def join(home: ScratchSite, window: ScratchSite, address: str) -> None:
    """The two sites get to know each other as `docs/how-to/run-two-sites.md` says."""
    files = {name: str(Path(window.home) / name) for name in ("home.json", "own.json", "directory", "province-keys")}
    script = "site_joining.py"
    window.run(script, "found", "province-410000", "registry-410100")
    home.run(script, "found", "registry-410526", "court-410526")
    window.run(script, "join", "http://127.0.0.1:9", files["own.json"])
    home.run(script, "join", address, files["home.json"])
    window.run(script, "enrol", files["home.json"])
    window.run(script, "export", files["directory"], files["province-keys"])
    home.run(script, "take_directory", files["directory"], files["province-keys"])
    home.run(script, "befriend")


def show(name: str, results: list[scratch_site.Result]) -> None:
    times = [took for result in results for took in result["times_ms"]]
    note = f"p50 {statistics.median(times):.1f} ms, p99 {scratch_site.percentile(times, 0.99):.1f} ms"
    line(name, sum(result["per_s"] for result in results), "/s", note)


if __name__ == "__main__":
    main()
