"""The library of patterns: what comes with the product, what lecturers share, and what of it is taken."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from courses.exchange import design_json
from courses.exchange.patterns import finished_example, shipped
from courses.models import Design, Outcome, Pattern, Placement, Step
from courses.queries.outline import outline_of
from courses.services import patterns
from courses.services.plan import undo
from tests.activities.questions import samples
from tests.courses.studio.worlds import board, text_of
from tests.factories import (
    NOW,
    AppointmentFactory,
    CohortFactory,
    CourseFactory,
    MembershipFactory,
    QuestionFactory,
    UnitFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def shared(by: Any, design: Design, **said: Any) -> Pattern:
    values = {
        "title": "Kick-off",
        "summary": "Begin together.",
        "advice": "",
        "licence": "by",
        "unit": None,
        "based_on": None,
        "with_questions": False,
        **said,
    }
    return patterns.share(outline_of(design), by=by, at=NOW, **values)


def insert(client: Client, course: str, pattern: Pattern, **said: Any) -> Any:
    return client.post(reverse("courses:pattern-insert", args=[course, pattern.key]), said)


def titles(design: Design) -> list[tuple[int | None, str]]:
    rows = Placement.objects.filter(design=design).order_by("week__number", "moment", "position", "pk")
    return list(rows.values_list("week__number", "activity__title"))


# --- What comes with the product ------------------------------------------------------------------------------------


def test_at_least_eight_patterns_come_with_the_product_each_told_whole() -> None:
    told = list(shipped())

    assert len(told) >= 8
    for pattern in told:
        assert pattern.summary and pattern.advice, pattern.title  # noqa: PT018 -- one thought
        assert all(
            each["text"] and each["source"] and each["ground"] in {"EVID", "HEUR", "NORM"} for each in pattern.evidence
        )
        assert len(pattern.evidence) >= 2
        assert len(pattern.outline.activities) >= 4
        assert all(each.minutes and each.outcomes for each in pattern.outline.activities), pattern.title
        assert {each.week for each in pattern.outline.activities} == {week.number for week in pattern.outline.weeks}


def test_the_finished_example_meets_in_more_than_one_environment_and_is_assessed_whole() -> None:
    outline = finished_example()

    assert {each.values["environment"] for each in outline.activities} >= {"digital", "physical", "workplace"}
    assert sum(each.values["weight"] for each in outline.activities) == 100


def test_loading_twice_changes_nothing_and_mends_what_was_changed() -> None:
    new, changed = patterns.load_shipped(at=NOW)
    assert (new, changed) == (len(list(shipped())), 0)

    assert patterns.load_shipped(at=NOW) == (0, 0)

    Pattern.objects.filter(title="Flipped week").update(summary="old")
    Pattern.objects.filter(title="Buddy fortnight").update(withdrawn_at=NOW)
    assert patterns.load_shipped(at=NOW) == (0, 1)
    assert Pattern.objects.get(title="Flipped week").summary != "old"
    assert Pattern.objects.get(title="Buddy fortnight").withdrawn_at == NOW


# --- Taking one -----------------------------------------------------------------------------------------------------


def test_a_pattern_goes_into_the_draft_from_a_week_on_and_undo_takes_it_out(client: Client) -> None:
    patterns.load_shipped(at=NOW)
    eva, design = board(cards=1, weeks=2)
    client.force_login(eva)

    answer = insert(client, "mkc-101", Pattern.objects.get(title="Buddy fortnight"), first_week=2, version=0)

    assert (answer.status_code, answer["Location"]) == (303, reverse("courses:studio", args=["mkc-101"]))
    assert design.placements.count() == 7
    assert {week for week, _title in titles(design)} == {1, 2, 3}
    assert Outcome.objects.filter(design=design).count() == 2
    assert design.links.count() == 2
    assert Step.objects.get().label == "pattern “Buddy fortnight”"
    undo(Design.objects.select_related("course__unit").get(), by=eva, at=NOW)
    assert (titles(design), design.weeks.count(), design.outcomes.count()) == ([(1, "Card 1")], 2, 0)


def test_the_same_pattern_twice_is_there_twice_with_its_outcomes_once(client: Client) -> None:
    patterns.load_shipped(at=NOW)
    eva, design = board(cards=0, weeks=1)
    client.force_login(eva)
    pattern = Pattern.objects.get(title="Flipped week")

    insert(client, "mkc-101", pattern, first_week=1, version=0)
    insert(client, "mkc-101", pattern, first_week=2, version=1)

    assert design.placements.count() == 10
    assert design.outcomes.count() == 2


def test_a_course_without_design_begins_with_a_pattern(client: Client) -> None:
    patterns.load_shipped(at=NOW)
    eva = UserFactory()
    CourseFactory(lecturer=eva, code="new")
    client.force_login(eva)

    insert(client, "new", Pattern.objects.get(title="Debate before and after class"))

    assert Design.objects.get(course__code="new").placements.count() == 4


def test_a_type_that_no_longer_exists_waits_on_the_shelf_with_a_word(client: Client) -> None:
    eva, design = board(cards=0)
    content = design_json.document(outline_of(design)) | {
        "activities": [{"title": "Enter the room", "type": "vr", "week": 1, "minutes": 20}]
    }
    pattern = Pattern.objects.create(title="Old", content=content, shared_at=NOW)
    client.force_login(eva)

    page = text_of(client.get(reverse("courses:pattern-insert", args=["mkc-101", pattern.key])))
    answer = insert(client, "mkc-101", pattern, first_week=1, version=0)

    assert "“vr”, which is not installed" in page
    assert answer.status_code == 303
    assert titles(design) == [(None, "Enter the room")]
    assert "“vr”, which is not installed" in text_of(client.get(answer["Location"]))


@pytest.mark.parametrize("content", [{}, {"format": "other"}, [], "x", {"format": "blendedu-design", "version": 9}])
def test_a_pattern_that_cannot_be_read_breaks_no_page(client: Client, content: Any) -> None:
    eva, design = board(cards=1)
    pattern = Pattern.objects.create(title="Broken", content=content, shared_at=NOW)
    client.force_login(eva)

    assert client.get(reverse("courses:patterns")).status_code == 200
    assert client.get(reverse("courses:pattern", args=[pattern.key])).status_code == 200
    assert insert(client, "mkc-101", pattern, first_week=1, version=0).status_code == 422
    assert titles(design) == [(1, "Card 1")]


def test_a_stale_page_inserts_nothing(client: Client) -> None:
    patterns.load_shipped(at=NOW)
    eva, design = board(cards=1)
    client.force_login(eva)
    Design.objects.filter(pk=design.pk).update(plan_version=4)

    answer = insert(client, "mkc-101", Pattern.objects.get(title="Flipped week"), first_week=1, version=0)

    assert answer.status_code == 409
    assert titles(design) == [(1, "Card 1")]


@pytest.mark.parametrize("first_week", ["0", "61", "", "x"])
def test_a_week_that_cannot_be_is_refused_in_place(client: Client, first_week: str) -> None:
    patterns.load_shipped(at=NOW)
    eva, _design = board(cards=0)
    client.force_login(eva)

    answer = insert(client, "mkc-101", Pattern.objects.get(title="Flipped week"), first_week=first_week, version=0)

    assert answer.status_code == 422


# --- Sharing one ----------------------------------------------------------------------------------------------------


def share(client: Client, **said: Any) -> Any:
    values = {
        "title": "Mine",
        "summary": "s",
        "first_week": 1,
        "last_week": 3,
        "licence": "by",
        "audience": "everybody",
    }
    return client.post(reverse("courses:pattern-share", args=["mkc-101", 1]), {**values, **said})


def test_a_lecturer_shares_some_weeks_under_their_name(client: Client) -> None:
    eva, design = board(cards=2)
    client.force_login(eva)
    (first, _second) = [str(key) for key in design.placements.values_list("key", flat=True)]

    answer = share(client, cards=[first], audience=str(design.course.unit_id))

    pattern = Pattern.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, reverse("courses:pattern", args=[pattern.key]))
    assert (pattern.author, pattern.attribution, pattern.unit) == (eva, "Eva Vermeulen", design.course.unit)
    assert [each["title"] for each in pattern.content["activities"]] == ["Card 1"]
    assert first not in str(pattern.content)


def test_questions_go_along_only_when_asked() -> None:
    eva, design = board(cards=1)
    quiz = design.placements.get().activity
    quiz.type_key = "quiz"
    quiz.save()
    QuestionFactory(activity=quiz, key="s1", kind="single", content=samples.parse(samples.single()).to_json())

    without, along = shared(eva, design), shared(eva, design, with_questions=True)

    assert [len(each["questions"]) for each in without.content["activities"]] == [0]
    assert [len(each["questions"]) for each in along.content["activities"]] == [1]


def test_what_is_based_on_a_pattern_says_so_and_keeps_a_binding_licence(client: Client) -> None:
    eva, design = board(cards=1)
    original = shared(UserFactory(name="Ruben"), design, title="First", licence="by-sa")
    client.force_login(eva)
    cards = [str(design.placements.get().key)]

    refused = share(client, cards=cards, based_on=str(original.key), licence="cc0")
    share(client, cards=cards, based_on=str(original.key), licence="by-sa")

    assert refused.status_code == 422
    assert "keeps that licence" in text_of(refused)
    adapted = Pattern.objects.get(author=eva)
    assert (adapted.based_on, adapted.attribution) == (original, "Eva Vermeulen, based on “First” by Ruben")


@pytest.mark.parametrize(
    "wrong", [{"title": ""}, {"first_week": 3, "last_week": 2}, {"cards": []}, {"audience": "999999"}, {"cards": ["x"]}]
)
def test_what_cannot_be_shared_is_said_in_place(client: Client, wrong: dict[str, Any]) -> None:
    eva, design = board(cards=1)
    client.force_login(eva)

    answer = share(client, **{"cards": [str(design.placements.get().key)], **wrong})

    assert answer.status_code == 422
    assert not Pattern.objects.exists()


def test_its_author_changes_the_words_and_withdraws_it(client: Client) -> None:
    eva, design = board(cards=1)
    pattern = shared(eva, design)
    client.force_login(eva)
    words = {"title": "Better", "summary": "New", "licence": "cc0", "audience": "everybody"}

    assert client.post(reverse("courses:pattern-edit", args=[pattern.key]), words).status_code == 303
    pattern.refresh_from_db()
    assert (pattern.title, pattern.licence) == ("Better", "cc0")

    assert client.post(reverse("courses:pattern-withdraw", args=[pattern.key])).status_code == 303
    assert client.get(reverse("courses:pattern", args=[pattern.key])).status_code == 404
    assert insert(client, "mkc-101", pattern, first_week=1, version=0).status_code == 404


# --- Who sees what, and what it costs -------------------------------------------------------------------------------


def test_patterns_of_another_unit_are_invisible_and_students_see_none(client: Client) -> None:
    eva, design = board(cards=1)
    elsewhere = UnitFactory(path="/77/", name="Health")
    below = UnitFactory(path=f"{design.course.unit.path}78/", name="Below")
    for title, unit in (("Here", design.course.unit), ("There", elsewhere), ("All", None), ("Under", below)):
        shared(UserFactory(), design, title=title, unit=unit)
    director = AppointmentFactory(unit=design.course.unit, role="director").user

    client.force_login(eva)
    listed = text_of(client.get(reverse("courses:patterns")))
    assert ("Here" in listed, "There" in listed, ">All<" in listed, "Under" in listed) == (True, False, True, False)
    hidden = Pattern.objects.get(title="There")
    assert client.get(reverse("courses:pattern", args=[hidden.key])).status_code == 404
    assert insert(client, "mkc-101", hidden, first_week=1, version=0).status_code == 404
    assert (
        client.post(reverse("courses:pattern-withdraw", args=[Pattern.objects.get(title="All").key])).status_code == 403
    )

    client.force_login(director)
    assert "Under" in text_of(client.get(reverse("courses:patterns")))
    assert insert(client, "mkc-101", Pattern.objects.get(title="All"), first_week=1, version=0).status_code == 403

    student = MembershipFactory(cohort=CohortFactory()).user
    client.force_login(student)
    assert client.get(reverse("courses:patterns")).status_code == 403


def test_the_library_is_searched_by_words_and_by_whose_they_are(client: Client) -> None:
    patterns.load_shipped(at=NOW)
    eva, design = board(cards=1)
    shared(eva, design, title="My kick-off")
    shared(UserFactory(), design, title="Their kick-off")
    client.force_login(eva)

    def listed(**query: str) -> list[str]:
        page = client.get(reverse("courses:patterns"), query)
        return [pattern.title for pattern, _board, _address in page.context["shown"]]

    assert listed(q="kick off") == ["My kick-off", "Their kick-off"]
    assert listed(q="interview") == ["Field interview"]
    assert listed(whose="mine") == ["My kick-off"]
    assert listed(whose="colleagues") == ["Their kick-off"]
    assert len(listed(whose="product")) == 10
    assert listed(q="nothing has these words") == []
    assert len(listed(whose="nonsense")) == 12


@pytest.mark.parametrize("count", [1, 12])
def test_the_library_costs_the_same_whatever_it_holds(
    client: Client, count: int, django_assert_max_num_queries: Any
) -> None:
    eva, design = board(cards=3)
    for number in range(count):
        shared(eva, design, title=f"Pattern {number}", unit=design.course.unit)
    client.force_login(eva)

    with django_assert_max_num_queries(9):
        client.get(reverse("courses:patterns"))
    with django_assert_max_num_queries(12):
        client.get(reverse("courses:patterns-of-course", args=["mkc-101"]))
    with django_assert_max_num_queries(12):
        client.get(reverse("courses:pattern-insert", args=["mkc-101", Pattern.objects.all()[0].key]))
