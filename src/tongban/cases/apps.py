"""Registers the package with Django."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Label `cases`."""

    name = "tongban.cases"
