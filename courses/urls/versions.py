"""Addresses of the versions of a course."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from courses.views import versions

if TYPE_CHECKING:
    from django.urls import URLPattern

VERSIONS = "courses/<slug:code>/versions/"

urlpatterns: list[URLPattern] = [
    path(VERSIONS, versions.versions, name="versions"),
    path(f"{VERSIONS}compare/", versions.version_compare, name="version-compare"),
    path(f"{VERSIONS}<int:number>/restore/", versions.version_restore, name="version-restore"),
]
