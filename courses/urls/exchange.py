"""Addresses of starting points and exchange: imports, exports, patterns, copies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from courses.views import exchange, likeness, starting

if TYPE_CHECKING:
    from django.urls import URLPattern

COURSE = "courses/<slug:code>/"
PATTERN = "patterns/<uuid:key>/"
IMPORT = f"{COURSE}imports/<int:pk>/"

urlpatterns: list[URLPattern] = [
    path(f"{COURSE}designs/<int:number>/export/<slug:kind>/", exchange.design_export, name="design-export"),
    path(f"{COURSE}imports/", exchange.design_import, name="design-import"),
    path(f"{COURSE}imports/paste/", exchange.table_paste, name="table-paste"),
    path(IMPORT, exchange.import_page, name="import"),
    path(f"{IMPORT}columns/", exchange.import_columns, name="import-columns"),
    path(f"{IMPORT}take/", exchange.import_take, name="import-take"),
    path(f"{COURSE}patterns/", starting.patterns, name="patterns-of-course"),
    path(f"{COURSE}patterns/compare/", likeness.pattern_compare, name="pattern-compare"),
    path(f"{COURSE}{PATTERN}", starting.pattern_insert, name="pattern-insert"),
    path(f"{COURSE}designs/<int:number>/share/", starting.pattern_share, name="pattern-share"),
    path(f"{COURSE}copy/", starting.copy_sources, name="copy-sources"),
    path(f"{COURSE}copy/<slug:source>/<int:number>/", starting.design_copy, name="design-copy"),
    path(f"{COURSE}studio/example/", starting.example, name="example"),
    path("patterns/", starting.patterns, name="patterns"),
    path(PATTERN, starting.pattern, name="pattern"),
    path(f"{PATTERN}edit/", starting.pattern_edit, name="pattern-edit"),
    path(f"{PATTERN}withdraw/", starting.pattern_withdraw, name="pattern-withdraw"),
]
