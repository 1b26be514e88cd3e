"""Addresses of findings, of answers to them and of the limits that a course sets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from courses.views import findings, limits

if TYPE_CHECKING:
    from django.urls import URLPattern

urlpatterns: list[URLPattern] = [
    path("courses/<slug:code>/findings/", findings.findings, name="findings"),
    path("courses/<slug:code>/findings/<slug:rule>/answer/", findings.finding_answer, name="finding-answer"),
    path(
        "courses/<slug:code>/findings/<slug:rule>/withdraw/",
        findings.finding_answer_withdraw,
        name="finding-answer-withdraw",
    ),
    path("courses/<slug:code>/rules/", limits.limits, name="limits"),
    path("courses/<slug:code>/rules/<slug:rule>/", limits.limit, name="limit"),
]
