"""Registers the package with Django."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Label `portal`."""

    name = "tongban.portal"
