"""Addresses of the questions of an activity."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from courses.views import questions

if TYPE_CHECKING:
    from django.urls import URLPattern

QUESTIONS = "courses/<slug:code>/studio/placements/<int:pk>/questions/"
ONE = f"{QUESTIONS}<slug:key>/"

urlpatterns: list[URLPattern] = [
    path(QUESTIONS, questions.questions, name="questions"),
    path(f"{QUESTIONS}add/", questions.question_add, name="question-add"),
    path(f"{QUESTIONS}paste/", questions.questions_paste, name="questions-paste"),
    path(f"{QUESTIONS}preview/", questions.questions_preview, name="questions-preview"),
    path(f"{QUESTIONS}minutes/", questions.questions_minutes, name="questions-minutes"),
    path(f"{QUESTIONS}back/", questions.question_back, name="question-back"),
    path(f"{ONE}edit/", questions.question_edit, name="question-edit"),
    path(f"{ONE}move/", questions.question_move, name="question-move"),
    path(f"{ONE}remove/", questions.question_remove, name="question-remove"),
]
