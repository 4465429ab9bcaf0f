"""Whose settings a page of the administrators shows, when somebody manages more than one registry."""

from __future__ import annotations

from django.http import HttpRequest

from tongban.access.actors import Actor
from tongban.access.permissions import Permission
from tongban.access.require import institutions_for
from tongban.monitor import forms


def registry_chosen(request: HttpRequest, actor: Actor, permission: Permission) -> tuple[str, forms.RegistryChoice]:
    """The registry asked for, else the actor's first, and the choice among those the permission reaches.

    Asking for another's registry gives that registry: the caller's `require` refuses and audits it.
    """
    own, known = institutions_for(actor, permission), forms.registry_choices()
    offered = [one for one in known if own is None or one[0] in own]
    asked = request.GET.get("registry", "")
    chosen = asked if asked in dict(known) else (offered or known)[0][0]
    return chosen, forms.RegistryChoice(offered, chosen)
