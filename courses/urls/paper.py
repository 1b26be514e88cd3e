"""Addresses of what is printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from courses.views import paper

if TYPE_CHECKING:
    from django.urls import URLPattern

urlpatterns: list[URLPattern] = [
    path("courses/<slug:code>/paper/", paper.paper, name="paper"),
    path("courses/<slug:code>/runs/<int:pk>/guide/", paper.course_guide, name="course-guide"),
]
