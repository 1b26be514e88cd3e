"""Opening a run: an approved design, a start date and a class list become weeks, offers, people and notices."""

from datetime import UTC, date, datetime
from unittest.mock import ANY

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from activities.models import Offer
from blendedu.journal.models import Entry, Notice
from blendedu.people.models import Cohort, Group, Membership, User
from courses.models import Design, Run, RunOffer, RunWeek
from courses.queries.runs import calendar_of
from courses.services import runs
from tests.factories import (
    NOW,
    ActivityFactory,
    CohortFactory,
    CourseFactory,
    DesignFactory,
    MembershipFactory,
    PlacementFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

LIST = "Name;E-mail;Student number;Group\nAnn Peeters;ann@example.org;s1;Group A\nBo Li;BO@example.org;s2;Group A\n"
TOKEN = "0" * 32


def opened(design, by, cohort=None, starts_on=date(2026, 12, 7), **more):
    more.setdefault("holidays", calendar_of(design.course.unit).holidays)
    cohort = cohort or CohortFactory(unit=design.course.unit)
    return runs.open_run(design, cohort=cohort, name="Winter", starts_on=starts_on, by=by, at=NOW, **more)


# --- The service --------------------------------------------------------------------------------------------------


def test_run_skips_the_weeks_of_a_holiday(design, lecturer, term):
    run = opened(design, lecturer)

    assert list(RunWeek.objects.filter(run=run).values_list("number", "monday")) == [
        (1, date(2026, 12, 7)),
        (2, date(2026, 12, 14)),
        (3, date(2027, 1, 4)),
    ]
    assert run.ends_on == date(2027, 1, 10)


def test_offers_take_their_windows_from_the_session_of_the_week(design, lecturer, term):
    run = opened(design, lecturer)

    rows = RunOffer.objects.filter(run=run).select_related("offer__activity").order_by("offer__opens_at")
    assert [(row.offer.activity.title, row.offer.opens_at, row.offer.due_at) for row in rows] == [
        ("Read chapter 1", datetime(2026, 11, 29, 23, 0, tzinfo=UTC), datetime(2026, 12, 10, 13, 0, tzinfo=UTC)),
        ("Case study", datetime(2026, 12, 10, 13, 0, tzinfo=UTC), datetime(2026, 12, 10, 14, 30, tzinfo=UTC)),
        ("Upload the result", datetime(2026, 12, 10, 14, 30, tzinfo=UTC), datetime(2026, 12, 13, 22, 59, tzinfo=UTC)),
    ]
    assert [(row.moment, row.week_number) for row in rows] == [("before", 1), ("together", 1), ("after", 1)]
    assert [(row.offer.room, row.offer.link) for row in rows][1] == ("B2.14", "https://meet.example.org/x")


def test_F16_two_o_clock_stays_two_o_clock_when_the_clocks_change(design, lecturer):
    run = opened(design, lecturer, starts_on=date(2026, 10, 19))
    summer = Offer.objects.get(run_offer__run=run, activity__title="Case study").opens_at
    later = opened(design, lecturer, starts_on=date(2026, 10, 26))
    winter = Offer.objects.get(run_offer__run=later, activity__title="Case study").opens_at

    assert (summer.hour, winter.hour) == (12, 13)  # UTC; 14:00 in Brussels both times


def test_what_is_on_the_shelf_is_not_offered(design, lecturer):
    PlacementFactory(design=design, week=None)

    run = opened(design, lecturer)

    assert RunOffer.objects.filter(run=run).count() == 3


@pytest.mark.parametrize("count", [1, 30])
def test_opening_costs_the_same_whatever_the_design_and_the_cohort_hold(
    design, lecturer, term, count, django_assert_num_queries
):
    cohort = CohortFactory(unit=design.course.unit)
    for _each in range(count):
        PlacementFactory(design=design, activity=ActivityFactory(type_key="session", timing="sync"), moment="together")
        MembershipFactory(cohort=cohort)
    holidays = calendar_of(design.course.unit).holidays

    # Savepoint and release, lock, state, the cohort's run; two reads of the plan; its groups; run, weeks, offers,
    # their places, entry; students and their notices.
    with django_assert_num_queries(17):
        opened(design, lecturer, cohort, holidays=holidays)


@pytest.mark.parametrize("state", ["draft", "in_review", "archived"])
def test_only_an_approved_design_is_run(design, lecturer, state):
    Design.objects.filter(pk=design.pk).update(state=state)

    with pytest.raises(runs.NotApproved):
        opened(design, lecturer)

    assert not Run.objects.exists()


def test_design_without_weeks_is_not_run(course, lecturer):
    empty = DesignFactory(course=course, state="approved")
    empty.weeks.all().delete()

    with pytest.raises(runs.RunRefused):
        opened(empty, lecturer)


def test_cohort_follows_a_course_once(design, lecturer):
    cohort = CohortFactory(unit=design.course.unit)
    first = opened(design, lecturer, cohort)

    with pytest.raises(runs.AlreadyOpened) as again:
        opened(design, lecturer, cohort)

    assert again.value.run == first
    assert Offer.objects.count() == 3


def test_students_are_told_once_and_newcomers_how_to_sign_in(design, lecturer):
    cohort = CohortFactory(unit=design.course.unit)
    known, newcomer = UserFactory(password="pbkdf2$known"), UserFactory(password="!")
    for person in (known, newcomer, UserFactory(is_active=False)):
        MembershipFactory(cohort=cohort, user=person)

    run = opened(design, lecturer, cohort)

    told = {notice.recipient: notice for notice in Notice.objects.filter(cause=f"run-opened:{run.pk}")}
    assert set(told) == {known, newcomer}
    assert told[known].body == "It begins on 7 December 2026."
    assert "Forgot your password?" in told[newcomer].body


def test_nothing_is_half_written_when_opening_fails(design, lecturer, monkeypatch):
    def fall(*_args, **_kwargs):
        raise RuntimeError

    monkeypatch.setattr(runs, "_tell_students", fall)

    with pytest.raises(RuntimeError):
        opened(design, lecturer)

    assert not Run.objects.exists()
    assert not Offer.objects.exists()


# --- The pages ----------------------------------------------------------------------------------------------------


@pytest.fixture
def send(client, lecturer, design, term, time_machine):
    time_machine.move_to(NOW, tick=False)
    client.force_login(lecturer)
    form = {
        "design": design.pk,
        "name": "Winter 2026",
        "term": term.pk,
        "starts_on": "2026-12-07",
        "who": "list",
        "students": LIST,
        "token": TOKEN,
    }

    def post(step, **changes):
        return client.post(reverse("courses:run-new", args=["mkc-101"]), {**form, "step": step, **changes})

    return post


def test_page_asks_with_the_coming_term_filled_in(client, lecturer, design, term, time_machine):
    time_machine.move_to(NOW, tick=False)
    client.force_login(lecturer)

    form = client.get(reverse("courses:run-new", args=["mkc-101"])).context["form"]

    assert (form["term"].value(), form["name"].value(), form["starts_on"].value()) == (
        term.pk,
        "Autumn 2026",
        date(2026, 11, 23),
    )


def test_preview_shows_everything_and_writes_nothing(send):
    UserFactory(email="ann@example.org")
    before = [model.objects.count() for model in (Run, Offer, Cohort, Membership, User, Group, Entry, Notice)]

    response = send("preview")

    assert response.status_code == 200
    assert [(one.row.email, one.standing) for one in response.context["joining"].people] == [
        ("ann@example.org", "known"),
        ("bo@example.org", "new"),
    ]
    assert [week.monday for week in response.context["weeks"]] == [
        date(2026, 12, 7),
        date(2026, 12, 14),
        date(2027, 1, 4),
    ]
    text = response.content.decode()
    assert "Christmas break: no teaching" in text
    assert "Thu 10 Dec, 14:00" in text
    assert before == [model.objects.count() for model in (Run, Offer, Cohort, Membership, User, Group, Entry, Notice)]


def test_session_on_a_holiday_is_flagged(send, term):
    term.holidays.create(name="Dies natalis", starts_on=date(2026, 12, 10), ends_on=date(2026, 12, 10))

    response = send("preview")

    assert "On a holiday: Dies natalis" in response.content.decode()
    assert [offer.window.holiday for offer in response.context["weeks"][0].flagged] == ["Dies natalis"]


def test_confirming_makes_cohort_people_groups_and_run(send, course):
    known = UserFactory(email="Ann@Example.org", name="Ann as we know her")

    response = send("confirm")

    run = Run.objects.get()
    assert response.status_code == 303
    assert response.url == reverse("courses:run", args=["mkc-101", run.pk])
    assert (run.name, run.cohort.name, run.starts_on, run.cohort.unit) == (
        "Winter 2026",
        "Winter 2026",
        date(2026, 12, 7),
        course.unit,
    )
    rows = Membership.objects.order_by("student_number").values_list("user__email", "student_number", "group__name")
    assert list(rows) == [("Ann@Example.org", "s1", "Group A"), ("bo@example.org", "s2", "Group A")]
    known.refresh_from_db()
    assert known.name == "Ann as we know her"
    assert not User.objects.get(email="bo@example.org").has_usable_password()


def test_sending_the_confirmation_twice_makes_one_run(send):
    first = send("confirm")
    again = send("confirm")

    assert (again.status_code, again.url) == (303, first.url)
    assert (Run.objects.count(), Cohort.objects.count(), Membership.objects.count()) == (1, 1, 2)


def test_an_existing_cohort_is_taken_as_it_is(send, course):
    cohort = CohortFactory(unit=course.unit)
    MembershipFactory(cohort=cohort)

    response = send("confirm", who="cohort", cohort=cohort.pk, students="")

    assert response.status_code == 303
    assert Run.objects.get().cohort == cohort
    assert Cohort.objects.count() == 1


def test_cohort_of_another_school_cannot_be_taken(send):
    response = send("confirm", who="cohort", cohort=CohortFactory().pk, students="")

    assert response.status_code == 422
    assert not Run.objects.exists()


def test_faulty_lines_are_named_and_left_out_only_when_that_is_said(send):
    faulty = LIST + "Cy;nowhere;s3;\n"

    shown = send("preview", students=faulty)
    refused = send("confirm", students=faulty)
    taken = send("confirm", students=faulty, leave_out="1")

    assert "“nowhere” is no e-mail address." in shown.content.decode()
    assert (shown.status_code, refused.status_code, taken.status_code) == (200, 422, 303)
    assert Membership.objects.count() == 2


def test_file_is_read_and_its_text_travels_to_the_confirmation(send):
    file = SimpleUploadedFile("class.csv", "Naam;E-mail\nZoë;zoe@example.org\n".encode("utf-16"))

    response = send("preview", file=file, students="")

    assert dict(response.context["carried"])["students"] == "Naam;E-mail\nZoë;zoe@example.org\n"
    assert "Text in UTF-16." in response.content.decode()


@pytest.mark.parametrize(
    ("changes", "field", "because"),
    [
        ({"students": ""}, "students", "Paste the list of students, or choose a file."),
        ({"students": "Ann;nowhere"}, "students", ANY),
        ({"file": SimpleUploadedFile("big.csv", b"x" * (1024 * 1024 + 1))}, "file", ANY),
        ({"file": SimpleUploadedFile("list.xlsx", b"PK\x03\x04x")}, "file", ANY),
        ({"file": SimpleUploadedFile("empty.csv", b"")}, "file", ANY),
        ({"starts_on": "2026-13-40"}, "starts_on", ANY),
        ({"starts_on": "2036-12-07"}, "starts_on", ANY),
        ({"starts_on": "2026-09-01"}, "starts_on", "This day is not in the term Autumn 2026."),
        ({"name": ""}, "name", ANY),
        ({"design": "0"}, "design", ANY),
        ({"who": "cohort", "cohort": ""}, "cohort", "Choose a cohort."),
        ({"who": "everybody"}, "who", ANY),
        ({"token": "x"}, "token", ANY),
    ],
)
def test_bad_form_says_what_to_mend_and_keeps_what_was_typed(send, changes, field, because):
    response = send("preview", **({"students": ""} | changes if "file" in changes else changes))

    form = response.context["form"]
    assert response.status_code == 422
    assert list(form.errors) == [field]
    assert form.errors[field][0] == because
    assert form["name"].value() == changes.get("name", "Winter 2026")


def test_html_in_names_is_shown_as_text(send):
    response = send("preview", name="<b>W</b>", students="Name;E-mail\n<script>alert(1)</script>;a@example.org\n")

    text = response.content.decode()
    assert "<script>alert(1)" not in text
    assert "&lt;script&gt;alert(1)" in text
    assert "<b>W</b>" not in text


def test_changing_something_goes_back_with_everything_kept(send):
    response = send("change")

    assert response.status_code == 200
    assert response.context["form"]["students"].value() == LIST.replace("\r\n", "\n")


def test_without_an_approved_design_the_page_says_what_to_do_first(client, lecturer, course):
    client.force_login(lecturer)

    for name in ("courses:runs", "courses:run-new"):
        response = client.get(reverse(name, args=["mkc-101"]))

        assert response.status_code == 200
        assert "First get a design approved" in response.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_preview_costs_the_same_whatever_it_holds(send, design, count, django_assert_num_queries):
    for _each in range(count):
        PlacementFactory(design=design)
    lines = "".join(f"S{n};s{n}@example.org\n" for n in range(20 * count))

    # Above 8: a form, a plan and a list of people at once. Person and menu, bell, course; designs, terms, holidays;
    # design and term once more while the form checks them; weeks and placements; accounts.
    with django_assert_num_queries(12):
        send("preview", students=lines)


@pytest.mark.parametrize("count", [1, 3])
def test_list_of_runs_costs_the_same_whatever_it_holds(client, design, lecturer, count, django_assert_num_queries):
    for _each in range(count):
        opened(design, lecturer)
    client.force_login(lecturer)

    with django_assert_num_queries(10):
        response = client.get(reverse("courses:runs", args=["mkc-101"]))

    assert len(response.context["lines"]) == count


def test_list_of_runs_says_where_each_stands(client, design, lecturer, term, time_machine):
    time_machine.move_to(NOW, tick=False)
    for starts_on in (date(2026, 12, 7), date(2026, 11, 9), date(2026, 3, 2)):
        opened(design, lecturer, starts_on=starts_on)
    client.force_login(lecturer)

    lines = client.get(reverse("courses:runs", args=["mkc-101"])).context["lines"]

    assert [(line.standing.state, line.standing.week) for line in lines] == [
        ("coming", 0),
        ("running", 2),
        ("ended", 3),
    ]


def test_design_of_another_course_cannot_be_run_here(send):
    foreign = DesignFactory(course=CourseFactory(), state="approved")

    assert send("confirm", design=foreign.pk).status_code == 422
    assert not Run.objects.exists()
