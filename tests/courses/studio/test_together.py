"""Working together: who is here, a lock per card, a board that notices what others did."""

from __future__ import annotations

import re
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from courses.models import CardLock, Design, Placement, Presence, Storyboard, Teaching
from courses.queries.plan import fingerprint, levels_of, plan_of
from courses.queries.studio import LENSES
from courses.services import locks, plan, presence, review
from tests.courses.studio.worlds import HTMX, PANEL, board, text_of
from tests.factories import NOW, CourseFactory, MembershipFactory, PlacementFactory, RunFactory, UserFactory

pytestmark = pytest.mark.django_db
READING = {
    "type_key": "reading",
    "title": "New",
    "learning_type": "acquisition",
    "timing": "async",
    "place": "anywhere",
    "environment": "digital",
}
POLL = {"HX-Request": "true", "HX-Target": "together"}


@pytest.fixture
def studio():
    """Eva and Chidi lecture; card 1 stands in week 1."""
    eva, design = board()
    chidi = UserFactory(name="Chidi Okafor")
    Teaching.objects.create(course=design.course, user=chidi)
    return eva, chidi, design, design.placements.get()


def again(placement: Placement) -> Placement:
    rows = Placement.objects.select_related("design__course", "activity", "week", "lock__user")
    return rows.get(pk=placement.pk)


def hold(placement: Placement, by: Any, *, ago: int = 0) -> CardLock:
    at = timezone.now() - timedelta(seconds=ago)
    return CardLock.objects.create(placement=placement, user=by, taken_at=at, seen_at=at)


def poll(client: Any, of: Design, /, **said: Any) -> Any:
    return client.post("/courses/mkc-101/studio/here/", {"design": of.number, "version": 0, **said}, headers=POLL)


# --- Who is here ------------------------------------------------------------------------------------------------------


def test_two_who_have_the_studio_open_see_each_other(client, studio):
    eva, chidi, design, _card = studio
    client.force_login(eva)
    alone = poll(client, design)
    client.force_login(chidi)

    both = text_of(poll(client, design))

    assert 'class="people"' not in text_of(alone)
    assert "Eva Vermeulen" in both
    assert "Chidi Okafor" in both


@pytest.mark.parametrize("lens", LENSES)
def test_who_edits_a_card_is_on_the_board_without_scripts(client, studio, lens):
    eva, chidi, design, card = studio
    hold(card, chidi)
    hold(PlacementFactory(design=design), chidi, ago=91)  # free for others again
    own = PlacementFactory(design=design)
    hold(own, eva)
    client.force_login(eva)
    page = reverse("courses:studio", args=["mkc-101"], query={"lens": lens})
    sent = {"week": "2", "moment": "before", "version": design.plan_version, "view": f"lens={lens}"}

    shown = text_of(client.get(page))
    moved = text_of(client.post(reverse("courses:placement-move", args=["mkc-101", own.pk]), sent, headers=HTMX))

    for html in (shown, moved):
        assert html.count('<span class="holder">Chidi Okafor edits this</span>') == html.count('class="holder"') == 1
        assert re.findall(r'class="card [^"]*locked[^"]*" id="p(\d+)"', html) == [str(card.pk)]


def test_nothing_new_is_204_and_costs_three_queries(client, studio, django_assert_num_queries):
    eva, _chidi, design, card = studio
    hold(card, eva)
    client.force_login(eva)
    seen = re.search(r'name="seen" value="(\w+)"', text_of(poll(client, design)))

    # user, design with its rights, everybody who is here with their locks
    with django_assert_num_queries(3):
        response = poll(client, design, seen=seen[1], editing=card.pk, active=1)

    assert response.status_code == 204


def test_presence_and_lock_are_written_once_in_fifteen_seconds(studio):
    eva, _chidi, design, card = studio
    CardLock.objects.create(placement=card, user=eva, taken_at=NOW, seen_at=NOW)

    def says(seconds: int) -> int:
        with CaptureQueriesContext(connection) as asked:
            presence.be_here(design, by=eva, editing=card.pk, active=True, at=NOW + timedelta(seconds=seconds))
        return sum(not query["sql"].lstrip("(").startswith("SELECT") for query in asked.captured_queries)

    assert [says(at) for at in (0, 5, 10, 15, 20, 25, 30)] == [0, 0, 0, 1, 0, 0, 1]


def test_who_was_not_heard_for_a_while_has_left(client, studio):
    eva, chidi, design, _card = studio
    Presence.objects.create(design=design, user=chidi, seen_at=timezone.now() - timedelta(minutes=1))
    client.force_login(eva)

    assert "Chidi Okafor" not in text_of(poll(client, design))


def test_only_who_may_look_is_here(client, studio):
    _eva, _chidi, design, _card = studio
    run = RunFactory(course=design.course, design=design)
    statuses = []
    for person in (MembershipFactory(cohort=run.cohort).user, UserFactory()):
        client.force_login(person)
        statuses.append(poll(client, design).status_code)

    assert statuses == [403, 404]
    assert not Presence.objects.exists()


def test_what_makes_no_sense_is_refused(client, studio):
    eva, _chidi, design, _card = studio
    client.force_login(eva)

    assert poll(client, design, editing="x").status_code == 422
    assert poll(client, design, design=99).status_code == 404


# --- A board that is not fresh ----------------------------------------------------------------------------------------


def test_a_stale_board_hears_who_did_what(client, studio):
    eva, chidi, design, card = studio
    plan.move_placement(again(card), week=2, moment="after", by=chidi, version=0, at=timezone.now())
    client.force_login(eva)

    stale, fresh = text_of(poll(client, design)), text_of(poll(client, design, version=1))

    assert "Chidi Okafor: move of “Card 1”." in stale
    assert "data-refresh" in stale
    assert "data-refresh" not in fresh


def test_the_board_is_fetched_as_it_is_now(client, studio):
    eva, _chidi, design, _card = studio
    client.force_login(eva)

    part = client.get(f"/courses/mkc-101/studio/board/?design={design.number}", headers=HTMX)
    whole = client.get("/courses/mkc-101/studio/board/")

    assert 'id="board"' in text_of(part)
    assert "<html" not in text_of(part)
    assert (whole.status_code, whole["Location"].startswith("/courses/mkc-101/studio/")) == (303, True)


# --- The lock of a card -----------------------------------------------------------------------------------------------


def lock(client: Any, card: Placement, do: str, **headers: Any) -> Any:
    return client.post(f"/courses/mkc-101/studio/placements/{card.pk}/lock/", {"do": do}, **headers)


def test_a_card_is_taken_kept_and_let_go(client, studio):
    eva, chidi, _design, card = studio
    client.force_login(eva)
    assert lock(client, card, "take").status_code == 204
    assert lock(client, card, "take").status_code == 204
    client.force_login(chidi)

    refused = lock(client, card, "take")

    assert (refused.status_code, refused.content.decode()) == (409, "Eva Vermeulen")
    client.force_login(eva)
    assert lock(client, card, "release").status_code == 204
    client.force_login(chidi)
    assert lock(client, card, "take").status_code == 204


def test_others_see_who_edits_on_the_card_and_in_the_panel_with_its_values(client, studio):
    eva, chidi, design, card = studio
    hold(card, eva)
    client.force_login(chidi)

    panel = client.get(f"/courses/mkc-101/studio/placements/{card.pk}/", headers=PANEL)

    assert "<b>Eva Vermeulen</b> edits this card." in text_of(panel)
    assert "<dl" in text_of(panel)
    assert 'name="title"' not in text_of(panel)
    assert f'<li data-card="{card.pk}">Eva Vermeulen</li>' in text_of(poll(client, design))


def test_a_lock_on_which_nothing_happens_is_free_after_ninety_seconds(client, studio):
    eva, chidi, _design, card = studio
    held = hold(card, eva, ago=80)
    client.force_login(chidi)
    assert lock(client, card, "take").status_code == 409
    CardLock.objects.update(seen_at=held.seen_at - timedelta(seconds=10))

    panel = client.get(f"/courses/mkc-101/studio/placements/{card.pk}/", headers=PANEL)

    assert "edits this card" not in text_of(panel)
    assert lock(client, card, "take").status_code == 204
    assert CardLock.objects.get().user == chidi


def test_an_open_editor_in_which_nothing_happens_keeps_no_lock(studio):
    eva, _chidi, design, card = studio
    CardLock.objects.create(placement=card, user=eva, taken_at=NOW, seen_at=NOW)

    presence.be_here(design, by=eva, editing=card.pk, active=False, at=NOW + timedelta(seconds=60))

    assert CardLock.objects.get().seen_at == NOW


def test_a_card_is_asked_for_and_handed_over(client, studio):
    eva, chidi, design, card = studio
    hold(card, eva)
    client.force_login(chidi)
    lock(client, card, "ask")
    client.force_login(eva)

    assert "<b>Chidi Okafor</b> asks for “Card 1”." in text_of(poll(client, design))
    lock(client, card, "give")

    assert (CardLock.objects.get().user, CardLock.objects.get().wanted_by) == (chidi, None)
    assert lock(client, card, "take").status_code == 409


def test_a_card_that_is_asked_for_may_be_kept(client, studio):
    eva, chidi, _design, card = studio
    hold(card, eva)
    locks.ask(again(card), by=chidi)
    client.force_login(eva)

    lock(client, card, "keep")

    assert (CardLock.objects.get().user, CardLock.objects.get().wanted_by) == (eva, None)


def test_nobody_gives_away_what_somebody_else_holds(studio):
    eva, chidi, _design, card = studio
    hold(card, eva)
    locks.ask(again(card), by=chidi)

    assert not locks.hand_over(again(card), by=chidi, at=NOW)
    locks.release(again(card), by=chidi)

    assert CardLock.objects.get().user == eva


def test_who_only_looks_locks_nothing(client, studio):
    _eva, _chidi, design, card = studio
    coach = UserFactory()
    type(design.course).objects.update(coach=coach)
    statuses = []
    for person in (coach, UserFactory()):
        client.force_login(person)
        statuses.append(lock(client, card, "take").status_code)

    assert statuses == [403, 404]
    assert not CardLock.objects.exists()


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_of_two_who_open_a_card_at_once_one_has_it(studio):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite lets one transaction write at a time; this is about two.")
    eva, chidi, _design, card = studio
    hold(card, UserFactory(), ago=100)
    at_once, said = Barrier(2), []

    def take(by: Any) -> None:
        try:
            found = again(card)
            at_once.wait(timeout=10)
            locks.take(found, by=by, at=timezone.now())
            said.append("taken")
        except locks.Held:
            said.append("held")
        finally:
            connection.close()

    threads = [Thread(target=take, args=(by,)) for by in (eva, chidi)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)

    assert sorted(said) == ["held", "taken"]


# --- What is saved without the lock -----------------------------------------------------------------------------------


def edit(card: Placement, by: Any, **values: Any) -> None:
    found = again(card)
    seen = fingerprint(found.activity, levels_of(found))
    plan.update_activity(found, values=values, outcomes=[], seen=seen, by=by, at=timezone.now())


def test_without_any_lock_everything_is_saved(studio):
    eva, _chidi, _design, card = studio

    edit(card, eva, title="Better")

    assert again(card).activity.title == "Better"


def test_what_is_typed_while_somebody_else_has_the_card_is_refused_and_kept(client, studio):
    eva, chidi, design, card = studio
    client.force_login(chidi)
    shown = client.get(f"/courses/mkc-101/studio/placements/{card.pk}/").context
    form, seen = shown["form"], shown["seen"]
    values = {name: form[name].value() for name in form.initial if name in form.fields}
    values = {name: value for name, value in values.items() if value not in (None, "", False, [])}
    values |= {bound.html_name: bound.value() for bound in form.settings if bound.value() not in (None, False)}
    hold(card, eva)

    response = client.post(
        f"/courses/mkc-101/studio/placements/{card.pk}/",
        {"settings_for": form.kind.key} | values | {"title": "What Chidi typed", "seen": seen},
        headers=PANEL,
    )

    assert response.status_code == 409
    assert "Eva Vermeulen is editing “Card 1”." in text_of(response)
    assert "What Chidi typed" in text_of(response)
    assert (again(card).activity.title, Design.objects.get(pk=design.pk).plan_version) == ("Card 1", 0)


def test_a_held_card_may_be_moved_and_copied_but_neither_edited_nor_removed(studio):
    eva, chidi, design, card = studio
    hold(card, eva)

    def fresh() -> int:
        return Design.objects.get(pk=design.pk).plan_version

    plan.move_placement(again(card), week=2, moment="after", by=chidi, version=fresh(), at=timezone.now())
    plan.duplicate_placement(again(card), by=chidi, version=fresh(), at=timezone.now())
    with pytest.raises(plan.CardHeld):
        plan.delete_placement(again(card), by=chidi, version=fresh(), at=timezone.now())
    with pytest.raises(plan.CardHeld):
        plan.move_placement(
            again(card), week=2, moment="after", environment="workplace", by=chidi, version=fresh(), at=timezone.now()
        )
    with pytest.raises(plan.CardHeld):
        edit(card, chidi, minutes=5)

    edit(card, eva, minutes=5)
    assert (fresh(), again(card).activity.minutes) == (3, 5)


def test_undo_takes_nothing_from_under_whoever_edits_it(studio):
    eva, chidi, design, card = studio
    edit(card, chidi, minutes=5)
    made = plan.add_activity(
        Design.objects.select_related("course").get(pk=design.pk),
        values=READING,
        week=1,
        moment="before",
        by=chidi,
        version=1,
        at=timezone.now(),
    )
    hold(card, eva)
    hold(Placement.objects.get(pk=made.placement_pk), eva)

    def undo() -> None:
        found = Design.objects.select_related("course").get(pk=design.pk)
        plan.undo(found, by=chidi, at=timezone.now())

    with pytest.raises(plan.CardHeld):
        undo()
    CardLock.objects.exclude(placement=card).delete()
    undo()
    with pytest.raises(plan.CardHeld):
        undo()

    found = Design.objects.select_related("course").get(pk=design.pk)
    assert [(a.title, a.minutes) for a in plan_of(found).activities] == [("Card 1", 5)]


# --- Forgetting -------------------------------------------------------------------------------------------------------


def test_what_is_a_day_old_is_swept(studio):
    eva, chidi, design, card = studio
    long_ago = NOW - timedelta(days=2)
    Presence.objects.create(design=design, user=eva, seen_at=long_ago)
    Presence.objects.create(design=design, user=chidi, seen_at=NOW)
    CardLock.objects.create(placement=card, user=eva, taken_at=long_ago, seen_at=long_ago)
    Storyboard.objects.create(design=design, facilitator=eva, started_at=long_ago)

    assert presence.sweep(at=NOW) == 2

    assert [each.user for each in Presence.objects.all()] == [chidi]
    assert Storyboard.objects.get().ended_at == NOW


@pytest.mark.parametrize("count", [1, 3])
def test_asking_costs_the_same_whatever_is_held(client, count, django_assert_num_queries):
    eva, design = board(cards=count)
    for card in design.placements.all():
        someone = UserFactory()
        hold(card, someone)
        Presence.objects.create(design=design, user=someone, seen_at=timezone.now())
    client.force_login(eva)
    poll(client, design)

    with django_assert_num_queries(3):
        response = poll(client, design)

    assert text_of(response).count("data-card=") == count


def test_two_courses_do_not_see_each_other(client, studio):
    eva, _chidi, design, _card = studio
    other = PlacementFactory(design__course=CourseFactory(lecturer=eva, code="other"))
    hold(other, UserFactory(name="Somebody Else"))
    client.force_login(eva)

    assert "Somebody Else" not in text_of(poll(client, design))


# --- Pins -------------------------------------------------------------------------------------------------------------


def test_open_comments_are_counted_on_their_card_and_week_with_the_way_to_them(client, studio):
    eva, chidi, design, card = studio
    week = design.weeks.get(number=1)
    about = {"design": design, "author": chidi, "parent": None, "at": NOW}
    review.add_comment(pin="activity", pin_key=str(card.key), text="One", **about)
    review.add_comment(pin="activity", pin_key=str(card.key), text="Two", **about)
    review.add_comment(pin="week", pin_key=str(week.key), text="Heavy?", **about)
    client.force_login(eva)

    page = text_of(client.get("/courses/mkc-101/studio/"))

    pins = re.findall(r'<a class="pin" href="([^"]*)">.*?<span class="num">(\d)</span>', page)
    assert pins == [
        (f"/courses/mkc-101/review/?design=1&pin=week&key={week.key}#week-{week.key}", "1"),
        (f"/courses/mkc-101/review/?design=1&pin=activity&key={card.key}#activity-{card.key}", "2"),
    ]
    for address, _count in pins:
        assert f'id="{address.split("#")[1]}"' in text_of(client.get(address))
