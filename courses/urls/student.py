"""Addresses of what students do: their week and their activities."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from courses.views import activity

if TYPE_CHECKING:
    from django.urls import URLPattern

urlpatterns: list[URLPattern] = [
    path("courses/<slug:code>/do/<int:pk>/", activity.activity, name="activity"),
    path("courses/<slug:code>/do/<int:pk>/<slug:action>/", activity.activity_act, name="activity-act"),
]
