"""What one sealed certificate costs: code, typesetting, seal, verification; no database, one process.

Wall time says what a page waits for, processor time what a core can do, whatever else the machine is at.
"""

from __future__ import annotations

import resource
import statistics
import time
from collections.abc import Callable
from dataclasses import replace

from tests.certificate_samples import CONTENT, NOW, World

from tongban.certificates import qr_text
from tongban.certificates.payload import Payload
from tongban.certificates.seals import pdf_check
from tongban.certificates.seals.pdf_seal import seal_pdf
from tongban.certificates.typeset.contents import document_of
from tongban.certificates.typeset.rendering import render
from tongban.certificates.verify import verify_payload, verify_pdf

ROUNDS = 40


def measure(name: str, work: Callable[[int], object]) -> float:
    """Print the median of wall and processor time; gives the latter, in milliseconds."""
    walls, processor = [], []
    work(-1)
    for number in range(ROUNDS):
        wall, used = time.perf_counter(), time.process_time()
        work(number)
        walls.append(time.perf_counter() - wall)
        processor.append(time.process_time() - used)
    own = statistics.median(processor) * 1000
    print(f"{name:<44} {statistics.median(walls) * 1000:8.1f} ms wall {own:8.1f} ms processor")
    return own


def main() -> None:
    """Measure every step with new data each time, as in service."""
    world = World(size=2**17, seq=99_999)
    trust, seal = world.trust(), world.seal()
    attachments = []
    for number in range(-1, ROUNDS):
        opening = world.opening(holders_zh=f"王小丽{number}")
        packed = world.packed(replace(world.payload(opening), issued_at=f"2026-11-22T09:03:{number % 60:02d}+00:00"))
        attachments.append(world.attachment(packed, opening))
    documents = [document_of(one, Payload.parse(one.payload)) for one in attachments]
    began = time.process_time()
    render(documents[0])
    print(f"first page of a process (fonts, template): {(time.process_time() - began) * 1000:.0f} ms processor")
    pages = [render(one) for one in documents]
    files = [seal_pdf(page, seal, now=NOW) for page in pages]

    data = world.payload().to_bytes()
    measure("SM2 signature of the payload", lambda number: world.registry.sign(data))
    code = measure("QR code drawn", lambda number: qr_text.draw(attachments[number].code))
    typeset = measure("typst", lambda number: render(documents[number]))
    sealed = measure("PAdES seal", lambda number: seal_pdf(pages[number], seal, now=NOW))
    measure("verify: seal over the raw bytes", lambda number: pdf_check.open_seal(files[number]))
    measure("verify: everything, typeset again", lambda number: verify_pdf(files[number], trust))
    measure("verify: scanned code", lambda number: verify_payload(attachments[number].code, trust))
    whole = code + typeset + sealed
    print(f"one sealed file: {whole:.0f} ms processor, so {1000 / whole:.1f} a second and core")
    text = attachments[0].code
    print(f"code in a register of 2^17 entries: {len(text)} characters, version {qr_text.draw(text)[1]}, ", end="")
    print(f"{qr_text.modules(text)} modules, {40 / qr_text.modules(text):.3f} mm each at 40 mm")
    print(f"file: {len(files[0]) / 1024:.0f} KiB for {len(str(CONTENT))} characters of content")
    print(f"memory at its highest: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


if __name__ == "__main__":
    main()
