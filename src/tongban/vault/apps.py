"""The Django app `vault`."""

from __future__ import annotations

from django.apps import AppConfig


class VaultConfig(AppConfig):
    name = "tongban.vault"
    label = "vault"
