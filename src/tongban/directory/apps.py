"""Registers the package with Django."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    """Label `directory`."""

    name = "tongban.directory"
