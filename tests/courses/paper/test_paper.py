"""A course on paper: the design for a meeting, the guide for students."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from pypdf import PdfReader

from blendedu.kit.markdown import to_blocks
from courses.exchange.paper import dossier
from courses.models import Alignment, Week
from courses.queries.plan import placements_of, plan_from
from tests.factories import (
    NOW,
    ActivityFactory,
    CourseFactory,
    DesignFactory,
    MembershipFactory,
    OfferFactory,
    OutcomeFactory,
    PlacementFactory,
    RunFactory,
    RunOfferFactory,
    UserFactory,
)

if TYPE_CHECKING:
    from django.test import Client

    from blendedu.people.models import User
    from courses.models import Design

pytestmark = pytest.mark.django_db


def read(file: bytes) -> PdfReader:
    import io

    return PdfReader(io.BytesIO(file))


def text_of(reader: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def printed(design: Design, *parts: str, paper: str = "a4") -> PdfReader:
    placements = list(placements_of(design))
    plan = plan_from(design, placements)
    return read(dossier.write(design, plan, placements, parts=parts, paper=paper, at=NOW))


@pytest.fixture
def lecturer() -> User:
    return UserFactory.create()


@pytest.fixture
def design(lecturer: User) -> Design:
    return DesignFactory.create(course=CourseFactory.create(title="Field work", lecturer=lecturer), weeks=2)


def place(design: Design, title: str, *, week: int | None = 1, moment: str = "before", **facets: object) -> None:
    found = None if week is None else Week.objects.get(design=design, number=week)
    activity = ActivityFactory.create(title=title, **facets)
    PlacementFactory.create(design=design, week=found, moment=moment, activity=activity)


def test_the_file_is_tagged_and_says_its_title_and_language(design: Design) -> None:
    place(design, "Watch the clip")

    reader = printed(design, "board")

    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert reader.metadata is not None
    assert reader.metadata.title == "Field work"


def test_a_board_of_two_hundred_activities_stands_on_one_page(design: Design) -> None:
    for number in range(1, 201):
        place(design, f"Activity {number}", week=1 + number % 2, moment=("before", "together", "after")[number % 3])

    reader = printed(design, "board")

    assert len(reader.pages) == 1
    text = text_of(reader)
    assert "Activity 1 " in text
    assert "Activity 200" in text


def test_every_week_has_a_page_of_its_own_and_an_empty_one_says_so(design: Design) -> None:
    place(design, "Watch the clip", week=1)

    pages = [" ".join(page.extract_text().split()) for page in printed(design, "weeks").pages]

    assert len(pages) == 2
    assert "Week 1: Theme 1" in pages[0]
    assert "Watch the clip" in pages[0]
    assert "Nothing is planned in this week." in pages[1]


def test_a_range_and_a_missing_estimate_are_said_as_they_are(design: Design) -> None:
    place(design, "Visit", minutes=75, minutes_low=60, minutes_high=90)
    place(design, "Nobody knows", minutes=None)

    text = text_of(printed(design, "weeks"))

    assert "1 h 15 (60–90 min)" in text
    assert "no minutes yet" in text


def test_the_matrix_shows_what_serves_an_outcome_and_on_which_level(design: Design) -> None:
    outcome = OutcomeFactory.create(design=design, number=1, text="Judge an interview", level=5)
    place(design, "Essay", assessment="summative", weight=60)
    Alignment.objects.create(placement=design.placements.get(), outcome=outcome, level=4)

    text = text_of(printed(design, "outcomes", "assessment"))

    assert "Judge an interview (level 5)" in text
    assert "S 4" in text
    assert "The weights do not come to 100%." in text


def test_the_review_on_paper_says_what_was_answered_and_why(design: Design) -> None:
    place(design, "Nobody knows", minutes=None)
    said = {"by": "Eva", "on": "2026-11-20", "state": "alert", "size": 9.0, "value": "0%", "version": 0, "design": 1}
    design.course.answered = {"C42": {"reason": "The visit is not fixed yet.", **said}}

    text = text_of(printed(design, "policy"))

    assert "The visit is not fixed yet." in text
    assert "Eva, 20 November 2026" in text


@pytest.mark.parametrize("part", list(dossier.PARTS))
def test_an_empty_design_can_be_printed(part: str, design: Design) -> None:
    Week.objects.filter(design=design).delete()

    reader = printed(design, part)

    assert len(reader.pages) >= 1 or part == "weeks"


def test_what_people_write_is_never_read_as_code(design: Design) -> None:
    nasty = '#read("/etc/passwd") $ \\ ] * _ <b> “#panic()”'
    place(design, nasty, brief=f"{nasty}\n\n- [link](javascript:alert(1)) *{nasty}*\n\n```\n{nasty}\n```")

    text = text_of(printed(design, *dossier.PARTS))

    assert '#read("/etc/passwd")' in text
    assert "root:" not in text


def test_the_page_offers_parts_and_gives_the_file(client: Client, lecturer: User, design: Design) -> None:
    client.force_login(lecturer)
    address = reverse("courses:paper", args=[design.course.code])

    assert client.get(address).status_code == 200
    got = client.get(address, {"download": "1", "parts": ["board", "policy"], "paper": "a3"})

    assert got.status_code == 200
    assert got["Content-Type"] == "application/pdf"
    assert got["Content-Disposition"].startswith("attachment")
    assert float(read(got.content).pages[0].mediabox.width) == pytest.approx(1190.55, abs=1)


@pytest.mark.parametrize("asked", [{}, {"parts": "everything"}, {"parts": "board", "paper": "poster"}])
def test_what_cannot_be_printed_is_said_in_place(
    asked: dict[str, str], client: Client, lecturer: User, design: Design
) -> None:
    client.force_login(lecturer)

    got = client.get(reverse("courses:paper", args=[design.course.code]), {"download": "1", **asked})

    assert got.status_code == 422
    assert got["Content-Type"].startswith("text/html")


def test_a_student_takes_the_guide_of_the_own_run_only(client: Client, design: Design) -> None:
    place(design, "Watch the clip")
    run = RunFactory.create(course=design.course, design=design)
    member = MembershipFactory.create(cohort=run.cohort)
    other = RunFactory.create(course=design.course, design=design)
    client.force_login(member.user)

    got = client.get(reverse("courses:course-guide", args=[design.course.code, run.pk]))

    assert got.status_code == 200
    assert "Course guide: Field work" in text_of(read(got.content))
    assert client.get(reverse("courses:course-guide", args=[design.course.code, other.pk])).status_code == 404


def test_what_was_withdrawn_from_a_run_is_not_in_its_guide(client: Client, lecturer: User, design: Design) -> None:
    place(design, "Watch the clip")
    place(design, "Given up")
    run = RunFactory.create(course=design.course, design=design)
    for placement in design.placements.all():
        gone = NOW if placement.activity.title == "Given up" else None
        offer = OfferFactory.create(activity=placement.activity, cohort=run.cohort, withdrawn_at=gone)
        RunOfferFactory.create(run=run, offer=offer, placement=placement)
    client.force_login(lecturer)

    text = text_of(read(client.get(reverse("courses:course-guide", args=[design.course.code, run.pk])).content))

    assert "Watch the clip" in text
    assert "Given up" not in text


@pytest.mark.parametrize("activities", [1, 3])
def test_paper_costs_the_same_queries_whatever_it_shows(
    activities: int,
    client: Client,
    lecturer: User,
    design: Design,
    django_assert_num_queries: Any,  # the fixture is a function
) -> None:
    for number in range(activities):
        place(design, f"Activity {number}")
    client.force_login(lecturer)

    with django_assert_num_queries(5):
        client.get(
            reverse("courses:paper", args=[design.course.code]), {"download": "1", "parts": "policy", "paper": "a4"}
        )


def test_written_text_is_read_block_by_block() -> None:
    blocks = to_blocks(
        "# Head\n\nFirst *word*, **second**.\n\n1. one\n2. two\n   - deep\n\n> said\n\n[x](javascript:a)"
    )

    assert [(block.kind, block.depth, block.mark) for block in blocks] == [
        ("heading", 0, ""),
        ("paragraph", 0, ""),
        ("item", 1, "1."),
        ("item", 1, "2."),
        ("item", 2, "•"),
        ("quote", 0, ""),
        ("paragraph", 0, ""),
    ]
    assert [run.text for run in blocks[1].runs if run.strong] == ["second"]
    assert all(run.href == "" for block in blocks for run in block.runs)
