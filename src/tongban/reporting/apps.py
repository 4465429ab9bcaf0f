"""Registers the package with Django."""

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    """Label `reporting`."""

    name = "tongban.reporting"
