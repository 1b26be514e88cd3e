"""Addresses of what students do: their week and their activities."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from courses.views import activity, week

if TYPE_CHECKING:
    from django.urls import URLPattern

urlpatterns: list[URLPattern] = [
    path("week/", week.week, name="week"),
    path("courses/<slug:code>/do/<int:pk>/question/", week.class_question, name="class-question"),
    path("courses/<slug:code>/do/<int:pk>/took/", activity.time_report, name="time-report"),
    path("courses/<slug:code>/do/<int:pk>/", activity.activity, name="activity"),
    path("courses/<slug:code>/do/<int:pk>/<slug:action>/", activity.activity_act, name="activity-act"),
]
