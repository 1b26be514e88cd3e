"""Addresses of the outcomes of a design."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from courses.views import outcomes

if TYPE_CHECKING:
    from django.urls import URLPattern

urlpatterns: list[URLPattern] = [
    path("courses/<slug:code>/outcomes/", outcomes.outcomes, name="outcomes"),
    path("courses/<slug:code>/outcomes/add/", outcomes.outcome_add, name="outcome-add"),
    path("courses/<slug:code>/outcomes/verb/", outcomes.outcome_verb, name="outcome-verb"),
    path("courses/<slug:code>/outcomes/align/", outcomes.outcome_align, name="outcome-align"),
    path("courses/<slug:code>/outcomes/<int:pk>/edit/", outcomes.outcome_edit, name="outcome-edit"),
    path("courses/<slug:code>/outcomes/<int:pk>/remove/", outcomes.outcome_remove, name="outcome-remove"),
    path("courses/<slug:code>/outcomes/<int:pk>/move/", outcomes.outcome_move, name="outcome-move"),
]
