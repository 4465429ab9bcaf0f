"""Whole ordinary cases: hand-over → received → accepted → reviewed twice → recorded → SM2-signed licence payload.

Officers of several registries work in processes of their own, `tongban worker` processes carry the messages, sign the
heads of the registers and the licences, all with durable commits.  Applications are filled before the clock starts; it
stops when every licence is signed and every case certified.  Sealing PDF files and the audit trail goes on beside it
only with `--everything`.
"""

from __future__ import annotations

import argparse
import time

import scratch_site
from scratch_site import ScratchSite, line

LEFT_OUT = "seal certificate files"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--registries", type=int, default=8)
    parser.add_argument("--cases", type=int, default=40, help="of each registry")
    parser.add_argument("--officers", type=int, default=2, help="processes in which the officers work")
    parser.add_argument("--workers", type=int, default=2, help="`tongban worker` processes")
    parser.add_argument("--everything", action="store_true", help="let the workers seal PDF files, too")
    parser.add_argument("--profile", default="", help="write what the first client spends its time on to this file")
    chosen = parser.parse_args()
    scratch_site.print_load()
    with scratch_site.scratch_site() as site:
        site.run("province.py", chosen.registries, chosen.cases)
        measure(site, chosen)


def measure(site: ScratchSite, chosen: argparse.Namespace) -> None:
    words = (chosen.registries, chosen.cases, chosen.officers)
    clients = [
        site.start_client("case_client.py", *words, index, chosen.profile if index == 0 else "")
        for index in range(chosen.officers)
    ]
    only = () if chosen.everything else tuple(word for name in duties(site) for word in ("--only", name))
    with site.workers(chosen.workers, *only):
        time.sleep(1)
        results = scratch_site.together(clients)
    began = min(result["began"] for result in results)
    ended = max(result["ended"] for result in results)
    cases = sum(result["cases"] for result in results)
    moves = [took for result in results for took in result["moves_ms"]]
    line(f"{cases} cases of {chosen.registries} registries, whole", cases / (ended - began), "cases/s")
    line("  filled beforehand: begin, fill, sign, per process", results[0]["filled_per_s"], "cases/s")
    line("  hand-over, p50", scratch_site.percentile([ms for one in results for ms in one["hand_overs_ms"]], 0.5), "ms")
    line("  one move of an officer, p50", scratch_site.percentile(moves, 0.5), "ms")
    line("  one move of an officer, p99", scratch_site.percentile(moves, 0.99), "ms")
    recordings = [took for result in results for took in result["recordings_ms"]]
    line("  recording, p50", scratch_site.percentile(recordings, 0.5), "ms")
    line("  recording, p99", scratch_site.percentile(recordings, 0.99), "ms")
    through = [took for result in results for took in result["through_s"]]
    line("  one case from hand-over to certified, p50 under this load", scratch_site.percentile(through, 0.5), "s")


def duties(site: ScratchSite) -> list[str]:
    """Every duty but the one that makes PDF files."""
    return [name for name in site.run("duty_names.py").splitlines() if name != LEFT_OUT]


if __name__ == "__main__":
    main()
