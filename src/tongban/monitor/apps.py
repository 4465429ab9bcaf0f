"""Registers the package with Django."""

from django.apps import AppConfig


class MonitorConfig(AppConfig):
    """Label `monitor`."""

    name = "tongban.monitor"
