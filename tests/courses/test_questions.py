"""A lecturer writes the questions of a quiz: one by one with a form, or many pasted at once."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from activities.models import Activity, Attempt, Question
from activities.questions import form_of, kinds, parse
from activities.questions.lines import EXAMPLE
from activities.services.questions import fingerprint
from blendedu.journal.models import Entry
from courses.models import Design, Placement
from tests.activities.quizzes import CANARY, EVERY_KIND, RIGHT, SHORT, SINGLE, quiz_activity, sitting
from tests.factories import (
    ActivityFactory,
    CourseFactory,
    DesignFactory,
    MembershipFactory,
    PlacementFactory,
    RunFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

PIECE = {"HX-Request": "true"}


@pytest.fixture
def lecturer():
    return UserFactory()


@pytest.fixture
def placement(lecturer) -> Placement:
    design = DesignFactory(course=CourseFactory(code="mkc", lecturer=lecturer))
    return PlacementFactory(design=design, activity=quiz_activity(SINGLE, SHORT))


@pytest.fixture
def writer(client, lecturer):
    client.force_login(lecturer)
    return client


def url(name: str, placement: Placement, *args: object) -> str:
    return reverse(f"courses:{name}", args=["mkc", placement.pk, *args])


def asked(placement: Placement) -> list[str]:
    placement.refresh_from_db()
    return [question.content["text"] for question in placement.activity.questions.all()]


def fields(content: dict, **changed: str) -> dict[str, str]:
    """A question as the form sends it."""
    form = form_of(parse(content))
    sent = {
        name: "on" if value is True else str(value) for name, value in form.items() if isinstance(value, str | bool)
    }
    sent = {name: value for name, value in sent.items() if value != "False"}
    for prefix in ("answer", "distractor"):
        for row in form.get(f"{prefix}s", []):
            for name, value in row.items():
                if name != "index" and value is not False:
                    sent[f"{prefix}-{row['index']}-{name}"] = "on" if value is True else str(value)
    return sent | changed


# --- Looking ----------------------------------------------------------------------------------------------------------


def test_the_list_shows_each_question_with_its_right_answer(writer, placement):
    page = writer.get(url("questions", placement)).content.decode()

    assert "2 questions, 3 points" in page
    assert "What decides a campaign first?" in page
    assert "Who it is for" in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_whatever_it_holds(writer, placement, count, django_assert_num_queries):
    for number in range(count):
        Question.objects.create(
            activity=placement.activity,
            key=f"more{number}",
            position=9,
            kind="single",
            content={**SINGLE, "key": f"more{number}"},
        )
    writer.get(url("questions", placement))

    # user, placement with the rights, questions, earlier attempts, head of the course (2), roles, unread notices
    with django_assert_num_queries(8):
        writer.get(url("questions", placement))


def test_an_empty_quiz_says_what_to_do_first(writer, placement):
    placement.activity.questions.all().delete()

    page = writer.get(url("questions", placement)).content.decode()

    assert "No questions yet" in page
    assert [kind in page for kind in ("Single choice", "Matching", "Number")] == [True, True, True]


def test_a_question_that_cannot_be_read_is_named_and_can_be_written_anew(writer, placement):
    placement.activity.questions.filter(key="who").update(content={**SINGLE, "choices": []})

    page = writer.get(url("questions", placement)).content.decode()
    editor = writer.get(url("questions", placement), {"edit": "who"})

    assert "cannot be read" in page
    assert editor.status_code == 200


@pytest.mark.parametrize("kind", kinds())
def test_every_kind_has_a_form(writer, placement, kind):
    page = writer.get(url("questions", placement), {"add": kind})

    assert page.status_code == 200
    assert f'name="kind" value="{kind}"' in page.content.decode()


@pytest.mark.parametrize("content", EVERY_KIND, ids=lambda content: content["kind"])
def test_the_form_of_every_kind_gives_the_same_question_back(writer, placement, content):
    Question.objects.all().delete()
    Question.objects.create(
        activity=placement.activity, key=content["key"], position=0, kind=content["kind"], content=content
    )
    page = writer.get(url("questions", placement), {"edit": content["key"]}).content.decode()
    form = re.search(r'<form class="form" id="question-form".*?</form>', page, re.DOTALL)[0]
    sent = {
        **dict(re.findall(r'<input(?! type="(?:checkbox|radio)")[^>]*name="([^"]+)" value="([^"]*)"', form)),
        **dict.fromkeys(re.findall(r'<input type="checkbox"[^>]*name="([^"]+)" checked', form), "on"),
        **dict(re.findall(r'<input type="radio" name="([^"]+)" value="([^"]*)" checked', form)),
        **dict(re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>([^<]*)</textarea>', form)),
        **{
            name: re.search(r'<option value="(\w+)" selected', options)[1]
            for name, options in re.findall(r'<select[^>]*name="([^"]+)">(.*?)</select>', form)
        },
    }

    saved = writer.post(url("question-edit", placement, content["key"]), sent)

    assert saved.status_code == 303
    assert Question.objects.get().content == parse(content).to_json()


@pytest.mark.parametrize("name", ["no-such-kind", "<script>"])
def test_a_kind_that_does_not_exist_is_not_found(writer, placement, name):
    assert writer.get(url("questions", placement), {"add": name}).status_code == 404
    assert writer.post(url("question-add", placement), {"kind": name}).status_code == 404


def test_an_activity_without_questions_has_no_such_page(writer, placement):
    reading = PlacementFactory(design=placement.design, activity=ActivityFactory(type_key="reading"))

    assert writer.get(url("questions", reading)).status_code == 404


# --- Writing ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", EVERY_KIND, ids=lambda content: content["kind"])
def test_a_question_of_every_kind_can_be_added(writer, placement, content):
    Question.objects.all().delete()

    added = writer.post(url("question-add", placement), fields(content))

    assert added.status_code == 303
    assert Question.objects.get().content == parse(content).to_json()
    placement.activity.refresh_from_db()
    assert str(placement.activity.points.normalize()) == content["points"]
    assert Entry.objects.filter(verb="question-added", actor__isnull=False).count() == 1


def test_a_form_sent_twice_adds_one_question(writer, placement):
    page = writer.get(url("questions", placement), {"add": "truefalse"}).content.decode()
    key = re.search(r'name="key" value="(\w+)"', page)[1]
    sent = {
        "kind": "truefalse",
        "key": key,
        "text": "Is it so?",
        "answer": "true",
        "points": "1",
        "true_label": "Yes",
        "false_label": "No",
    }

    answers = [writer.post(url("question-add", placement), sent).status_code for _click in range(2)]

    assert answers == [303, 303]
    assert asked(placement).count("Is it so?") == 1


def test_a_question_that_is_not_finished_comes_back_with_what_was_typed(writer, placement):
    refused = writer.post(
        url("question-add", placement),
        {"kind": "single", "text": "", "points": "-5", "answer-0-text": "<b>One</b>", "answer-1-text": "Two"},
    )

    page = refused.content.decode()
    assert refused.status_code == 422
    assert "3 things need your attention" in page
    assert 'href="#id_text"' in page
    assert ">&lt;b&gt;One&lt;/b&gt;</textarea>" in page
    assert asked(placement) == ["What decides a campaign first?", "Where do the students live?"]


@pytest.mark.parametrize(
    ("kind", "sent", "words"),
    [
        ("single", {"text": "?", "answer-0-text": "One", "right": "0"}, "At least 2 are needed here."),
        ("multiple", {"text": "?", "answer-0-text": "One", "answer-1-text": "Two"}, "Say which choices are right."),
        ("short", {"text": "?"}, "At least 1 are needed here."),
        ("numerical", {"text": "?", "answer-0-value": "many"}, "This must be a number."),
        (
            "single",
            {"text": "?", "answer-0-text": "1", "answer-1-text": "2", "right": "0", "points": "10000"},
            "at most 100",
        ),
    ],
)
def test_what_is_wrong_is_said(writer, placement, kind, sent, words):
    refused = writer.post(url("question-add", placement), {"kind": kind, **sent})

    assert refused.status_code == 422
    assert words in refused.content.decode()


def test_rows_come_and_go_without_losing_what_was_typed(writer, placement):
    sent = {"kind": "single", "text": "Which?", "answer-0-text": "One", "answer-2-text": "Three", "right": "2"}

    more = writer.post(url("question-add", placement), {**sent, "more": "answer"}).content.decode()
    fewer = writer.post(url("question-add", placement), {**sent, "drop": "answer-0"}).content.decode()

    row = re.compile(r'name="answer-(\d)-text"[^>]*>(\w*)</textarea>')
    assert row.findall(more) == [("0", "One"), ("2", "Three"), ("3", "")]
    assert row.findall(fewer) == [("2", "Three")]
    assert "autofocus" in more.split('name="answer-3-text"')[1][:120]
    assert len(asked(placement)) == 2


def test_a_question_cannot_get_rows_without_end(writer, placement):
    sent = {"kind": "single", "text": "?", **{f"answer-{number}-text": "x" for number in range(50)}}

    page = writer.post(url("question-add", placement), {**sent, "more": "answer"}).content.decode()

    assert len(re.findall(r'name="answer-\d+-text"', page)) == 50


def test_the_preview_shows_the_question_as_a_student_sees_it_and_stores_nothing(writer, placement):
    sent = {
        "kind": "single",
        "text": "**Which?**",
        "answer-0-text": "One",
        "answer-1-text": "Two",
        "right": "0",
        "look": "1",
    }

    piece = writer.post(url("question-add", placement), sent, headers=PIECE)
    unfinished = writer.post(url("question-add", placement), {**sent, "answer-1-text": ""}, headers=PIECE)
    page = writer.post(url("question-add", placement), sent)

    assert "<strong>Which?</strong>" in piece.content.decode()
    assert (unfinished.status_code, unfinished.content) == (204, b"")
    assert "<strong>Which?</strong>" in page.content.decode()
    assert len(asked(placement)) == 2


def test_a_changed_question_keeps_its_key_and_its_place(writer, placement):
    row = placement.activity.questions.get(key="who")

    saved = writer.post(
        url("question-edit", placement, "who"), fields(SINGLE, text="Who first?", key="another", seen=fingerprint(row))
    )

    assert saved["Location"].endswith("#question-who")
    assert asked(placement) == ["Who first?", "Where do the students live?"]
    assert placement.activity.questions.first().key == "who"


def test_two_lecturers_at_one_question_lose_nothing(writer, placement):
    row = placement.activity.questions.get(key="who")
    seen = fingerprint(row)
    writer.post(url("question-edit", placement, "who"), fields(SINGLE, text="First?", seen=seen))

    refused = writer.post(url("question-edit", placement, "who"), fields(SINGLE, text="Second?", seen=seen))

    page = refused.content.decode()
    assert refused.status_code == 409
    assert "Somebody else changed this question" in page
    assert ">Second?</textarea>" in page
    assert asked(placement)[0] == "First?"
    again = re.search(r'name="seen" value="(\w+)"', page)[1]
    writer.post(url("question-edit", placement, "who"), fields(SINGLE, text="Second?", seen=again))
    assert asked(placement)[0] == "Second?"


def test_questions_move_up_and_down_and_stop_at_the_ends(writer, placement):
    orders = []
    for key, direction in (("capital", "up"), ("capital", "up"), ("capital", "down"), ("capital", "down")):
        writer.post(url("question-move", placement, key), {"direction": direction})
        orders.append([question.key for question in placement.activity.questions.all()])

    assert orders == [["capital", "who"], ["capital", "who"], ["who", "capital"], ["who", "capital"]]


def test_a_removed_question_can_be_put_back_where_it_was(writer, placement):
    writer.post(url("question-remove", placement, "who"))
    page = writer.get(url("questions", placement)).content.decode()
    removed = asked(placement)

    back = writer.post(url("question-back", placement))
    again = writer.post(url("question-back", placement))

    assert removed == ["Where do the students live?"]
    assert "is removed." in page
    assert back.status_code == 303
    assert asked(placement) == ["What decides a campaign first?", "Where do the students live?"]
    assert again.status_code == 409


def test_the_estimate_can_be_taken_over_as_the_plan(writer, placement):
    placement.activity.minutes = 30
    placement.activity.save()
    page = writer.get(url("questions", placement)).content.decode()

    taken = writer.post(url("questions-minutes", placement))

    placement.refresh_from_db()
    assert "These questions take about <b>5 min</b>" in page
    assert (taken.status_code, placement.activity.minutes, placement.activity.minutes_basis) == (303, 5, "estimated")


# --- Pasting ----------------------------------------------------------------------------------------------------------


def test_pasting_shows_first_and_adds_then(writer, placement):
    checked = writer.post(url("questions-paste", placement), {"text": EXAMPLE, "decimal": "point"})
    before = len(asked(placement))
    added = writer.post(url("questions-paste", placement), {"text": EXAMPLE, "decimal": "point", "add": "1"})

    assert "Add these 6 questions" in checked.content.decode()
    assert (before, added.status_code, len(asked(placement))) == (2, 303, 8)


def test_faulty_lines_are_named_with_their_number(writer, placement):
    text = "What is it?\nA. One\nB. Two\n\nIs it so?\nANSWER: true\n"

    page = writer.post(url("questions-paste", placement), {"text": text, "decimal": "point"})

    assert page.status_code == 422
    assert "Line 2: Say which choice is right, with * or with ANSWER." in page.content.decode()
    assert "Add the one that can be read" in page.content.decode()


def test_pasting_the_same_twice_adds_nothing_twice(writer, placement):
    for _click in range(2):
        writer.post(url("questions-paste", placement), {"text": EXAMPLE, "decimal": "point", "add": "1"})

    assert len(asked(placement)) == 8


@pytest.mark.parametrize(("text", "status"), [("", 422), ("\x00", 422), ("x" * 400_001, 422), ("<script>", 422)])
def test_nonsense_is_refused_in_place(writer, placement, text, status):
    page = writer.post(url("questions-paste", placement), {"text": text, "decimal": "point", "add": "1"})

    assert page.status_code == status
    assert len(asked(placement)) == 2


def test_more_questions_than_an_activity_holds_are_refused_whole(writer, placement):
    text = "\n\n".join(f"Is it {number}?\nANSWER: true" for number in range(199))

    page = writer.post(url("questions-paste", placement), {"text": text, "decimal": "point", "add": "1"})

    assert page.status_code == 409
    assert len(asked(placement)) == 2


# --- Trying it as a student -------------------------------------------------------------------------------------------


def test_the_preview_grades_on_the_spot_and_stores_nothing(writer, placement):
    empty = writer.get(url("questions-preview", placement)).content.decode()

    graded = writer.post(
        url("questions-preview", placement), {"asked": ["who", "capital"], "q-who": "a", "q-capital": RIGHT["capital"]}
    ).content.decode()

    assert CANARY not in empty
    assert "3 of 3 points" in graded
    assert f"{CANARY} well seen" in graded
    assert not Attempt.objects.exists()


def test_the_preview_says_what_cannot_be_read(writer, placement):
    Question.objects.all().delete()
    content = EVERY_KIND[4]
    Question.objects.create(activity=placement.activity, key="share", position=0, kind="numerical", content=content)

    page = writer.post(url("questions-preview", placement), {"q-share": "about half"})

    assert page.status_code == 422
    assert "Write a number, such as 12.5." in page.content.decode()


# --- Rights and versions ----------------------------------------------------------------------------------------------

POSTS = [
    ("question-add", ()),
    ("question-edit", ("who",)),
    ("question-move", ("who",)),
    ("question-remove", ("who",)),
    ("question-back", ()),
    ("questions-minutes", ()),
    ("questions-paste", ()),
]


@pytest.mark.parametrize(("name", "args"), POSTS)
def test_a_stranger_finds_nothing_and_a_coach_may_not(client, placement, name, args):
    client.force_login(UserFactory())
    stranger = client.post(url(name, placement, *args), {"kind": "single"}).status_code
    placement.design.course.coach = UserFactory()
    placement.design.course.save()
    client.force_login(placement.design.course.coach)
    coach = client.post(url(name, placement, *args), {"kind": "single"}).status_code

    assert (stranger, coach) == (404, 403)


def test_a_student_of_the_course_does_not_see_the_questions(client, placement):
    run = RunFactory(course=placement.design.course, design=placement.design)
    client.force_login(MembershipFactory(cohort=run.cohort).user)

    assert client.get(url("questions", placement)).status_code == 403
    assert client.get(url("questions-preview", placement)).status_code == 403


def test_a_coach_may_look(client, placement):
    placement.design.course.coach = UserFactory()
    placement.design.course.save()
    client.force_login(placement.design.course.coach)

    page = client.get(url("questions", placement)).content.decode()

    assert "What decides a campaign first?" in page
    assert "Add a question" not in page


@pytest.mark.parametrize(("name", "args"), POSTS)
def test_an_approved_version_stays_as_it_is(writer, placement, name, args):
    Design.objects.update(state=Design.State.APPROVED)
    row = placement.activity.questions.get(key="who")
    sent = fields(SINGLE, text="Changed?", key="fresh", seen=fingerprint(row)) if name != "questions-paste" else {
        "text": EXAMPLE, "decimal": "point", "add": "1",
    }  # fmt: skip

    refused = writer.post(url(name, placement, *args), sent)

    assert refused.status_code == 409
    assert asked(placement) == ["What decides a campaign first?", "Where do the students live?"]


# F36: a quiz that runs is copied before it is changed; who began keeps what they were asked.
def test_changing_the_questions_of_a_running_quiz_makes_a_copy_and_says_who_keeps_the_earlier(client):
    quiz = sitting(SINGLE, SHORT)
    quiz.begin()
    running = quiz.run_offer.placement
    draft = DesignFactory(course=quiz.course, number=2)
    placement = PlacementFactory(design=draft, activity=quiz.activity, key=running.key)
    client.force_login(quiz.course.lecturers.get())
    row = quiz.activity.questions.get(key="who")

    saved = client.post(
        url("question-edit", placement, "who"), fields(SINGLE, text="Who first?", seen=fingerprint(row))
    )
    page = client.get(url("questions", placement)).content.decode()

    placement.refresh_from_db()
    assert saved.status_code == 303
    assert placement.activity_id != quiz.activity.pk
    assert quiz.activity.questions.get(key="who").content == SINGLE
    assert placement.activity.questions.get(key="who").content["text"] == "Who first?"
    assert page.count("1 attempt keeps the earlier version") == 1
    assert Activity.objects.count() == 2
