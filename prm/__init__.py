"""Wiring of the project: settings, URLs, Celery. Imported by nobody."""

from prm.celery import app as celery_app

__all__ = ["celery_app"]
