"""Addresses of the Studio."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from courses.views.studio import bulk, cards, fields, pages, quick, times, weeks

if TYPE_CHECKING:
    from django.urls import URLPattern

STUDIO = "courses/<slug:code>/studio/"
CARD = f"{STUDIO}placements/<int:pk>/"
WEEK = f"{STUDIO}weeks/<int:number>/"

urlpatterns: list[URLPattern] = [
    path(STUDIO, pages.studio, name="studio"),
    path(f"{STUDIO}start/", pages.design_start, name="design-start"),
    path("courses/<slug:code>/designs/<int:number>/next/", pages.design_next, name="design-next"),
    path(f"{STUDIO}balance/", pages.balance_explain, name="balance-explain"),
    path(f"{STUDIO}findings/<slug:rule>/", pages.finding, name="finding"),
    path(f"{STUDIO}quick/", quick.quick_preview, name="quick-preview"),
    path(f"{STUDIO}quick/add/", quick.quick_add, name="quick-add"),
    path(f"{STUDIO}time/", times.time_read, name="time-read"),
    path(f"{STUDIO}reported/", times.times_reported, name="times-reported"),
    path(f"{STUDIO}add/", cards.placement_add, name="placement-add"),
    path(CARD, cards.placement, name="placement"),
    path(f"{CARD}estimate/", times.placement_estimate, name="placement-estimate"),
    path(f"{CARD}field/", fields.placement_field, name="placement-field"),
    path(f"{CARD}move/", cards.placement_move, name="placement-move"),
    path(f"{CARD}duplicate/", cards.placement_duplicate, name="placement-duplicate"),
    path(f"{CARD}delete/", cards.placement_delete, name="placement-delete"),
    path(f"{STUDIO}bulk/", bulk.bulk, name="bulk"),
    path(f"{STUDIO}weeks/add/", weeks.week_add, name="week-add"),
    path(WEEK, weeks.week, name="week-edit"),
    path(f"{WEEK}rename/", weeks.week_rename, name="week-rename"),
    path(f"{WEEK}remove/", weeks.week_remove, name="week-remove"),
    path(f"{STUDIO}undo/", weeks.undo, name="undo"),
    path(f"{STUDIO}redo/", weeks.redo, name="redo"),
]
