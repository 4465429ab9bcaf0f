"""What a signature is under: the form, the people, the inquiry and the pledge of one application, in one digest."""

from __future__ import annotations

from tongban.domain.canonical import canonical_json
from tongban.domain.catalogue import CATALOGUE
from tongban.intake.models import Application
from tongban.vault.sm3 import sm3_hex


def digest(application: Application) -> str:
    """SM3 of the content the applicants see before they sign; any change of it asks for fresh signatures."""
    item = CATALOGUE[application.item_number]
    return sm3_hex(
        canonical_json(
            {
                "application_no": application.number,
                "item": application.item_number,
                "unit": application.unit_code,
                "form": application.form,
                "inquiry": application.inquiry,
                "pledge": item.pledge_zh,
                "parties": [[party.role, party.name, party.id_no] for party in application.parties.all()],
            }
        )
    )
