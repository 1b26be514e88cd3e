"""Addresses of the learning environments of a design and of what connects them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from courses.views import environments, undoing
from courses.views.studio import links

if TYPE_CHECKING:
    from django.urls import URLPattern

PAGE = "courses/<slug:code>/environments/"
CARD = "courses/<slug:code>/studio/placements/<int:pk>/"

urlpatterns: list[URLPattern] = [
    path(PAGE, environments.environments, name="environments"),
    path(f"{PAGE}answers/", environments.environments_answer, name="environments-answer"),
    path(f"{PAGE}links/add/", environments.link_add, name="link-add"),
    path(f"{PAGE}links/<int:pk>/edit/", environments.link_edit, name="link-edit"),
    path(f"{PAGE}links/<int:pk>/remove/", environments.link_remove, name="link-remove"),
    path(f"{CARD}links/", links.placement_links, name="placement-links"),
    path(f"{CARD}links/<int:link>/remove/", links.placement_link_remove, name="placement-link-remove"),
    # Taking steps back, from any of the pages about a design beside the Studio.
    path("courses/<slug:code>/<slug:page>/undo/", undoing.step_undo, name="step-undo"),
    path("courses/<slug:code>/<slug:page>/redo/", undoing.step_redo, name="step-redo"),
]
