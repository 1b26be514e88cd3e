"""BlendEdu: one design, made once, is the course."""

from blendedu.celery import app as celery_app

__all__ = ["celery_app"]
