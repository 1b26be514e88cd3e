"""Addresses of the files that belong to activities."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from courses.views import files, materials

if TYPE_CHECKING:
    from django.urls import URLPattern

FILES = "courses/<slug:code>/studio/placements/<int:pk>/files/"

urlpatterns: list[URLPattern] = [
    path(FILES, materials.materials, name="materials"),
    path(f"{FILES}<int:material>/remove/", materials.material_remove, name="material-remove"),
    path(f"{FILES}back/", materials.material_back, name="material-back"),
    path("courses/<slug:code>/material/<int:pk>/", files.material, name="material"),
]
