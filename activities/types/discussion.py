"""Discussion: threads before, between and after sessions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from activities import registry
from activities.contract import ActivityType, Collects, Defaults, Todo
from activities.queries import posts as post_queries
from activities.services import posts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from activities.contract import Seat
    from activities.models import Offer, Progress

THREADS_PER_PAGE = 20


@dataclass(frozen=True, slots=True)
class DiscussionConfig:
    students_start: bool = True  # students may begin threads
    post_first: bool = False  # others are seen once one has written something
    posts_wanted: int = 1


class DiscussionForm(forms.Form):
    students_start = forms.BooleanField(label=gettext_lazy("Students may begin threads"), required=False, initial=True)
    post_first = forms.BooleanField(
        label=gettext_lazy("Students see the others once they have written something"), required=False
    )
    posts_wanted = forms.IntegerField(
        label=gettext_lazy("Contributions per student"), min_value=1, max_value=20, initial=1
    )


class PostForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("Subject"), max_length=160, required=False)
    text = forms.CharField(
        label=gettext_lazy("Your contribution"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 5})
    )


def _number(request: HttpRequest, name: str) -> int | None:
    value = request.POST.get(name, "")
    return int(value) if value.isdigit() and len(value) < 12 else None


def post(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Begin a thread or reply to one."""
    config: DiscussionConfig = Discussion().parse(seat.activity.config)
    parent = _number(request, "parent")
    if not seat.can_act and not seat.can_teach:
        raise PermissionDenied
    if parent is None and not seat.can_teach and not config.students_start:
        raise PermissionDenied
    form = PostForm(request.POST)
    if not form.is_valid():
        return _again(request, seat, form, parent, status=422)
    if not seat.can_teach and not seat.offer.is_open(seat.at):
        form.add_error(None, _("This discussion is closed. What you wrote is still here, copy it if you need it."))
        return _again(request, seat, form, parent, status=409)
    try:
        made = posts.add_post(
            seat.offer,
            author=seat.user,
            parent_id=parent,
            title=form.cleaned_data["title"],
            text=form.cleaned_data["text"],
            wanted=config.posts_wanted,
            counts=seat.can_act,
            at=seat.at,
        )
    except posts.NoSuchPost:
        raise Http404 from None
    return redirect(f"{seat.page_url}#post-{made.pk}")


def remove(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Take one's own contribution away, or a lecturer any; it can be put back."""
    try:
        kept = posts.set_removed(
            seat.offer,
            _number(request, "post") or 0,
            by=seat.user,
            may_any=seat.can_teach,
            removed=not request.POST.get("back"),
            at=seat.at,
        )
    except posts.NoSuchPost:
        raise Http404 from None
    return redirect(f"{seat.page_url}#post-{kept.pk}")


def _again(request: HttpRequest, seat: Seat, form: PostForm, parent: int | None, *, status: int) -> HttpResponse:
    context = {**Discussion().page(request, seat), "seat": seat, "form": form, "parent": parent}
    return render(request, "activities/types/discussion/write.html", context, status=status)


@registry.register
class Discussion(ActivityType[DiscussionConfig]):
    key = "discussion"
    label = gettext_lazy("Discussion")
    hint = gettext_lazy("Threads before or after class")
    icon = "messages-square"
    order = 50
    collects = Collects.POSTS
    defaults = Defaults(minutes=30, learning_type="discussion", grouping="class", guidance="peer")
    quick_words = ("discussion", "discuss", "forum", "debate", "introduce", "talk")
    config_class = DiscussionConfig
    form_class = DiscussionForm
    actions = {"post": post, "remove": remove}

    def check(self, config: DiscussionConfig) -> dict[str, str]:
        if not 1 <= config.posts_wanted <= 20:
            return {"posts_wanted": _("Ask for 1 to 20 contributions.")}
        return {}

    def card_facts(self, config: Mapping[str, object]) -> tuple[str, ...]:
        wanted = config.get("posts_wanted")
        if isinstance(wanted, int) and wanted > 1:
            return (ngettext("%d contribution", "%d contributions", wanted) % wanted,)
        return ()

    def todo(self, offer: Offer, progress: Progress | None, at: datetime) -> Todo:
        return Todo(done=bool(progress and progress.is_done), line=_("Discussion"))

    def page(self, request: HttpRequest, seat: Seat) -> dict[str, object]:
        config = self.parse(seat.activity.config)
        hidden = seat.can_act and config.post_first and not post_queries.has_posted(seat.offer, seat.user)
        threads = post_queries.threads_of(seat.offer) if not hidden else post_queries.nothing()
        return {
            "config": config,
            "hidden": hidden,
            "threads": Paginator(threads, THREADS_PER_PAGE).get_page(request.GET.get("page")),
            "form": PostForm(),
            "may_start": seat.can_teach or (seat.can_act and config.students_start and seat.offer.is_open(seat.at)),
            "may_reply": seat.can_teach or (seat.can_act and seat.offer.is_open(seat.at)),
        }
