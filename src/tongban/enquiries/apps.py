"""Registers the package with Django."""

from django.apps import AppConfig


class EnquiriesConfig(AppConfig):
    """Label `enquiries`."""

    name = "tongban.enquiries"
