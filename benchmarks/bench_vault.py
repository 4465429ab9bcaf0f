"""How many signatures, checks, seals and files a second: bare primitives, then the same through PostgreSQL.

The database part runs in a scratch cluster with durable commits, as the application role.
"""

from __future__ import annotations

import importlib
import shutil
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from psycopg.conninfo import conninfo_to_dict

from tongban.runtime import site_file
from tongban.runtime.postgres import EmbeddedPostgres
from tongban.vault import sm2, sm3, sm4
from tongban.vault.sm2_gmssl import GmsslBackend

SECONDS = 2.0
NOW = datetime(2026, 11, 22, tzinfo=UTC)
OWNER = "registry-410526"
MESSAGE = b"m" * 1024
MIB = 1024 * 1024


def rate(work: Callable[[], object], threads: int = 1) -> float:
    """Calls a second of `work`, by `threads` threads together."""
    counts = [0] * threads
    work()
    ends = time.perf_counter() + SECONDS

    def run(number: int) -> None:
        while time.perf_counter() < ends:
            work()
            counts[number] += 1

    workers = [threading.Thread(target=run, args=(number,)) for number in range(threads)]
    began = time.perf_counter()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return sum(counts) / (time.perf_counter() - began)


def line(name: str, per_second: float, unit: str = "/s") -> None:
    print(f"{name:46} {per_second:10,.0f} {unit}", flush=True)


def primitives() -> None:
    print(f"SM2 by {sm2.backend_name()}; 1 KiB messages")
    for label, backend in (("", sm2), ("gmssl ", GmsslBackend())):
        private_der, public_der = backend.generate()
        private, public = backend.load_private(private_der), backend.load_public(public_der)
        signature, wrapped = private.sign(MESSAGE, sm2.DEFAULT_ID), public.encrypt(b"k" * 16)
        line(f"{label}sign", rate(lambda key=private: key.sign(MESSAGE, sm2.DEFAULT_ID)))
        line(f"{label}verify", rate(lambda key=public, s=signature: key.verify(MESSAGE, s, sm2.DEFAULT_ID)))
        if not label:
            line("verify, two threads", rate(lambda key=public, s=signature: key.verify(MESSAGE, s, sm2.DEFAULT_ID), 2))
        line(f"{label}encrypt a key", rate(lambda key=public: key.encrypt(b"k" * 16)))
        line(f"{label}decrypt a key", rate(lambda key=private, w=wrapped: key.decrypt(w)))
        line(f"{label}generate", rate(backend.generate))
    key, nonce, large = b"k" * 16, b"n" * 12, b"x" * (4 * MIB)
    line("SM3 of 1 KiB", rate(lambda: sm3.sm3(MESSAGE)))
    line("SM3 of 4 MiB", 4 * rate(lambda: sm3.sm3(large)), "MiB/s")
    line("HMAC-SM3 of 1 KiB", rate(lambda: sm3.hmac_sm3(key, MESSAGE)))
    line("SM4-GCM seal of 1 KiB", rate(lambda: sm4.encrypt(key, nonce, MESSAGE, b"")))
    line("SM4-GCM seal of 4 MiB", 4 * rate(lambda: sm4.encrypt(key, nonce, large, b"")), "MiB/s")


def services() -> None:
    blobs, keys, seal = (importlib.import_module(f"tongban.vault.{name}") for name in ("blobs", "keys", "seal"))
    print("\nthrough the services (keys cached, one query where one is needed)")
    keys.create_key(OWNER, NOW)
    signed = keys.sign(OWNER, MESSAGE, NOW)
    token, envelope = seal.seal(b"410526199001011234", "bench"), keys.encrypt_for(OWNER, MESSAGE)
    line("keys.sign", rate(lambda: keys.sign(OWNER, MESSAGE, NOW)))
    line(
        "keys.check",
        rate(lambda: keys.check(OWNER, signed.key_id, signed.algorithm, MESSAGE, signed.value, NOW)),
    )
    line("keys.encrypt_for 1 KiB", rate(lambda: keys.encrypt_for(OWNER, MESSAGE)))
    line("keys.decrypt_as 1 KiB", rate(lambda: keys.decrypt_as(OWNER, envelope)))
    line("seal.seal an identity number", rate(lambda: seal.seal(b"410526199001011234", "bench")))
    line("seal.unseal it", rate(lambda: seal.unseal(token, "bench")))
    line("seal.blind_index", rate(lambda: seal.blind_index("410526199001011234", "bench")))
    numbers = iter(range(10**9))
    scan = b"s" * (2 * MIB)

    def store() -> None:
        with transaction.atomic():
            blobs.store(OWNER, next(numbers).to_bytes(8, "big") + scan, "scan.jpg", "image/jpeg")

    line("blobs.store a 2 MiB scan", rate(store))
    digest = blobs.store(OWNER, scan, "scan.jpg", "image/jpeg").digest
    line("blobs.read a 2 MiB scan", rate(lambda: blobs.read(OWNER, digest)))


def database(url: str) -> dict[str, object]:
    parts = conninfo_to_dict(url)
    names = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    found = {ours: str(parts.get(theirs, "")) for ours, theirs in names.items()}
    return {"ENGINE": "django.db.backends.postgresql", "CONN_MAX_AGE": None, **found}


def main() -> None:
    home = Path(tempfile.mkdtemp(prefix="tongban-bench-"))
    home.chmod(0o755)
    site = site_file.ensure(home, "bench")
    server = EmbeddedPostgres(home, site)
    server.start()
    try:
        server.prepare()
        settings.configure(
            INSTALLED_APPS=["tongban.vault"],
            DATABASES={role: database(site.database_url(name, home)) for role, name in ROLES.items()},
            DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
            USE_TZ=True,
            TIME_ZONE="Asia/Shanghai",
            TONGBAN_KEYS_DIR=home / "keys",
            TONGBAN_KEY_PROVIDER="tongban.vault.keys.FileKeyProvider",
            TONGBAN_MASTER_KEYS=site.master_keys,
            TONGBAN_MASTER_KEY_CURRENT=site.master_key_current,
            TONGBAN_INDEX_KEY=site.index_key,
        )
        django.setup()
        call_command("migrate", database="owner", verbosity=0)
        primitives()
        services()
    finally:
        server.stop("immediate")
        shutil.rmtree(home)
        shutil.rmtree(site_file.socket_dir(home), ignore_errors=True)


ROLES = {"default": "app", "owner": "owner"}

if __name__ == "__main__":
    main()
