"""What is not for students yet, or not for this one, is in nothing that they can reach (trust.md F40).

Everything that must stay hidden holds the word "canary". A student walks over every link, fragment and file that the
pages name, asks every address of the product with every number there is, and reads the inbox and the mails.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse
from django.utils import timezone

from activities.models import Attempt, AttemptFile, Material, Post, Remark
from activities.services.grading import grade_attempt
from blendedu.journal.services.notices import mail_due
from courses.models import ClassQuestion, Comment, Design, Placement
from courses.services import feedback
from tests.activities.quizzes import EVERY_KIND, RIGHT, Sitting, quiz_activity
from tests.factories import (
    ActivityFactory,
    CohortFactory,
    CourseFactory,
    DesignFactory,
    GroupFactory,
    MembershipFactory,
    PlacementFactory,
    RunFactory,
    RunOfferFactory,
    UserFactory,
)
from tests.test_sweep import addresses, body_of

pytestmark = pytest.mark.django_db

CANARY = "canary"
POINTS = Decimal("7.77")
PAGES_MAX = 400


class World:
    """A run in which a lot must stay hidden from one of its students."""

    def __init__(self) -> None:
        self.now = timezone.now()
        self.lecturer = UserFactory(name="Eva Vos")
        self.course = CourseFactory(code="mkc", lecturer=self.lecturer, coach=UserFactory())
        self.run = RunFactory(course=self.course, cohort=CohortFactory())
        self.group = GroupFactory(cohort=self.run.cohort, name="Ours")
        self.me = MembershipFactory(
            cohort=self.run.cohort, group=self.group, user=UserFactory(name="Jana Smets", email="jana@example.org")
        ).user
        self.mate = self.student("Bo Li", self.group)
        self.other_group = GroupFactory(cohort=self.run.cohort, name="Theirs")
        self.other = self.student("Cy Young", self.other_group)

    def student(self, name: str, group: Any) -> Any:
        user = UserFactory(name=name, email=f"{name[:2].lower()}-{CANARY}@example.org")
        return MembershipFactory(
            cohort=self.run.cohort, user=user, group=group, student_number=f"{CANARY}-{name[:2]}"
        ).user

    def offer(self, activity: Any, *, opens: int = -2, due: int = 2, closes: int | None = 4) -> Sitting:
        row = RunOfferFactory(run=self.run, activity=activity, week_number=1)
        row.offer.opens_at, row.offer.due_at = self.now + timedelta(days=opens), self.now + timedelta(days=due)
        row.offer.closes_at = self.now + timedelta(days=closes) if closes else None
        row.offer.save()
        return Sitting(self.me, row)

    def work(self, row: Any, **fields: Any) -> Attempt:
        given = {"state": "submitted", "submitted_at": self.now, "started_at": self.now, **fields}
        attempt = Attempt.objects.create(offer=row.offer, **given)
        AttemptFile.objects.create(
            attempt=attempt,
            file=ContentFile(f"{CANARY} of {attempt.pk}".encode(), name="x"),
            name="work.pdf",
            size=9,
            content_type="application/pdf",
            sha256="0",
            uploaded_by=fields.get("user") or self.other,
            uploaded_at=self.now,
        )
        return attempt

    def post(self, row: Any, author: Any, text: str, **fields: Any) -> Post:
        return Post.objects.create(offer=row.offer, author=author, text=text, created_at=self.now, **fields)


def hide_everything() -> World:
    world = World()
    now = world.now
    hide_quizzes(world)
    # Work of mine with feedback that is written and not released; work of others, and of another group.
    upload = ActivityFactory(type_key="upload", title="Essay", assessment="formative", config={"max_points": 10})
    mine = world.offer(upload).run_offer
    own = Attempt.objects.create(
        offer=mine.offer, user=world.me, state="submitted", submitted_at=now, started_at=now, max_points=10, text="Mine"
    )
    give(world, own, release=False)
    give(world, world.work(mine, user=world.other, text=CANARY, max_points=10), release=True)
    together = world.offer(
        ActivityFactory(type_key="upload", title="Report", grouping="group", config={"max_points": 10})
    ).run_offer
    give(world, world.work(together, group=world.other_group, text=CANARY, max_points=10), release=True)
    # What others said, before one has said something; what was taken away; the class's questions.
    first = world.offer(ActivityFactory(type_key="discussion", title="Talk", config={"post_first": True})).run_offer
    thread = world.post(first, world.other, f"{CANARY} hidden", title=f"{CANARY} subject")
    world.post(first, world.mate, f"{CANARY} reply", parent=thread)
    world.post(first, world.lecturer, "Begin here", title="Opening", by_lecturer=True)
    board = world.offer(ActivityFactory(type_key="shareboard", title="Board", config={"share_first": True})).run_offer
    world.post(board, world.other, CANARY, title=CANARY, link=f"https://example.org/{CANARY}")
    seen = world.offer(ActivityFactory(type_key="discussion", title="Seen")).run_offer
    world.post(seen, world.other, f"{CANARY} taken away", removed_at=now, removed_by=world.lecturer)
    session = world.offer(ActivityFactory(type_key="session", title="Class", timing="sync")).run_offer
    ClassQuestion.objects.create(run_offer=session, author=world.other, text=f"{CANARY} question", asked_at=now)
    hide_what_comes(world)
    return world


def give(world: World, attempt: Attempt, *, release: bool) -> None:
    feedback.give(
        attempt,
        points=POINTS,
        feedback=f"{CANARY} feedback",
        remark=f"{CANARY} remark",
        file=None,
        revision=0,
        release=release,
        by=world.lecturer,
        at=world.now,
    )


def hide_quizzes(world: World) -> None:
    quiz_never = world.offer(quiz_activity(*EVERY_KIND, show_right_answers="never", feedback="after"))
    quiz_never.graded({"who": "a"}, at=world.now)
    quiz_open = world.offer(quiz_activity(*EVERY_KIND))
    quiz_open.begin(at=world.now)
    quiz_waiting = world.offer(quiz_activity(*EVERY_KIND))
    quiz_waiting.hand_in(quiz_waiting.begin(at=world.now), at=world.now)
    world.offer(quiz_activity(*EVERY_KIND))  # not begun
    theirs = world.offer(quiz_activity(*EVERY_KIND))
    attempt = theirs.begin(student=world.other, at=world.now)
    theirs.hand_in(attempt, at=world.now, last_answers=RIGHT, based_on=0)
    grade_attempt(attempt.pk, at=world.now)


def hide_what_comes(world: World) -> None:
    """What has not opened, the next version of the design, and what staff say about it."""
    text = ActivityFactory(
        type_key="reading", title="Later", brief=f"{CANARY} brief", config={"text": f"{CANARY} text"}
    )
    later = world.offer(text, opens=1, due=2).run_offer
    Material.objects.create(
        activity=later.offer.activity,
        kind="text",
        file=ContentFile(f"{CANARY} file".encode(), name="x"),
        name=f"{CANARY}.pdf",
        size=9,
        content_type="application/pdf",
    )
    board = world.offer(ActivityFactory(type_key="shareboard", title="Later board"), opens=1, due=2).run_offer
    world.post(
        board,
        world.lecturer,
        CANARY,
        by_lecturer=True,
        file=ContentFile(f"{CANARY} shared".encode(), name="x"),
        file_name="x.pdf",
    )
    draft = DesignFactory(course=world.course, number=2)
    PlacementFactory(design=draft, activity=ActivityFactory(title=f"{CANARY} next year", brief=CANARY))
    Comment.objects.create(
        course=world.course, design=draft, author=world.lecturer, text=f"{CANARY} comment", created_at=world.now
    )


# --- Walking ------------------------------------------------------------------------------------------------------


LINK = re.compile(r'(?:href|src|hx-get|data-url|data-[a-z-]*url)="(/[^"#]*)')


def reached(client: Client, starts: list[str]) -> Iterator[tuple[str, Any]]:
    """Every page that links lead to, from these on."""
    waiting, known = list(starts), set(starts)
    while waiting:
        address = waiting.pop()
        if address.startswith("/static/") or "logout" in address:
            continue
        response = client.get(address)
        yield address, response
        assert len(known) < PAGES_MAX
        if response.status_code == 200 and "text/html" in response["Content-Type"] and not response.streaming:
            for link in LINK.findall(response.content.decode()):
                found = link.replace("&amp;", "&")
                if found not in known:
                    known.add(found)
                    waiting.append(found)


def every_address(world: World) -> Iterator[str]:
    """Every address of the product with the numbers that there are, also those that no page names."""
    pks = sorted(
        {
            pk
            for model in (Attempt, AttemptFile, Material, Post, Comment, Remark, Placement, Design)
            for pk in model.objects.values_list("pk", flat=True)
        }
        | set(world.run.run_offers.values_list("pk", flat=True))
    )
    for name in addresses(get_resolver().url_patterns):
        if name.startswith(("courses:", "institution:", "programmes:", "journal:")):
            for pk in pks:
                for arguments in (["mkc", pk], ["mkc", pk, pk], [pk]):
                    try:
                        yield reverse(name, args=arguments)
                    except NoReverseMatch:
                        continue
    for row in world.run.run_offers.select_related("offer__activity"):
        for look in row.offer.activity.type.looks:
            for model in (Attempt, Post):
                for pk in model.objects.values_list("pk", flat=True):
                    query = f"?attempt={pk}&post={pk}"
                    yield reverse("courses:activity-act", args=["mkc", row.pk, look]) + query


def told(response: Any) -> str:
    return f"{response.headers!r}\n{body_of(response)}"


def leaks_in(text: str) -> list[str]:
    # Who the class is may be known by name; addresses and numbers of students may not.
    found = [text[max(0, at.start() - 60) : at.end() + 30] for at in re.finditer(CANARY, text)]
    return found + [text[max(0, at.start() - 60) : at.end() + 30] for at in re.finditer(r"7[.,]77", text)]


def test_nothing_that_is_hidden_can_be_reached_by_a_student():
    world = hide_everything()
    client = Client()
    client.force_login(world.me)
    found = []

    starts = ["/", "/week/", "/courses/", "/courses/mkc/", "/inbox/", "/words.js"]
    starts += [reverse("courses:activity", args=["mkc", row.pk]) for row in world.run.run_offers.all()]
    for address, response in reached(client, starts):
        found += [f"{address}: {leak}" for leak in leaks_in(told(response))]
    for address in dict.fromkeys(every_address(world)):
        response = client.get(address)
        found += [f"{address}: {leak}" for leak in leaks_in(told(response))]
        response = client.get(address, headers={"HX-Request": "true"})
        found += [f"{address} as a fragment: {leak}" for leak in leaks_in(told(response))]
    mail_due(at=timezone.now())
    for letter in mail.outbox:
        if letter.to == [world.me.email]:
            found += [f"mail: {leak}" for leak in leaks_in(f"{letter.subject}\n{letter.body}")]

    assert "\n".join(found) == ""


def test_a_student_who_was_given_feedback_finds_it():
    # The counter-test: what is released is there, so the walk above looks in the right places.
    world = hide_everything()
    client = Client()
    client.force_login(world.other)

    pages = [response for _address, response in reached(client, ["/week/", "/inbox/"])]

    assert any(f"{CANARY} feedback" in body_of(page) for page in pages if not page.streaming)
