"""Registers the package with Django."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Label `exchange`."""

    name = "tongban.exchange"
