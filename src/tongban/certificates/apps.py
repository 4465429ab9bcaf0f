"""Registers the package with Django."""

from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    """Label `certificates`."""

    name = "tongban.certificates"
