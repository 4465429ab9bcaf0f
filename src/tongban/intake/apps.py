"""Registers the package with Django."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """Label `intake`."""

    name = "tongban.intake"
