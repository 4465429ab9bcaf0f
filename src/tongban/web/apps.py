"""Registers the design system with Django; it has templates, static files and tags, and no tables."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The application `web`."""

    name = "tongban.web"
    label = "web"
    verbose_name = "界面"
