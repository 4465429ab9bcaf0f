"""Django's side of `bench_application`: what a clerk types about every flat, and `opening.begin` under threads."""

from __future__ import annotations

import cProfile
import json
import secrets
import sys
import threading
import time

from django.db import connection

import province  # sets Django up
from tongban.cli import stage


def typed(count: int) -> list[dict[str, str]]:
    """What stands on the certificates of 滑县's flats."""
    return [
        {
            "unit_code": flat.unit_code,
            "certificate_no": flat.title.certificate_no,
            "holder_name": flat.holder.name,
            "holder_id_no": flat.holder.id_no,
        }
        for flat in province.flats(stage.HUAXIAN, count)
    ]


def begin(count: int, threads: int, seconds: float, profile: str = "") -> dict[str, object]:
    """Applications a second by `threads` threads of this process, each with a connection of its own."""
    flats, times = province.flats(stage.HUAXIAN, count), list[float]()
    province.begin(flats[0], secrets.token_hex(16))
    watch = cProfile.Profile()
    end = time.perf_counter() + seconds

    def run(number: int) -> None:
        turn = number
        while time.perf_counter() < end:
            began = time.perf_counter()
            province.begin(flats[turn % count], secrets.token_hex(16))
            times.append(1000 * (time.perf_counter() - began))
            turn += threads
        connection.close()

    began = time.perf_counter()
    if profile:
        watch.runcall(run, 0)
        watch.dump_stats(profile)
    else:
        workers = [threading.Thread(target=run, args=(number,)) for number in range(threads)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    return {"per_s": len(times) / (time.perf_counter() - began), "times_ms": times}


if __name__ == "__main__":
    if sys.argv[1] == "flats":
        print(json.dumps(typed(int(sys.argv[2])), ensure_ascii=False))
    else:
        print(json.dumps(begin(int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]), *sys.argv[5:])))
