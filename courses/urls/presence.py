"""Addresses of working together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from courses.views import presence

if TYPE_CHECKING:
    from django.urls import URLPattern

STUDIO = "courses/<slug:code>/studio/"

urlpatterns: list[URLPattern] = [
    path(f"{STUDIO}here/", presence.here, name="here"),
    path(f"{STUDIO}board/", presence.board, name="board"),
    path(f"{STUDIO}placements/<int:pk>/lock/", presence.card_lock, name="card-lock"),
]
