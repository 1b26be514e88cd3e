"""Imports in a course: looked at first, taken once, as a step that undo takes back."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings

from activities.models import Question
from blendedu.journal import work
from blendedu.journal.models import Job
from courses.exchange import design_json, reading
from courses.models import Design, DesignImport, Placement, Step
from courses.outline import Outline
from courses.queries.outline import outline_of
from courses.services import designs, imports
from courses.services.plan import insert_outline, redo, undo
from tests.courses.exchange.samples import outlines
from tests.courses.studio.worlds import board, text_of
from tests.factories import (
    NOW,
    AppointmentFactory,
    CourseFactory,
    DesignFactory,
    OutcomeFactory,
    PlacementFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

TABLE = "Week\tTitle\tTime\n1\tRead\t45\n1\tDiscuss\t30\n4\tQuiz\t15\n"
HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'


def propose(course: Any, eva: Any, text: str = TABLE) -> DesignImport:
    return imports.propose(course, "Pasted table", reading.read_paste(text), by=eva, at=NOW)


def paste(client: Client, code: str, text: str = TABLE) -> Any:
    return client.post(reverse("courses:table-paste", args=[code]), {"table": text})


def upload(client: Client, code: str, name: str, content: bytes) -> Any:
    return client.post(reverse("courses:design-import", args=[code]), {"file": SimpleUploadedFile(name, content)})


def take(client: Client, imported: DesignImport, **said: Any) -> Any:
    return client.post(reverse("courses:import-take", args=[imported.course.code, imported.pk]), said)


def titles(design: Design) -> list[tuple[int | None, str]]:
    rows = Placement.objects.filter(design=design).order_by("week__number", "moment", "position", "pk")
    return list(rows.values_list("week__number", "activity__title"))


# --- A design that goes out and comes back --------------------------------------------------------------------------


@given(outlines())
@hypothesis_settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_design_that_is_exported_and_imported_is_the_same(outline: Outline) -> None:
    Design.objects.all().delete()  # of the example before: a key that stands in another course is never taken over
    course = CourseFactory()
    first = designs.begin_from(course, outline, by=UserFactory(), at=NOW)
    Design.objects.filter(pk=first.pk).update(state=Design.State.APPROVED)
    read = design_json.read(design_json.write(outline_of(first)))
    assert read.outline is not None
    assert read.remarks == ()

    second = designs.begin_from(course, read.outline, by=UserFactory(), at=NOW)

    before, after = design_json.document(outline_of(first)), design_json.document(outline_of(second))
    assert {**after, "about": None} == {**before, "about": None}
    assert after["activities"] == design_json.document(outline)["activities"]


@given(outlines())
@hypothesis_settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
def test_undo_takes_any_import_back_and_redo_makes_it_again(outline: Outline) -> None:
    for replace in (False, True):
        eva, design = board_of_two()
        before = design_json.document(outline_of(design))

        insert_outline(design, outline, replace=replace, label="import", by=eva, version=None, at=NOW)
        after = design_json.document(outline_of(design))
        if after == before:
            continue
        undo(design, by=eva, at=NOW)
        assert design_json.document(outline_of(design)) == before
        redo(design, by=eva, at=NOW)
        assert design_json.document(outline_of(design)) == after


def board_of_two() -> tuple[Any, Design]:
    eva = UserFactory()
    course = CourseFactory(lecturer=eva)
    design = DesignFactory(course=course, weeks=2)
    outcome = OutcomeFactory(design=design, number=1, text="Segment an audience")
    for number in (1, 2):
        PlacementFactory(design=design, activity__title=f"Card {number}").outcomes.add(outcome)
    return eva, design


def test_keys_of_another_course_are_not_taken_over() -> None:
    eva, design = board_of_two()
    other = designs.begin_from(CourseFactory(), outline_of(design), by=eva, at=NOW)

    assert titles(other) == titles(design)
    assert not set(other.outcomes.values_list("key")) & set(design.outcomes.values_list("key"))
    assert not set(other.placements.values_list("key")) & set(design.placements.values_list("key"))


def test_questions_come_along_with_their_points() -> None:
    eva, design = board_of_two()
    quiz = {
        "title": "Quiz",
        "type": "quiz",
        "week": 1,
        "questions": [{"kind": "truefalse", "key": "t1", "text": "Is it?", "points": 2, "answer": True}],
    }
    source = {"format": "blendedu-design", "version": 1, "weeks": [{"number": 1}], "activities": [quiz]}
    read = reading.read_file("d.json", json.dumps(source).encode())
    imported = imports.propose(design.course, "d.json", read, by=eva, at=NOW)

    imports.take(imported, how="add", design=design, first_week=1, version=None, by=eva, at=NOW)

    (question,) = Question.objects.all()
    assert (question.activity.title, question.activity.points, question.key) == ("Quiz", 2, "t1")


# --- The way of a person --------------------------------------------------------------------------------------------


def test_what_was_pasted_is_shown_before_anything_is_taken(client: Client) -> None:
    eva, design = board(cards=1)
    client.force_login(eva)

    answer = paste(client, "mkc-101")

    imported = DesignImport.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, reverse("courses:import", args=["mkc-101", imported.pk]))
    assert titles(design) == [(1, "Card 1")]
    page = text_of(client.get(answer["Location"]))
    assert "3 activities can be taken" in page
    assert "Column 3: Time" in page


def test_a_column_is_corrected_and_the_report_follows(client: Client) -> None:
    eva, _design = board()
    client.force_login(eva)
    paste(client, "mkc-101", "Title\tX\nRead\t45\nDiscuss\thalf\n")
    imported = DesignImport.objects.get()

    answer = client.post(
        reverse("courses:import-columns", args=["mkc-101", imported.pk]),
        {"column_0": "title", "column_1": "minutes", "has_header": "on"},
    )

    assert answer.status_code == 303
    page = text_of(client.get(answer["Location"]))
    assert "“half” is no time" in page
    assert "“X” is left out" not in page


def test_it_is_added_to_the_draft_as_one_step(client: Client) -> None:
    eva, design = board(cards=1, weeks=2)
    client.force_login(eva)
    imported = propose(design.course, eva)

    answer = take(client, imported, how="add", first_week=2, version=0)

    assert answer.status_code == 303
    assert titles(design) == [(1, "Card 1"), (2, "Read"), (2, "Discuss"), (5, "Quiz")]
    (step,) = Step.objects.all()
    assert step.label == "import of “Pasted table”"
    undo(Design.objects.select_related("course__unit").get(), by=eva, at=NOW)
    assert titles(design) == [(1, "Card 1")]
    assert design.weeks.count() == 2


def test_it_takes_the_place_of_everything_only_when_told_so(client: Client) -> None:
    eva, design = board(cards=2, weeks=3)
    client.force_login(eva)
    imported = propose(design.course, eva)

    take(client, imported, how="replace", first_week=1, version=0)

    assert [title for _week, title in titles(design)] == ["Read", "Discuss", "Quiz"]
    assert design.weeks.count() == 4
    undo(Design.objects.select_related("course__unit").get(), by=eva, at=NOW)
    assert titles(design) == [(1, "Card 1"), (1, "Card 2")]


def test_a_course_without_draft_gets_a_new_design(client: Client) -> None:
    eva = UserFactory()
    imported = propose(CourseFactory(lecturer=eva, code="new"), eva)
    client.force_login(eva)

    take(client, imported, how="new")

    design = Design.objects.get(course__code="new")
    assert [title for _week, title in titles(design)] == ["Read", "Discuss", "Quiz"]
    imported.refresh_from_db()
    assert (imported.design, imported.taken_at is not None) == (design, True)


def test_two_clicks_take_it_once_and_the_report_stays(client: Client) -> None:
    eva, design = board(cards=0)
    client.force_login(eva)
    imported = propose(design.course, eva, "Title\tTime\tMood\nRead\tsoon\tgood\n")

    take(client, imported, how="add", first_week=1, version=0)
    again = take(client, imported, how="add", first_week=1, version=1)

    assert (again.status_code, again["Location"]) == (303, reverse("courses:import", args=["mkc-101", imported.pk]))
    assert titles(design) == [(1, "Read")]
    page = text_of(client.get(again["Location"]))
    assert "“soon” is no time" in page
    assert "“Mood” is left out." in page


def test_a_stale_page_takes_nothing(client: Client) -> None:
    eva, design = board(cards=1)
    client.force_login(eva)
    imported = propose(design.course, eva)
    Design.objects.filter(pk=design.pk).update(plan_version=7)

    answer = take(client, imported, how="add", first_week=1, version=0)

    assert answer.status_code == 409
    assert "Nothing was taken" in text_of(answer)
    imported.refresh_from_db()
    assert (imported.taken_at, titles(design)) == (None, [(1, "Card 1")])
    assert take(client, imported, how="add", first_week=1, version=7).status_code == 303


def test_a_version_in_review_takes_nothing(client: Client) -> None:
    eva, design = board(cards=0, state=Design.State.IN_REVIEW)
    client.force_login(eva)
    imported = propose(design.course, eva)

    assert "with the DigiCoach" in text_of(client.get(reverse("courses:import", args=["mkc-101", imported.pk])))
    assert take(client, imported, how="add", first_week=1, version=0).status_code == 409
    assert titles(design) == []


def test_weeks_beyond_the_last_are_refused(client: Client) -> None:
    eva, design = board(cards=0)
    client.force_login(eva)
    imported = propose(design.course, eva)

    answer = take(client, imported, how="add", first_week=58, version=0)

    assert answer.status_code == 422
    assert "at most 60 weeks" in text_of(answer)
    assert titles(design) == []


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("plan.json", b"", "This file is empty."),
        ("plan.exe", b"MZ", "Choose a file that ends in"),
        ("plan.csv", b"\n\n", "This file is empty."),
        ("plan.json", b"{", "This is no JSON"),
        ("plan.xlsx", b"no", "This is no workbook"),
        ("plan.json", b" " * (6 * 1024 * 1024), "larger than 5 MB"),
    ],
)
def test_a_bad_file_is_refused_in_place(client: Client, name: str, content: bytes, words: str) -> None:
    eva, _design = board()
    client.force_login(eva)

    answer = upload(client, "mkc-101", name, content)

    assert answer.status_code == 422
    assert words in text_of(answer)
    assert not DesignImport.objects.exists()


def test_a_file_of_thirty_megabytes_is_never_read_into_memory(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    eva, _design = board()
    client.force_login(eva)
    monkeypatch.setattr(reading, "read_file", lambda name, source: pytest.fail("it was read"))

    answer = upload(client, "mkc-101", "plan.json", b"x" * (30 * 1024 * 1024))

    assert answer.status_code == 422
    assert "larger than 5 MB" in text_of(answer)


def test_what_was_pasted_stays_when_it_cannot_be_read(client: Client) -> None:
    eva, _design = board()
    client.force_login(eva)

    answer = paste(client, "mkc-101", 'Title\n"' + "x" * 140_000)

    assert answer.status_code == 422
    assert "x" * 1000 in text_of(answer)


def test_html_in_every_field_is_shown_as_text(client: Client) -> None:
    eva, design = board(cards=0)
    client.force_login(eva)
    source = {
        "format": "blendedu-design",
        "version": 1,
        "title": HOSTILE,
        "about": {HOSTILE: HOSTILE},
        HOSTILE: 1,
        "weeks": [{"number": 1, "title": HOSTILE}],
        "outcomes": [{"text": HOSTILE}],
        "activities": [
            {
                "title": HOSTILE,
                "type": HOSTILE,
                "brief": HOSTILE,
                "tool": HOSTILE,
                "files": [{"kind": "clip", "name": HOSTILE}],
            },
            {"title": "Quiz", "week": 1, "type": "quiz", "brief": HOSTILE, "outcomes": [1]},
        ],
        "links": [{"from": 1, "to": 2, "note": HOSTILE}],
    }
    upload(client, "mkc-101", f"{HOSTILE}.json", json.dumps(source).encode())
    imported = DesignImport.objects.get()

    pages = [client.get(reverse("courses:import", args=["mkc-101", imported.pk])).content.decode()]
    take(client, imported, how="add", first_week=1, version=0)
    pages += [
        client.get(reverse(name, args=["mkc-101"])).content.decode()
        for name in ("courses:studio", "courses:design-import", "courses:outcomes")
    ]

    assert design.placements.count() == 2
    for page in pages:
        assert "<script>alert(1)" not in page
        assert "<img src=x" not in page


def test_what_nobody_takes_is_forgotten_and_what_was_taken_stays() -> None:
    eva, design = board(cards=0)
    taken, left = propose(design.course, eva), propose(design.course, eva)
    imports.take(taken, how="add", design=design, first_week=1, version=None, by=eva, at=NOW)

    due = Job.objects.filter(kind="forget-import")
    assert {job.due_at for job in due} == {NOW + timedelta(days=14)}
    for job in due:
        work.of(job.kind)(job.ref, NOW)
        work.of(job.kind)(job.ref, NOW)

    assert list(DesignImport.objects.all()) == [taken]
    assert not DesignImport.objects.filter(pk=left.pk).exists()


# --- Rights and costs -----------------------------------------------------------------------------------------------


def test_only_lecturers_take_things_in(client: Client) -> None:
    eva, design = board()
    imported = propose(design.course, eva)
    director = AppointmentFactory(unit=design.course.unit, role="director").user
    stranger = UserFactory()

    for person, status in ((director, 403), (stranger, 404)):
        client.force_login(person)
        assert paste(client, "mkc-101").status_code == status
        assert upload(client, "mkc-101", "x.csv", b"Title\nRead\n").status_code == status
        assert take(client, imported, how="add", first_week=1, version=0).status_code == status
        assert client.get(reverse("courses:import", args=["mkc-101", imported.pk])).status_code == status
        export = client.get(reverse("courses:design-export", args=["mkc-101", 1, "json"]))
        assert export.status_code == (200 if person == director else 404)


def test_an_import_of_another_course_is_not_there(client: Client) -> None:
    eva, _design = board()
    imported = propose(CourseFactory(lecturer=eva, code="other"), eva)
    client.force_login(eva)

    assert client.get(reverse("courses:import", args=["mkc-101", imported.pk])).status_code == 404


@pytest.mark.parametrize("kind", ["json", "csv", "xlsx", "ldj"])
def test_an_export_is_a_file_with_the_name_of_the_course(client: Client, kind: str) -> None:
    eva, _design = board(cards=2)
    client.force_login(eva)

    answer = client.get(reverse("courses:design-export", args=["mkc-101", 1, kind]))

    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith('attachment; filename="mkc-101-')
    assert answer["Content-Disposition"].endswith(f'-version-1.{kind}"')
    read = reading.read_file(f"x.{kind}", answer.content)
    assert [each.title for each in read.proposal.outline.activities] == ["Card 1", "Card 2"]  # type: ignore[union-attr]


@pytest.mark.parametrize("cards", [2, 40])
def test_pages_and_taking_cost_the_same_whatever_is_in_them(
    client: Client, cards: int, django_assert_max_num_queries: Any
) -> None:
    eva, design = board(cards=1)
    client.force_login(eva)
    imported = propose(design.course, eva, "Week\tTitle\tTime\n" + "1\tRead\t45\n" * cards)

    with django_assert_max_num_queries(12):
        client.get(reverse("courses:import", args=["mkc-101", imported.pk]))
    with django_assert_max_num_queries(12):
        client.get(reverse("courses:design-import", args=["mkc-101"]))
    with django_assert_max_num_queries(14):
        client.get(reverse("courses:design-export", args=["mkc-101", 1, "json"]))
    with django_assert_max_num_queries(32):  # a whole design at once: a handful per kind of row
        assert take(client, imported, how="add", first_week=1, version=0).status_code == 303
    assert design.placements.count() == cards + 1
