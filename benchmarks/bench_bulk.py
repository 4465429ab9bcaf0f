"""A bank's batch: rows begun by one worker, steps done together for all of them, and the pages a clerk looks at meanwhile.

Each row becomes an application of its own: the home registry's signed answer, the draft, its form.  Each step done
together goes through the services of a single application, so a row signed is one application signed.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time

import scratch_site
from bench_application import Browser, sign_in
from scratch_site import ScratchSite, line

FIRST_LOOKS = 5


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=200)
    parser.add_argument("--looks", type=int, default=20, help="how often each page is opened")
    chosen = parser.parse_args()
    scratch_site.print_load()
    with scratch_site.scratch_site() as site:
        clerk = json.loads(site.run("province.py", 1, chosen.rows))
        begun = json.loads(site.run("bulk_client.py", "begin", chosen.rows, chosen.rows))
        line(f"a sheet of {chosen.rows} rows read and kept", begun["taken_per_s"], "rows/s")
        line("rows begun, one worker", begun["begun_per_s"], "rows/s")
        ready = json.loads(site.run("bulk_client.py", "prepare", begun["batch"]))
        line(f"identity, papers, inquiry together ({ready['steps']} steps)", ready["per_s"], "rows/s", "of each step")
        with site.web(1) as address:
            browser = Browser(address)
            sign_in(browser, clerk)
            print_pages(browser, begun["batch"], chosen)
            print_first_looks(site, browser, begun["batch"])
        signed = json.loads(site.run("bulk_client.py", "sign", begun["batch"]))
        line("signed together", signed["signed_per_s"], "rows/s")
        line("handed over together", signed["handed_over_per_s"], "rows/s")


def print_pages(browser: Browser, batch: str, chosen: argparse.Namespace) -> None:
    """The pages of the batch while every row is ready to be signed."""
    pages = (("批量申请", "/desk/batches/"), ("one batch", f"/desk/batches/{batch}/"),
             ("一起办", f"/desk/batches/{batch}/together"))  # fmt: skip
    for name, path in pages:
        look_ms(browser, path)  # templates are compiled on the first look
        times = [look_ms(browser, path) for _ in range(chosen.looks)]
        note = f"p99 {scratch_site.percentile(times, 0.99):.0f} ms"
        line(f"{name} over HTTP, {chosen.rows} rows ready to sign", statistics.median(times), "ms", note)


def print_first_looks(site: ScratchSite, browser: Browser, batch: str) -> None:
    """一起办 on another day, when as many rows as one look may check have to be checked; then the rest."""
    path, times = f"/desk/batches/{batch}/together", list[float]()
    for _ in range(FIRST_LOOKS):
        site.run("bulk_client.py", "forget", batch)
        times.append(look_ms(browser, path))
        while "没有核对完" in browser.get(path)[1]:
            pass
    line("the same on another day, a hundred rows checked by the look", statistics.median(times), "ms")


def look_ms(browser: Browser, path: str) -> float:
    began = time.perf_counter()
    status, text = browser.get(path)
    took = 1000 * (time.perf_counter() - began)
    assert status == 200, f"{status}: {text[-2000:]}"
    return took


if __name__ == "__main__":
    sys.exit(main())
