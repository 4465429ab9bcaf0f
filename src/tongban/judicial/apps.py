"""Registers the package with Django."""

from django.apps import AppConfig


class JudicialConfig(AppConfig):
    """Label `judicial`."""

    name = "tongban.judicial"
