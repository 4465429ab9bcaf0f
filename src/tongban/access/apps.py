"""Registers the package with Django."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Label `access`."""

    name = "tongban.access"
