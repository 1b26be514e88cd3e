"""The pages of policy: who sees them, trying and announcing a rule, bad input, what they cost."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from blendedu.journal.models import Job
from blendedu.journal.queries import entries_of
from blendedu.people.models import Appointment, Unit, User
from courses.models import Design, Teaching
from institution.models import PolicyRule
from tests.factories import (
    NOW,
    ActivityFactory,
    AppointmentFactory,
    CourseFactory,
    DesignFactory,
    MembershipFactory,
    PlacementFactory,
    UnitFactory,
    UserFactory,
)
from tests.institution.factories import PolicyRuleFactory
from tests.programmes.factories import store_load

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
POLICY = "/institution/policy/"
NEW = "/institution/policy/new/"


@pytest.fixture(autouse=True)
def _today(time_machine) -> None:
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def unit() -> Unit:
    UnitFactory(name="Other University", path="/9/")
    return UnitFactory(name="Example University", path="/1/")


@pytest.fixture
def administrator(client: Client, unit: Unit) -> User:
    administrator = AppointmentFactory(role=Appointment.Role.ADMINISTRATOR, unit=unit).user
    client.force_login(administrator)
    return administrator


def taught(unit: Unit, *, sync: int, own: int = 0, title: str = "Statistics") -> Design:
    design = DesignFactory(course=CourseFactory(title=title, unit=unit), weeks=1)
    for minutes, timing in ((sync, "sync"), (own, "async")):
        if minutes:
            PlacementFactory(design=design, activity=ActivityFactory(minutes=minutes, timing=timing))
    store_load(design)
    return design


def filled(unit: Unit, **changes: object) -> dict[str, object]:
    return {
        "measure": "sync_share",
        "bound": "at_least",
        "limit": "20",
        "unit": unit.pk,
        "credits_from": "",
        "credits_to": "",
        "title": "Enough together",
        "reason": "Students asked for it.",
        "force": "required",
        "valid_from": "2026-12-01",
        "series": "6f1d3f0a-5b7e-4f3e-9d4b-0a6f5f1f2a11",
        **changes,
    }


def announced(client: Client, unit: Unit, url: str = NEW, **changes: object):
    """Try the rule, then announce exactly that."""
    form = filled(unit, **changes)
    tried = client.post(url, form).context["preview"].tried
    return client.post(url, {**form, "tried": tried, "announce": "1"})


# --- Trying and announcing ----------------------------------------------------------------------------------------


def test_the_preview_says_which_courses_would_break_the_rule_and_writes_nothing(client, administrator, unit) -> None:
    school = UnitFactory(name="School of Law", path="/1/2/")
    taught(school, sync=10, own=90, title="Contracts")
    taught(school, sync=22, own=78, title="Torts")
    taught(unit, sync=60, own=40, title="Rhetoric")
    taught(Unit.objects.get(path="/9/"), sync=0, own=40, title="Elsewhere")

    response = client.post(NEW, filled(unit), headers=HTMX)

    page = response.content.decode()
    assert response.status_code == 200
    assert "<b>1 course would break this rule,</b> 1 comes close." in page
    assert "3 courses: 1 break the rule, 1 come close, 1 keep it, 0 have nothing to judge yet" in page
    assert "It takes 10 min more together" in page
    assert "Elsewhere" not in page
    assert "School of Law" in page
    assert not PolicyRule.objects.exists()


def test_without_script_the_preview_is_the_whole_page_with_what_was_typed(client, administrator, unit) -> None:
    taught(unit, sync=0, own=90)

    response = client.post(NEW, filled(unit, title="My <b>rule</b>"))

    page = response.content.decode()
    assert response.status_code == 200
    assert 'value="My &lt;b&gt;rule&lt;/b&gt;"' in page
    assert "1 course would break this rule" in page
    assert page.count("<h1") == 1


def test_a_rule_that_was_tried_can_be_announced(client, administrator, unit) -> None:
    response = announced(client, unit)

    rule = PolicyRule.objects.get()
    (entry,) = entries_of("policyrule", rule.pk)
    assert (response.status_code, response.url) == (303, reverse("institution:rule", args=[rule.pk]))
    assert (rule.title, rule.limit, rule.unit, rule.valid_from) == ("Enough together", 20, unit, date(2026, 12, 1))
    assert (rule.announced_by, rule.announced_at, rule.version) == (administrator, NOW, 1)
    assert (entry.verb, entry.actor) == ("policy-announced", administrator)
    assert Job.objects.filter(kind="judge-policy", ref=rule.pk).count() == 1


def test_what_was_not_tried_cannot_be_announced(client, administrator, unit) -> None:
    tried = client.post(NEW, filled(unit, limit="20")).context["preview"].tried

    for limit, status in (("25", 422), ("20.00", 303)):
        response = client.post(NEW, {**filled(unit, limit=limit), "tried": tried, "announce": "1"})
        assert response.status_code == status
    assert [rule.limit for rule in PolicyRule.objects.all()] == [20]


def test_an_untried_rule_comes_back_with_its_preview_and_nothing_lost(client, administrator, unit) -> None:
    response = client.post(NEW, {**filled(unit), "announce": "1"})

    page = response.content.decode()
    assert response.status_code == 422
    assert "has not been tried" in page
    assert "Students asked for it." in page
    assert response.context["preview"] is not None


def test_two_clicks_announce_one_rule_and_both_lead_to_it(client, administrator, unit) -> None:
    first, second = announced(client, unit), announced(client, unit)

    assert PolicyRule.objects.count() == 1
    assert (first.status_code, first.url) == (second.status_code, second.url)


def test_a_change_shows_what_it_turns_over_and_makes_the_next_version(client, administrator, unit) -> None:
    rule = PolicyRuleFactory(unit=unit, limit=Decimal(20))
    taught(unit, sync=25, own=75, title="Statistics")
    url = reverse("institution:rule-edit", args=[rule.pk])

    opened = client.get(url)
    tried = client.post(url, filled(unit, limit="30"), headers=HTMX).content.decode()
    response = announced(client, unit, url, limit="30")

    latest = PolicyRule.objects.get(live=True)
    assert opened.context["form"].initial["measure"] == "sync_share"
    assert "Compared with version 1, 1 newly break it and 0 newly keep it." in tried
    assert (latest.version, latest.limit, latest.series) == (2, 30, rule.series)
    assert response.url == reverse("institution:rule", args=[latest.pk])


def test_a_stale_change_is_refused_and_shows_what_holds_now(client, administrator, unit) -> None:
    rule = PolicyRuleFactory(unit=unit)
    url = reverse("institution:rule-edit", args=[rule.pk])
    announced(client, unit, url, limit="30")

    for response in (client.get(url), client.post(url, {**filled(unit), "announce": "1"})):
        assert response.status_code == 409
        assert "Nothing was changed." in response.content.decode()
        assert "Version 2 takes its place" in response.content.decode()
    assert PolicyRule.objects.count() == 2


def test_a_withdrawn_rule_leaves_the_list_and_keeps_its_history(client, administrator, unit) -> None:
    rule = PolicyRuleFactory(unit=unit)
    url = reverse("institution:rule-withdraw", args=[rule.pk])

    first, second = client.post(url), client.post(url)

    page = client.get(POLICY)
    assert (first.status_code, first.url, second.status_code) == (303, POLICY, 409)
    assert page.context["rules"] == []
    assert page.context["book"].withdrawn == (rule,)
    assert "Withdrawn by" in client.get(reverse("institution:rule", args=[rule.pk])).content.decode()


# --- Reading ------------------------------------------------------------------------------------------------------


def test_the_page_of_policy_says_in_words_and_numbers_how_many_keep_each_rule(client, administrator, unit) -> None:
    PolicyRuleFactory(unit=unit, title="Enough together")
    PolicyRuleFactory(unit=unit, title="From next year", valid_from=date(2027, 1, 1))
    for sync in (10, 22, 60):
        taught(unit, sync=sync, own=100 - sync)

    page = client.get(POLICY).content.decode()

    assert "2 of 3 courses keep it, 1 of them only just; 1 breaks it" in " ".join(page.split())
    assert "66%" in page
    assert "from 1 January 2027" in page
    assert "keep it 34%, come close 33%, break it 33%" in page


def test_the_page_of_a_rule_lists_courses_page_by_page(client, administrator, unit) -> None:
    rule = PolicyRuleFactory(unit=unit)
    for number in range(27):
        taught(unit, sync=0, own=60, title=f"Course {number:02}")

    first, second = (client.get(reverse("institution:rule", args=[rule.pk]) + query) for query in ("", "?page=2"))

    assert [each.subject.title for each in second.context["named"]] == ["Course 25", "Course 26"]
    assert "?page=2" in first.content.decode()


def test_a_director_sees_the_courses_of_their_own_part_only(client, unit) -> None:
    school = UnitFactory(path="/1/2/")
    client.force_login(AppointmentFactory(role=Appointment.Role.DIRECTOR, unit=school).user)
    rule = PolicyRuleFactory(unit=unit)
    taught(school, sync=0, own=60, title="Mine")
    taught(unit, sync=0, own=60, title="Theirs")

    page = client.get(reverse("institution:rule", args=[rule.pk])).content.decode()

    assert "Mine" in page
    assert "Theirs" not in page


def test_a_lecturer_reads_rules_and_history_without_seeing_other_courses(client, unit) -> None:
    lecturer = UserFactory()
    Teaching.objects.create(course=taught(unit, sync=0, own=60, title="Mine").course, user=lecturer)
    taught(unit, sync=0, own=60, title="Theirs")
    rule = PolicyRuleFactory(unit=unit, reason="Because **students** asked.")
    client.force_login(lecturer)

    page = client.get(reverse("institution:rule", args=[rule.pk])).content.decode()
    policy = client.get(POLICY)

    assert "<strong>students</strong>" in page
    assert "Theirs" not in page
    assert "break it" not in policy.content.decode()


def test_an_institution_without_rules_says_what_to_do(client, administrator) -> None:
    assert "There is no rule yet. Try one beside" in client.get(POLICY).content.decode()


# --- Bad input ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"limit": "-1"}, "A limit cannot be less than 0."),
        ({"limit": "101"}, "A share is at most 100%."),
        ({"limit": ""}, "Say where the limit lies."),
        ({"limit": "a fifth"}, "Write a number, for example 20."),
        ({"measure": "environment_share"}, "Choose what is measured, from the list."),
        ({"measure": "environment_share:moon"}, "Choose what is measured, from the list."),
        ({"measure": "week_hours", "bound": "at_most", "limit": "169"}, "more hours than there are"),
        ({"measure": "week_hours"}, "For this measure a limit can only be “at most”."),
        ({"measure": "learning_types_used", "limit": "2.5"}, "Write a whole number."),
        ({"measure": "learning_types_used", "limit": "7"}, "There are at most 6."),
        ({"credits_from": "6", "credits_to": "3"}, "less than where the range begins"),
        ({"valid_from": "2026-11-17"}, "A rule cannot hold for days that are past."),
        ({"valid_from": "soon"}, "Write a day"),
        ({"title": ""}, "Give the rule a name."),
        ({"force": "maybe"}, "Select a valid choice"),
    ],
)
def test_bad_input_is_refused_in_place(client, administrator, unit, changes, message) -> None:
    response = client.post(NEW, {**filled(unit, **changes), "announce": "1"})

    assert response.status_code == 422
    assert message in response.content.decode()
    assert not PolicyRule.objects.exists()


def test_a_preview_that_cannot_be_made_says_why(client, administrator, unit) -> None:
    response = client.post(NEW, filled(unit, limit="101"), headers=HTMX)

    assert response.status_code == 422
    assert "A share is at most 100%." in response.content.decode()


def test_a_preview_waits_quietly_while_the_limit_is_not_typed_yet(client, administrator, unit) -> None:
    response = client.get(NEW, {"measure": "sync_share", "limit": ""}, headers=HTMX)

    assert response.status_code == 200
    assert "Choose a measure and a limit" in response.content.decode()


def test_a_unit_that_somebody_else_administers_is_refused(client, administrator, unit) -> None:
    foreign = Unit.objects.get(path="/9/")

    response = client.post(NEW, {**filled(foreign), "announce": "1"})

    assert response.status_code == 422
    assert "Choose a unit that you administer." in response.content.decode()


def test_scripts_in_a_rule_are_shown_as_text(client, administrator, unit) -> None:
    rule = PolicyRuleFactory(unit=unit, title="<script>alert(1)</script>", reason="<img src=x onerror=alert(1)>")

    for url in (POLICY, reverse("institution:rule", args=[rule.pk]), reverse("institution:rule-edit", args=[rule.pk])):
        page = client.get(url).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page


# --- Who may ------------------------------------------------------------------------------------------------------


def person(who: str, unit: Unit) -> User:
    course = CourseFactory(unit=unit, coach=UserFactory())
    roles = Appointment.Role
    match who:
        case "administrator":
            return AppointmentFactory(role=roles.ADMINISTRATOR, unit=unit).user
        case "administrator below":
            return AppointmentFactory(role=roles.ADMINISTRATOR, unit=UnitFactory(path="/1/7/")).user
        case "director":
            return AppointmentFactory(role=roles.DIRECTOR, unit=unit).user
        case "coach":
            return AppointmentFactory(role=roles.COACH, unit=unit).user
        case "coach of a course":
            return course.coach
        case "lecturer":
            lecturer = UserFactory()
            Teaching.objects.create(course=course, user=lecturer)
            return lecturer
        case "administrator elsewhere":
            return AppointmentFactory(role=roles.ADMINISTRATOR, unit=Unit.objects.get(path="/9/")).user
        case "student":
            return MembershipFactory().user
    return UserFactory()


@pytest.mark.parametrize(
    ("who", "read", "new", "change"),
    [
        ("administrator", 200, 200, 200),
        ("administrator below", 200, 200, 403),
        ("director", 200, 403, 403),
        ("coach", 200, 403, 403),
        ("coach of a course", 200, 403, 403),
        ("lecturer", 200, 403, 403),
        ("administrator elsewhere", 404, 200, 404),
        ("student", 404, 404, 404),
        ("stranger", 404, 404, 404),
    ],
)
def test_who_may_read_and_who_may_announce(client, unit, who, read, new, change) -> None:
    rule = PolicyRuleFactory(unit=unit)
    client.force_login(person(who, unit))

    assert client.get(reverse("institution:rule", args=[rule.pk])).status_code == read
    assert client.get(NEW).status_code == new
    assert client.get(reverse("institution:rule-edit", args=[rule.pk])).status_code == change
    withdrawn = client.post(reverse("institution:rule-withdraw", args=[rule.pk])).status_code
    assert withdrawn == (303 if change == 200 else change)
    assert client.get(POLICY).status_code == (404 if new == 404 else 200)


def test_a_rule_that_does_not_exist_is_not_found(client, administrator) -> None:
    assert client.get(reverse("institution:rule", args=[999])).status_code == 404


# --- What it costs ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_pages_cost_the_same_whatever_they_hold(
    client: Client, administrator: User, unit: Unit, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        rule = PolicyRuleFactory(unit=unit, title=f"Rule {number}")
        taught(unit, sync=0, own=60, title=f"Course {number}")
        UnitFactory(path=f"/1/{number + 50}/")

    # Person, roles for the menu, unread notices; the two of the desk, rules, designs, units for the form.
    with django_assert_num_queries(8):
        client.get(POLICY)
    # The desk, the rule, its versions, designs.
    with django_assert_num_queries(8):
        client.get(reverse("institution:rule", args=[rule.pk]))
    # Person, the two of the desk, units, designs. A fragment has no menu.
    with django_assert_num_queries(5):
        client.post(NEW, filled(unit), headers=HTMX)
