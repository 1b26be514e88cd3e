"""Addresses of the review of a design."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from courses.views import review

if TYPE_CHECKING:
    from django.urls import URLPattern

urlpatterns: list[URLPattern] = [
    path("courses/<slug:code>/review/", review.review, name="review"),
    path("courses/<slug:code>/review/ask/", review.review_ask, name="review-ask"),
    path("courses/<slug:code>/review/publish/", review.review_publish, name="review-publish"),
    path("courses/<slug:code>/review/<int:pk>/withdraw/", review.review_withdraw, name="review-withdraw"),
    path("courses/<slug:code>/review/<int:pk>/decide/", review.review_decide, name="review-decide"),
    path("courses/<slug:code>/designs/<int:number>/comment/", review.comment_add, name="comment-add"),
    path("courses/<slug:code>/comments/", review.comments, name="comments"),
    path("courses/<slug:code>/comments/people/", review.people_named, name="people-named"),
    path("courses/<slug:code>/comments/<int:pk>/settle/", review.comment_settle, name="comment-settle"),
]
