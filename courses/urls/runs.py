"""Addresses of the runs of a course: people, windows, feedback, results and the files that were handed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from courses.views import feedback, files, gradebook, people, publishing, runs

if TYPE_CHECKING:
    from django.urls import URLPattern

RUN = "courses/<slug:code>/runs/<int:pk>/"

urlpatterns: list[URLPattern] = [
    path("courses/<slug:code>/runs/", runs.runs, name="runs"),
    path("courses/<slug:code>/runs/new/", runs.run_new, name="run-new"),
    path(RUN, runs.run, name="run"),
    path(f"{RUN}members/", people.run_members, name="run-members"),
    path(f"{RUN}members/<int:member>/leave/", people.member_leave, name="member-leave"),
    path(f"{RUN}groups/", people.run_groups, name="run-groups"),
    path(f"{RUN}groups/move/", people.groups_move, name="groups-move"),
    path(f"{RUN}groups/new/", people.group_new, name="group-new"),
    path(f"{RUN}groups/random/", people.groups_deal, name="groups-deal"),
    path(f"{RUN}groups/<int:group>/rename/", people.group_rename, name="group-rename"),
    path(f"{RUN}groups/<int:group>/remove/", people.group_remove, name="group-remove"),
    path(f"{RUN}gradebook/", gradebook.gradebook, name="gradebook"),
    path(f"{RUN}gradebook/export/", gradebook.gradebook_export, name="gradebook-export"),
    path(f"{RUN}publish/", publishing.run_publish, name="run-publish"),
    path(f"{RUN}shift/", publishing.run_shift, name="run-shift"),
    path(f"{RUN}changes/", publishing.run_changes, name="run-changes"),
    path(f"{RUN}ready/", publishing.run_ready, name="run-ready"),
    path("courses/<slug:code>/changes/<int:pk>/undo/", publishing.publication_undo, name="publication-undo"),
    path("courses/<slug:code>/designs/<int:number>/ready/", publishing.design_ready, name="design-ready"),
    path("courses/<slug:code>/offers/<int:pk>/", runs.run_offer, name="run-offer"),
    path("courses/<slug:code>/offers/<int:pk>/feedback/", feedback.feedback, name="feedback"),
    path("courses/<slug:code>/offers/<int:pk>/feedback/release/", feedback.feedback_release, name="feedback-release"),
    path(
        "courses/<slug:code>/offers/<int:pk>/feedback/releasing/",
        feedback.feedback_releasing,
        name="feedback-releasing",
    ),
    path("courses/<slug:code>/work/<int:pk>/", feedback.feedback_attempt, name="feedback-attempt"),
    path(
        "courses/<slug:code>/work/<int:pk>/comments/<int:remark>/remove/", feedback.remark_remove, name="remark-remove"
    ),
    path("courses/<slug:code>/files/<int:pk>/", files.attempt_file, name="attempt-file"),
]
