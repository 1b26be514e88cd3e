"""The menu saves clicks; it never decides a right."""

from dataclasses import dataclass

import pytest

from blendedu.site.navigation import Entry, current, entries


@dataclass
class Someone:
    roles: frozenset[str]


@pytest.mark.parametrize(
    ("roles", "menu"),
    [
        ({"student"}, ["My week", "Courses", "Inbox"]),
        ({"lecturer"}, ["Courses", "Programmes"]),
        ({"coach"}, ["Courses", "Programmes", "Institution"]),
        ({"director"}, ["Courses", "Programmes", "Institution"]),
        ({"administrator"}, ["Courses", "Programmes", "Institution"]),
        ({"student", "lecturer"}, ["My week", "Courses", "Programmes"]),
        (set(), ["Courses", "Inbox"]),
    ],
)
def test_everybody_finds_what_they_come_for(roles: set[str], menu: list[str]) -> None:
    assert [str(entry.label) for entry in entries(Someone(frozenset(roles)))] == menu


def test_a_page_belongs_to_the_nearest_entry_above_it() -> None:
    week, courses, policy = Entry("W", "/week/"), Entry("C", "/courses/"), Entry("I", "/institution/policy/")
    paths = ("/courses/mkc-101/studio/", "/week/", "/institution/quality/", "/inbox/")

    found = [current((week, courses, policy), path) for path in paths]

    assert found == [courses, week, policy, None]


def test_an_activity_belongs_to_the_week_of_who_has_one() -> None:
    student, lecturer = (entries(Someone(frozenset({role}))) for role in ("student", "lecturer"))

    found = [current(menu, "/courses/mkc-101/do/12/save/") for menu in (student, lecturer)]

    assert [str(entry.label) for entry in found if entry] == ["My week", "Courses"]


def test_patterns_belong_to_the_courses_that_take_them() -> None:
    menu = entries(Someone(frozenset({"lecturer"})))

    found = [current(menu, path) for path in ("/patterns/", "/patterns/0b6a/edit/", "/programmes/CE-1/patterns/")]

    assert [str(entry.label) for entry in found if entry] == ["Courses", "Courses", "Programmes"]
