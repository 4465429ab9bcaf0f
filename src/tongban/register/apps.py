"""Registers the package with Django."""

from django.apps import AppConfig


class RegisterConfig(AppConfig):
    """Label `register`."""

    name = "tongban.register"
