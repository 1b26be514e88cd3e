"""Discussion: threads before, between and after sessions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from activities import posting, registry
from activities.contract import ActivityType, Collects, Defaults, Made, ShowAgain, Todo
from activities.posting import back_to, is_hidden, own_count, page_of
from activities.queries import posts as post_queries
from activities.seats import closed_words, may_write, must_be_open, must_take_part, number_in
from activities.services import posts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from activities.contract import Seat
    from activities.models import Activity, Offer, Progress
    from activities.queries.posts import Said

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


class ReplyForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Your reply"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 3})
    )


@dataclass(frozen=True, slots=True)
class Thread:
    """A thread as it is drawn, with the form to answer it."""

    said: Said
    form: ReplyForm


def post(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Begin a thread or reply to one."""
    must_take_part(seat)
    config: DiscussionConfig = Discussion().parse(seat.activity.config)
    parent = number_in(request, "parent") if request.POST.get("parent") else None
    if parent is None and not seat.can_teach and not config.students_start:
        raise PermissionDenied
    form: PostForm | ReplyForm
    form = PostForm(request.POST) if parent is None else ReplyForm(request.POST, auto_id=f"reply-{parent}-%s")
    typed = {"form": form} if parent is None else {"reply": form, "reply_to": parent}
    must_be_open(seat, **typed)
    if not form.is_valid():
        raise ShowAgain(422, **typed)
    if parent is not None and not _sees(seat, config, parent):
        raise Http404
    try:
        made = posts.add_post(
            seat.offer,
            author=seat.user,
            parent_id=parent,
            title=form.cleaned_data.get("title", ""),
            text=form.cleaned_data["text"],
            wanted=config.posts_wanted,
            counts=seat.can_act,
            at=seat.at,
        )
    except posts.NoSuchPost:
        raise Http404 from None
    return back_to(request, seat, made)


def _sees(seat: Seat, config: DiscussionConfig, thread: int) -> bool:
    """Whether somebody who must first write sees this thread: nobody answers what they cannot see yet."""
    if not is_hidden(seat, first=config.post_first, own=own_count(seat)):
        return True
    return post_queries.openings_of(seat).filter(pk=thread).exists()


def remove(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Take one's own contribution away, or a lecturer any; it can be put back."""
    config: DiscussionConfig = Discussion().parse(seat.activity.config)
    return posting.remove(request, seat, wanted=config.posts_wanted)


@registry.register
class Discussion(ActivityType[DiscussionConfig]):
    key = "discussion"
    label = gettext_lazy("Discussion")
    hint = gettext_lazy("Threads before or after class")
    icon = "messages-square"
    order = 50
    collects = Collects.POSTS
    defaults = Defaults(minutes=30, learning_type="discussion", grouping="class", guidance="peer")
    estimated_by = "discussion"
    quick_words = ("discussion", "discuss", "forum", "debate", "introduce", "talk")
    config_class = DiscussionConfig
    form_class = DiscussionForm
    actions = {"post": post, "remove": remove}

    def check(self, config: DiscussionConfig) -> dict[str, str]:
        if not 1 <= config.posts_wanted <= 20:
            return {"posts_wanted": _("Ask for 1 to 20 contributions.")}
        return {}

    def missing(self, activity: Activity, made: Made | None = None) -> tuple[str, ...]:
        return () if activity.brief.strip() else (_("nothing to discuss yet"),)

    def card_facts(self, config: Mapping[str, object]) -> tuple[str, ...]:
        wanted = config.get("posts_wanted")
        if isinstance(wanted, int) and wanted > 1:
            return (ngettext("%d contribution", "%d contributions", wanted) % wanted,)
        return ()

    def estimate_inputs(self, config: Mapping[str, object]) -> dict[str, object]:
        return {"posts": self.parse(config).posts_wanted}

    def todo(self, offer: Offer, progress: Progress | None, at: datetime) -> Todo:
        line = ", ".join([_("Discussion"), *self.card_facts(offer.activity.config)])
        return Todo(done=bool(progress and progress.is_done), line=line)

    def page(self, request: HttpRequest, seat: Seat) -> dict[str, object]:
        config = self.parse(seat.activity.config)
        own = own_count(seat)
        hidden = is_hidden(seat, first=config.post_first, own=own)
        rows = post_queries.openings_of(seat) if hidden else post_queries.threads_of(seat)
        page = page_of(rows, request, size=THREADS_PER_PAGE)
        said = post_queries.as_seen(page.object_list, seat, with_replies=not hidden)
        may = may_write(seat)
        return {
            "config": config,
            "own": own,
            "is_done": own >= config.posts_wanted,
            "hidden": hidden,
            "page": page,
            "threads": [Thread(each, ReplyForm(auto_id=f"reply-{each.post.pk}-%s")) for each in said],
            "form": PostForm(),
            "may_start": may and (seat.can_teach or config.students_start),
            "may_reply": may,
            "closed": closed_words(seat) if seat.can_act and not may else "",
            "post_url": seat.action_url("post"),
            "remove_url": seat.action_url("remove"),
        }
