"""Addresses of the list of courses and of their front pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from courses.views import overview

if TYPE_CHECKING:
    from django.urls import URLPattern

urlpatterns: list[URLPattern] = [
    path("courses/", overview.course_list, name="list"),
    path("courses/<slug:code>/", overview.overview, name="overview"),
]
