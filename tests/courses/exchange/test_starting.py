"""Beginning a design: the choices, last year's design, what belongs to one edition, a finished example."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses.editions import found_in, found_in_outline
from courses.models import Design, Placement
from courses.outline import Outline
from courses.services import designs, plan
from tests.courses.exchange.samples import activity
from tests.courses.studio.worlds import board, text_of
from tests.factories import (
    NOW,
    AppointmentFactory,
    CourseFactory,
    HolidayFactory,
    OutcomeFactory,
    TermFactory,
    UserFactory,
)

# --- What belongs to one edition ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Results of 2025 in Lab 3", [("year", "2025")]),
        ("See the plan of 2025-2026.", [("year", "2025-2026")]),
        ("Hand in on 12 March, room B2.14", [("date", "12 March"), ("room", "room B2.14")]),
        ("Inleveren op 3 maart 2026", [("date", "3 maart 2026")]),
        ("Am 3. Oktober", [("date", "3. Oktober")]),
        ("On 2026-01-05 or 5/1", [("date", "2026-01-05"), ("date", "5/1")]),
        ("Read https://x.org/2025/a.", [("link", "https://x.org/2025/a")]),
        ("Meet in A123", [("room", "A123")]),
        ("Chapter 2.3 on page 2010.5, version 3.2", []),
        ("An essay of 1500 words for 5 EC", []),
        ("", []),
    ],
)
def test_years_dates_rooms_and_links_are_found_in_texts(text: str, found: list[tuple[str, str]]) -> None:
    assert [(each.kind, each.words) for each in found_in(text)] == found


def test_what_is_found_says_where_it_stands() -> None:
    outline = Outline(
        activities=(
            activity("Lab 3", brief="As in 2025."),
            activity("Class", kind="session", config={"room": "Aula", "link": "https://meet.example.org/x"}),
        )
    )

    found = [(each.where, each.found.kind, each.found.words) for each in found_in_outline(outline)]

    assert found == [
        ("Lab 3", "year", "2025"),
        ("Class", "room", "Aula"),
        ("Class", "link", "https://meet.example.org/x"),
    ]


# --- Copying --------------------------------------------------------------------------------------------------------


def source(**more: Any) -> tuple[Any, Design]:
    eva, design = board(cards=2, weeks=3, state=Design.State.APPROVED, **more)
    outcome = OutcomeFactory(design=design, number=1)
    for placement in design.placements.all():
        placement.outcomes.add(outcome)
    return eva, design


@pytest.mark.django_db
class TestCopy:
    def test_it_begins_as_another_course_was_some_weeks_later(self) -> None:
        eva, last_year = source()
        course = CourseFactory(lecturer=eva, code="new")

        draft = designs.copy_design(last_year, to=course, shift=1, by=eva, at=NOW)

        assert [week.title for week in draft.weeks.all()] == ["", "Theme 1", "Theme 2", "Theme 3"]
        assert {placement.week.number for placement in draft.placements.select_related("week")} == {2}  # type: ignore[union-attr]
        assert [outcome.text for outcome in draft.outcomes.all()] == ["Segment an audience for a campaign"]
        assert draft.placements.filter(outcomes__isnull=False).count() == 2
        assert draft.based_on is None
        assert not set(draft.placements.values_list("key")) & set(last_year.placements.values_list("key"))

    def test_what_falls_outside_waits_on_the_shelf(self) -> None:
        eva, last_year = source()

        draft = designs.copy_design(last_year, to=CourseFactory(), shift=-1, weeks=1, by=eva, at=NOW)

        assert [week.title for week in draft.weeks.all()] == ["Theme 2"]
        assert set(draft.placements.values_list("week", flat=True)) == {None}

    def test_the_same_course_keeps_its_keys_and_its_history(self) -> None:
        eva, last_year = source()

        draft = designs.copy_design(last_year, to=last_year.course, by=eva, at=NOW)

        assert draft.based_on == last_year
        assert set(draft.placements.values_list("key")) == set(last_year.placements.values_list("key"))

    def test_editing_the_copy_never_changes_what_it_was_copied_from(self) -> None:
        eva, last_year = source()
        draft = designs.copy_design(last_year, to=CourseFactory(lecturer=eva), by=eva, at=NOW)
        card = Placement.objects.select_related("design__course", "activity").filter(design=draft)[0]
        shared = card.activity_id

        plan.own_activity(card, by=eva, at=NOW)

        card.refresh_from_db()
        assert card.activity_id != shared
        assert last_year.placements.filter(activity=shared).exists()

    def test_the_page_shows_the_copy_its_words_and_its_calendar(self, client: Client) -> None:
        eva, last_year = source()
        card = last_year.placements.first()
        assert card is not None
        card.activity.brief = "As in 2025."
        card.activity.save()
        course = CourseFactory(lecturer=eva, code="new", unit=last_year.course.unit)
        course.unit.path = f"/{course.unit.pk}/"
        course.unit.save()
        starts = timezone.localdate() + timedelta(days=30)
        term = TermFactory(unit=course.unit, name="Spring", starts_on=starts, ends_on=starts + timedelta(weeks=20))
        HolidayFactory(term=term, name="Carnival", starts_on=starts, ends_on=starts + timedelta(days=20))
        client.force_login(eva)

        page = text_of(
            client.get(reverse("courses:design-copy", args=["new", "mkc-101", 1]), {"shift": -1, "weeks": 2})
        )

        assert "2 activities fall outside" in page
        assert "<mark>2025</mark>" in page
        assert "In Spring its first week would begin on" in page
        assert "Carnival" in page

    def test_it_is_copied_once_however_often_it_is_sent(self, client: Client) -> None:
        eva, _last_year = source()
        CourseFactory(lecturer=eva, code="new")
        client.force_login(eva)
        address = reverse("courses:design-copy", args=["new", "mkc-101", 1])

        first = client.post(address, {"shift": 0, "weeks": 3})
        again = client.post(address, {"shift": 0, "weeks": 3})

        assert (first.status_code, again.status_code) == (303, 303)
        assert Design.objects.filter(course__code="new").count() == 1

    @pytest.mark.parametrize("wrong", [{"shift": "x", "weeks": 3}, {"shift": 0, "weeks": 0}, {"shift": 99, "weeks": 3}])
    def test_weeks_that_cannot_be_are_refused_in_place(self, client: Client, wrong: dict[str, Any]) -> None:
        eva, _last_year = source()
        CourseFactory(lecturer=eva, code="new")
        client.force_login(eva)

        assert client.post(reverse("courses:design-copy", args=["new", "mkc-101", 1]), wrong).status_code == 422
        assert not Design.objects.filter(course__code="new").exists()

    def test_only_what_one_may_look_at_is_offered(self, client: Client, django_assert_max_num_queries: Any) -> None:
        _eva, last_year = source()
        ruben = UserFactory()
        CourseFactory(lecturer=ruben, code="new")
        client.force_login(ruben)

        assert "mkc-101" not in text_of(client.get(reverse("courses:copy-sources", args=["new"])))
        assert client.get(reverse("courses:design-copy", args=["new", "mkc-101", 1])).status_code == 404
        assert client.post(reverse("courses:design-copy", args=["new", "mkc-101", 1]), {}).status_code == 404

        AppointmentFactory(user=ruben, unit=last_year.course.unit, role="coach")
        with django_assert_max_num_queries(12):
            assert "MKC-101" in text_of(client.get(reverse("courses:copy-sources", args=["new"])))


# --- The start page and the example ---------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_course_without_design_offers_every_beginning(client: Client) -> None:
    eva = UserFactory()
    CourseFactory(lecturer=eva, code="new")
    client.force_login(eva)

    page = text_of(client.get(reverse("courses:studio", args=["new"])))

    for name in ("courses:copy-sources", "courses:patterns-of-course", "courses:design-import", "courses:example"):
        assert reverse(name, args=["new"]) in page


@pytest.mark.django_db
def test_the_example_opens_beside_an_empty_design(client: Client) -> None:
    eva, _design = board(cards=0)
    client.force_login(eva)
    address = reverse("courses:example", args=["mkc-101"])

    assert address in text_of(client.get(reverse("courses:studio", args=["mkc-101"])))
    beside = client.get(address, headers={"HX-Request": "true", "HX-Target": "panel"})
    assert "Interviewing in practice" in text_of(beside)
    assert "<html" not in text_of(beside)
    assert "<html" in text_of(client.get(address))
