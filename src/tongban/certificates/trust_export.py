"""The trust file of a site's certificates, signed by the province: what `verify` needs and everybody may have."""

from __future__ import annotations

import base64
import json
from datetime import datetime

from tongban.certificates.seals import registry_seals
from tongban.certificates.trust import FORMAT, authority_wire, signed_part
from tongban.directory import lookup
from tongban.domain.codes import InstitutionKind
from tongban.domain.wires import Wire
from tongban.vault import keys


def trust_bundle(now: datetime) -> bytes:
    """The trust file as JSON, signed with the province's key; raises `Unavailable` where this site has no such key.

    Lists every registry the directory knows with all its keys, past ones too: an old certificate must verify for ever.
    """
    (province,) = lookup.institutions(InstitutionKind.PROVINCE)
    known = (province, *lookup.registries())
    wire: Wire = {
        "format": FORMAT,
        "issued_at": now.isoformat(),
        "issuer": str(province.code),
        "names_zh": {str(one.code): one.name_zh for one in known},
        "keys": keys.export_public(str(one.code) for one in known),
        "authorities": [authority_wire(authority) for authority in registry_seals.authorities()],
        "revoked_seals": {serial: since.isoformat() for serial, since in registry_seals.revoked_seals().items()},
    }
    signed = keys.sign(str(province.code), signed_part(wire), now)
    wire["signature"] = {
        "key_id": signed.key_id,
        "algorithm": signed.algorithm,
        "value": base64.b64encode(signed.value).decode(),
    }
    return json.dumps(wire, ensure_ascii=False, indent=1).encode()
