"""Registers the package with Django."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Label `desk`."""

    name = "tongban.desk"
