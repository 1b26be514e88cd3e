"""Addresses of storyboard sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from courses.views import storyboards

if TYPE_CHECKING:
    from django.urls import URLPattern

STORYBOARD = "courses/<slug:code>/storyboard/"

urlpatterns: list[URLPattern] = [
    path(STORYBOARD, storyboards.storyboard, name="storyboard"),
    path(f"{STORYBOARD}start/", storyboards.storyboard_start, name="storyboard-start"),
    path(f"{STORYBOARD}<int:pk>/cards/", storyboards.storyboard_cards, name="storyboard-cards"),
    path(f"{STORYBOARD}<int:pk>/add/", storyboards.storyboard_add, name="storyboard-add"),
    path(f"{STORYBOARD}<int:pk>/lead/", storyboards.storyboard_lead, name="storyboard-lead"),
]
