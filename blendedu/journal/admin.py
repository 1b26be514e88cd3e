"""Jobs that failed and what happened, for support staff; nothing here can be changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin

from blendedu.journal.models import Entry, Job

if TYPE_CHECKING:
    from django.db.models import Model
    from django.http import HttpRequest


class ReadOnly(admin.ModelAdmin):
    """May be looked at only."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Job)
class JobAdmin(ReadOnly):
    list_display = ("kind", "ref", "state", "due_at", "tries", "finished_at")
    list_filter = ("state", "kind")


@admin.register(Entry)
class EntryAdmin(ReadOnly):
    list_display = ("at", "verb", "actor", "about")
    list_filter = ("verb",)
    list_select_related = ("actor",)
