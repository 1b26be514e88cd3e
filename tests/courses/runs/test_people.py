"""The people of a run: who joins and leaves, and in which groups they work."""

import pytest
from django.urls import reverse

from activities.models import Attempt
from blendedu.journal.models import Entry
from blendedu.people.models import Group, Membership, User
from courses.exchange.cohort_csv import Row
from courses.queries.people import dealt, group_cards
from courses.services import people
from tests.factories import NOW, CohortFactory, GroupFactory, MembershipFactory, RunFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def url(client, lecturer, running):
    client.force_login(lecturer)

    def address(name, *more):
        return reverse(f"courses:{name}", args=["mkc-101", running.run.pk, *more])

    return address


def group_attempt(running, **more):
    return Attempt.objects.create(
        offer=running.offer, group=running.group, started_at=NOW, submitted_at=NOW, state="submitted", **more
    )


# --- Members ------------------------------------------------------------------------------------------------------


def test_members_stand_by_name_fifty_on_a_page(client, url, running):
    for number in range(60):
        MembershipFactory(cohort=running.cohort, user=UserFactory(name=f"Student {number:03}"))

    first = client.get(url("run-members")).context["page"]
    second = client.get(url("run-members"), {"page": 2}).context["page"]

    assert [len(first), len(second)] == [50, 13]
    assert [member.user.name for member in first][:4] == ["Ann Peeters", "Bo Li", "Cy Young", "Student 000"]


@pytest.mark.parametrize("words", ["peeters", "Ann Peet", "s1001", "group a ann"])
def test_members_are_found_by_name_number_and_group(client, url, running, words):
    Membership.objects.filter(user__name="Ann Peeters").update(student_number="s1001")

    page = client.get(url("run-members"), {"q": words}).context["page"]

    assert [member.user.name for member in page] == ["Ann Peeters"]


def test_search_without_a_match_offers_the_way_back(client, url):
    response = client.get(url("run-members"), {"q": "nobody <b>"})

    assert response.status_code == 200
    assert "Nobody matches." in response.content.decode()
    assert "<b>" not in response.content.decode().split("search")[1].split("</form>")[0]


@pytest.mark.parametrize("count", [1, 3])
def test_members_cost_the_same_whatever_their_number(client, url, running, count, django_assert_num_queries):
    for _each in range(count * 10):
        MembershipFactory(cohort=running.cohort)

    with django_assert_num_queries(6):
        client.get(url("run-members"))


def test_late_joiner_is_shown_first_and_then_enrolled(client, url, running):
    line = "Di Late;di@example.org;s9;Group A"

    shown = client.post(url("run-members"), {"students": line, "step": "preview"})

    assert [one.standing for one in shown.context["joining"].people] == ["new"]
    assert not User.objects.filter(email="di@example.org").exists()

    for _twice in range(2):
        response = client.post(url("run-members"), {"students": line, "step": "confirm"})

        assert response.status_code == 303

    joined = Membership.objects.get(user__email="di@example.org")
    assert (joined.cohort, joined.group, joined.student_number) == (running.cohort, running.group, "s9")


def test_who_is_in_the_run_stays_as_is(client, url, running):
    ann = running.students[0]

    response = client.post(
        url("run-members"), {"students": f"Other Name;{ann.email.upper()};s9;Group B", "step": "confirm"}, follow=True
    )

    member = Membership.objects.get(user=ann)
    assert (member.group, member.student_number, member.user.name) == (running.group, "", "Ann Peeters")
    assert "0 students joined the run. 1 was in it already." in response.content.decode()


@pytest.mark.parametrize("form", [{}, {"students": "Ann;nowhere"}, {"students": "x" * (1024 * 1024 + 1)}])
def test_list_that_cannot_be_read_enrols_nobody(client, url, form):
    before = Membership.objects.count()

    response = client.post(url("run-members"), {**form, "step": "confirm"})

    assert response.status_code == 422
    assert Membership.objects.count() == before


def test_enrolling_many_costs_a_few_queries(running, lecturer, django_assert_max_num_queries):
    rows = [people_row(number) for number in range(400)]

    # SQLite takes its rows in handfuls of a hundred. The last one asks for group tasks that waited for groups.
    with django_assert_max_num_queries(19):
        people.enrol(running.cohort, rows, by=lecturer, at=NOW)

    assert Membership.objects.filter(cohort=running.cohort).count() == 403


def people_row(number):
    return Row(number, f"Student {number}", f"s{number}@example.org", f"n{number}", f"Group {number % 9}")


def test_F49_who_leaves_keeps_their_work_and_finds_it_again(client, url, running, lecturer):
    ann, member = running.students[0], running.members[0]
    mine = Attempt.objects.create(offer=running.offer, user=ann, started_at=NOW, submitted_at=NOW, state="submitted")

    asked = client.get(url("member-leave", member.pk))
    left = client.post(url("member-leave", member.pk))

    assert "Ann Peeters leaves this run?" in asked.content.decode()
    assert left.status_code == 303
    assert not Membership.objects.filter(user=ann).exists()
    assert Attempt.objects.get() == mine
    client.force_login(ann)
    assert client.get(reverse("courses:activity", args=["mkc-101", running.run_offer.pk])).status_code == 404
    MembershipFactory(cohort=running.cohort, user=ann)
    assert client.get(reverse("courses:activity", args=["mkc-101", running.run_offer.pk])).status_code == 200


def test_member_of_another_cohort_is_not_found(client, url):
    foreign = MembershipFactory()

    assert client.get(url("member-leave", foreign.pk)).status_code == 404
    assert client.post(url("member-leave", foreign.pk)).status_code == 404
    assert Membership.objects.filter(pk=foreign.pk).exists()


# --- Groups -------------------------------------------------------------------------------------------------------


def test_groups_stand_in_the_order_of_their_numbers(running):
    for name in ("Group 10", "Group 2"):
        GroupFactory(cohort=running.cohort, name=name)

    cards = group_cards(running.cohort)

    assert [card.group.name if card.group else None for card in cards] == [None, "Group 2", "Group 10", "Group A"]
    assert [[member.user.name for member in card.members] for card in cards] == [
        ["Cy Young"],
        [],
        [],
        ["Ann Peeters", "Bo Li"],
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_groups_cost_the_same_whatever_their_number(client, url, running, count, django_assert_num_queries):
    for _each in range(count * 5):
        MembershipFactory(cohort=running.cohort, group=GroupFactory(cohort=running.cohort))

    with django_assert_num_queries(8):
        client.get(url("run-groups"))


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_ticked_students_move_to_a_group(client, url, running, headers):
    members = [running.members[0].pk, running.members[2].pk]
    group = GroupFactory(cohort=running.cohort, name="Group B")

    response = client.post(url("groups-move"), {"members": members, "to": group.pk}, headers=headers)

    assert response.status_code == (200 if headers else 303)
    names = Membership.objects.order_by("user__name").values_list("group__name", flat=True)
    assert list(names) == ["Group B", "Group A", "Group B"]
    if headers:
        assert "2 students moved to Group B." in response.content.decode()


def test_students_move_out_of_every_group(client, url, running):
    client.post(url("groups-move"), {"members": [member.pk for member in running.members], "to": ""})

    assert not Membership.objects.filter(group__isnull=False).exists()
    assert Entry.objects.get(verb="group.moved").details["from"] == {
        str(student.pk): running.group.pk for student in running.students[:2]
    }


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_nobody_ticked_is_said_in_place(client, url, headers):
    response = client.post(url("groups-move"), {"to": ""}, headers=headers)

    assert response.status_code == 422
    assert "Tick at least one student." in response.content.decode()


def test_students_and_groups_of_another_cohort_cannot_be_moved(client, url, running):
    foreign, elsewhere = MembershipFactory(), GroupFactory()

    for form in (
        {"members": [foreign.pk], "to": running.group.pk},
        {"members": [running.members[0].pk], "to": elsewhere.pk},
    ):
        assert client.post(url("groups-move"), form).status_code == 409

    foreign.refresh_from_db()
    assert foreign.group is None
    assert Membership.objects.get(pk=running.members[0].pk).group == running.group


def test_F49_work_of_a_group_stays_with_it_when_its_members_move(running, lecturer):
    work = group_attempt(running)

    people.move_members(running.cohort, [running.members[0].pk], to=None, by=lecturer, at=NOW)

    work.refresh_from_db()
    assert work.group == running.group
    assert Entry.objects.get(verb="group.moved").details["from"] == {str(running.students[0].pk): running.group.pk}


def test_group_is_made_and_renamed(client, url, running):
    made = client.post(url("group-new"), {"name": "  Group B "})
    renamed = client.post(url("group-rename", running.group.pk), {"name": "Alpha <b>"})

    assert (made.status_code, renamed.status_code) == (303, 303)
    assert set(Group.objects.values_list("name", flat=True)) == {"Group B", "Alpha <b>"}
    assert "Alpha <b>" not in client.get(url("run-groups")).content.decode()


@pytest.mark.parametrize("name", ["", "group a", "x" * 61])
def test_group_needs_a_name_of_its_own(client, url, name):
    response = client.post(url("group-new"), {"name": name})

    assert response.status_code == 422
    assert Group.objects.count() == 1


def test_group_cannot_take_the_name_of_another(client, url, running):
    other = GroupFactory(cohort=running.cohort, name="Group B")

    response = client.post(url("group-rename", other.pk), {"name": "GROUP A"})

    assert response.status_code == 422
    assert "There is a group “GROUP A” already." in response.content.decode()


def test_group_without_work_is_removed_and_its_members_stay(client, url, running):
    response = client.post(url("group-remove", running.group.pk))

    assert response.status_code == 303
    assert not Group.objects.exists()
    assert Membership.objects.filter(cohort=running.cohort).count() == 3


def test_F49_group_with_work_cannot_be_removed(client, url, running):
    group_attempt(running)

    response = client.post(url("group-remove", running.group.pk))

    assert response.status_code == 409
    assert "has work that belongs to it" in response.content.decode()
    assert Group.objects.filter(pk=running.group.pk).exists()


# F9: the page that a double click ends on is the answer to the second click.
def test_second_click_on_a_group_is_no_error(client, url, running):
    made = [client.post(url("group-new"), {"name": "Group B"}).status_code for _each in range(2)]
    removed = [client.post(url("group-remove", running.group.pk), follow=True) for _each in range(2)]

    assert made == [303, 303]
    assert Entry.objects.filter(verb="group.added").count() == 1
    assert [page.status_code for page in removed] == [200, 200]
    assert "That group is gone already." in removed[1].content.decode()
    assert list(Group.objects.values_list("name", flat=True)) == ["Group B"]


def test_group_of_another_lecturer_with_the_same_name_is_no_second_click(client, url, running, coach):
    people.add_group(running.cohort, name="Group B", by=coach, at=NOW)

    assert client.post(url("group-new"), {"name": "Group B"}).status_code == 422


def test_second_click_on_taking_a_student_out_is_no_error(client, url, running):
    page = [client.post(url("member-leave", running.members[0].pk), follow=True) for _each in range(2)]

    assert [answer.status_code for answer in page] == [200, 200]
    assert "That student is not in this run any more." in page[1].content.decode()
    assert client.get(url("member-leave", running.members[0].pk)).status_code == 404


def test_group_of_another_cohort_is_not_found(client, url):
    foreign = GroupFactory()

    for name in ("group-rename", "group-remove"):
        assert client.post(url(name, foreign.pk), {"name": "Mine"}).status_code == 404


def test_other_courses_of_the_cohort_are_named(client, url, running):
    RunFactory(cohort=running.cohort, course__title="Statistics")

    assert "This cohort also follows Statistics" in client.get(url("run-groups")).content.decode()


# --- At random ----------------------------------------------------------------------------------------------------


def test_draw_is_shown_first_and_made_as_shown(client, url, running):
    for _each in range(7):
        MembershipFactory(cohort=running.cohort)

    shown = client.get(url("groups-deal"), {"by": "size", "number": 4})
    draw = shown.context["draw"]

    assert sorted(len(place.people) for place in draw.places) == [3, 3, 4]
    assert Group.objects.count() == 1
    response = client.post(url("groups-deal"), dict(shown.context["carried"]))
    assert response.status_code == 303
    made = {
        card.group.name: sorted(member.user_id for member in card.members)
        for card in group_cards(running.cohort)
        if card.group
    }
    assert made == {place.name: sorted(place.user_ids) for place in draw.places}


def test_draw_into_a_number_of_groups(client, url, running):
    draw = client.get(url("groups-deal"), {"by": "count", "number": 2, "seed": 5}).context["draw"]

    assert sorted(len(place.people) for place in draw.places) == [1, 2]


def test_draw_that_is_stale_changes_nothing_and_shows_a_fresh_one(client, url, running):
    shown = client.get(url("groups-deal"), {"by": "size", "number": 2, "seed": 5})
    MembershipFactory(cohort=running.cohort)

    response = client.post(url("groups-deal"), dict(shown.context["carried"]))

    assert response.status_code == 409
    assert Group.objects.count() == 1
    again = client.post(url("groups-deal"), dict(response.context["carried"]))
    assert again.status_code == 303


def test_F49_draw_leaves_a_group_with_work_as_it_is(running, lecturer):
    group_attempt(running)
    draw = dealt(running.cohort, groups=1, seed=1)

    people.deal_groups(running.cohort, groups=1, seed=1, expected=draw.fingerprint, by=lecturer, at=NOW)

    assert draw.kept == ("Group A",)
    assert set(Group.objects.values_list("name", flat=True)) == {"Group A", "Group 1"}
    assert not Membership.objects.filter(group=running.group).exists()


def test_draw_uses_empty_groups_again_and_drops_what_is_left(running, lecturer):
    for name in ("Group B", "Group C"):
        GroupFactory(cohort=running.cohort, name=name)
    draw = dealt(running.cohort, groups=2, seed=1)

    people.deal_groups(running.cohort, groups=2, seed=1, expected=draw.fingerprint, by=lecturer, at=NOW)

    assert set(Group.objects.values_list("name", flat=True)) == {"Group A", "Group B"}


@pytest.mark.parametrize("query", [{"by": "size", "number": "0"}, {"by": "size"}, {"by": "colour", "number": "3"}])
def test_draw_that_makes_no_sense_says_so(client, url, query):
    assert client.get(url("groups-deal"), query).status_code == 422


def test_draw_for_nobody_says_what_to_do(client, lecturer, running):
    empty = RunFactory(course=running.course, design=running.run.design, cohort=CohortFactory())
    client.force_login(lecturer)

    response = client.get(reverse("courses:groups-deal", args=["mkc-101", empty.pk]), {"by": "size", "number": 3})

    assert "There is nobody to divide yet" in response.content.decode()
