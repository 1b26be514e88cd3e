"""What a change does to a run, as a sum: without a database, one rule at a time."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from courses import cascade
from courses.calendar import Holiday
from courses.cascade import BadShift, Content, Fate, Offered, Place, Scope, Shift, Wanted, Why

ZONE = ZoneInfo("Europe/Brussels")
MONDAY = date(2026, 11, 16)
AT = datetime(2026, 11, 18, 9, tzinfo=UTC)  # Wednesday of week 1
MONDAYS = {number: MONDAY + timedelta(weeks=number - 1) for number in range(1, 7)}


def on(week, day=2, hour=10):
    """A time on the wall in a week of the run."""
    local = datetime.combine(MONDAYS[week] + timedelta(days=day), datetime.min.time(), ZONE).replace(hour=hour)
    return local.astimezone(UTC)


def place(week=4, moment="together", opens=None, due=None, **more):
    opens = on(week) if opens is None else opens
    return Place(week, moment, 0, opens, due or opens + timedelta(hours=2), **more)


def content(activity=1, *, timed=True, kind="session", built=True, as_group=False, **more):
    return Content(activity, activity, f"Activity {activity}", kind, as_group, timed, built, **more)


def offered(key="a", where=None, what=None, *, has_work=False, withdrawn=False):
    number = ord(key)
    return Offered(key, number, number, where or place(), what or content(), has_work, withdrawn)


def wanted(each, **changes):
    return Wanted(replace(each.place, **changes), each.content)


def effect(now, before, after, **more):
    return cascade.cascade(now, before=before, after=after, at=AT, zone=ZONE, mondays_were=MONDAYS, **more)


def fates(result):
    return {line.key: line.fate for line in result.lines}


def test_what_the_plan_says_as_before_stays_where_a_hand_has_put_it():
    planned = place()
    by_hand = offered(where=place(opens=on(4, day=3)))
    said = Wanted(planned, content())

    result = effect([by_hand], {"a": said}, {"a": said})

    assert result.is_empty
    assert result.lines[0].place == by_hand.place


def test_what_the_plan_moves_goes_there_even_from_where_a_hand_has_put_it_and_says_so():
    by_hand = offered(where=place(opens=on(4, day=3)))
    after = Wanted(place(5), content())

    (line,) = effect([by_hand], {"a": Wanted(place(), content())}, {"a": after}).lines

    assert (line.fate, line.place.window, line.by_hand) == (Fate.MOVED, after.place.window, True)


@pytest.mark.parametrize(
    ("where", "has_work", "why"),
    [
        (place(4), False, Why.NONE),
        (place(4), True, Why.WORK),
        (place(1, opens=AT, due=AT + timedelta(days=1)), False, Why.OPEN),
        (place(1, opens=AT + timedelta(seconds=30), due=AT + timedelta(days=1)), False, Why.OPEN),
        (place(1, opens=AT + timedelta(seconds=90), due=AT + timedelta(days=1)), False, Why.NONE),
        (place(1, opens=AT - timedelta(days=2), due=AT), False, Why.PAST),
    ],
)
def test_only_what_has_not_begun_moves(where, has_work, why):
    now = offered(where=where, has_work=has_work)
    later = replace(where, opens_at=where.opens_at + timedelta(days=7), due_at=where.due_at + timedelta(days=7))

    (line,) = effect([now], {"a": Wanted(where, content())}, {"a": Wanted(later, content())}).lines

    assert line.why == why
    assert line.fate == (Fate.KEPT if why else Fate.MOVED)
    assert line.place.window == (where.window if why else later.window)


@pytest.mark.parametrize(
    ("where", "has_work", "fate"),
    [
        (place(4), False, Fate.GONE),
        (place(1, opens=AT - timedelta(days=1), due=AT + timedelta(days=1)), False, Fate.GONE),
        (place(4), True, Fate.KEPT),
        (place(1, opens=AT - timedelta(days=2), due=AT - timedelta(days=1)), False, Fate.KEPT),
    ],
)
def test_what_is_left_out_goes_only_while_nobody_has_begun_it(where, has_work, fate):
    result = effect([offered(where=where, has_work=has_work)], {"a": Wanted(where, content())}, {})

    assert fates(result) == {"a": fate}


def test_what_was_left_out_before_and_kept_for_its_work_stays_without_a_word():
    result = effect([offered(has_work=True)], {}, {})

    assert fates(result) == {"a": Fate.SAME}
    assert result.is_empty


def test_what_was_withdrawn_comes_back_as_new():
    result = effect([offered(withdrawn=True)], {}, {"a": Wanted(place(5), content())})

    assert fates(result) == {"a": Fate.NEW}
    assert result.lines[0].was is not None


def test_new_content_takes_the_place_of_the_old_also_where_students_have_begun():
    now = offered(what=content(1, kind="quiz", timed=False), has_work=True)
    newer = Wanted(now.place, content(2, kind="quiz", timed=False, built=False))

    (line,) = effect([now], {"a": Wanted(now.place, now.content)}, {"a": newer}).lines

    assert (line.fate, line.content.activity, line.keeps_content) == (Fate.CHANGED, 2, False)
    # What somebody has begun never waits to be built.
    assert line.content.built


@pytest.mark.parametrize("shape", [{"kind": "upload"}, {"as_group": True}])
def test_work_keeps_its_kind_of_activity(shape):
    now = offered(what=content(1, kind="quiz", timed=False), has_work=True)
    newer = Wanted(now.place, content(2, timed=False, **{"kind": "quiz", **shape}))

    (line,) = effect([now], {"a": Wanted(now.place, now.content)}, {"a": newer}).lines

    assert (line.content.activity, line.content.placement, line.keeps_content) == (1, 2, True)


def test_closing_stays_as_long_after_the_deadline_as_it_was_also_when_the_clocks_change():
    where = place(3, due=on(3, hour=23), closes_at=on(3, day=4, hour=23))
    spring = datetime(2027, 3, 26, 22, tzinfo=UTC)  # Friday before the clocks go forward
    later = replace(where, opens_at=spring - timedelta(days=3), due_at=spring)

    (line,) = effect([offered(where=where)], {"a": Wanted(where, content())}, {"a": Wanted(later, content())}).lines

    assert line.place.closes_at.astimezone(ZONE).replace(tzinfo=None) == datetime(2027, 3, 28, 23)
    assert line.place.closes_at - line.place.due_at == timedelta(hours=47)


def test_feedback_follows_its_deadline_in_working_days():
    what = content(timed=False, kind="upload", feedback_by="lecturer", feedback_days=3)
    now = offered(where=place(2, due=on(2, day=4)), what=what)
    later = Wanted(replace(now.place, due_at=on(3, day=4)), what)
    break_ = (MONDAYS[4], MONDAYS[4] + timedelta(days=1))

    (line,) = effect([now], {"a": Wanted(now.place, what)}, {"a": later}, holidays=[break_]).lines

    assert line.feedback_was == MONDAYS[3] + timedelta(days=2)
    assert line.feedback_will == MONDAYS[4] + timedelta(days=4)


def test_a_later_deadline_may_be_given_to_what_has_begun():
    where = place(
        1, "before", opens=AT - timedelta(days=2), due=AT + timedelta(days=1), closes_at=AT + timedelta(days=2)
    )
    now = offered(where=where, what=content(timed=False, kind="quiz"), has_work=True)
    meant = replace(where, opens_at=where.opens_at + timedelta(days=7), due_at=where.due_at + timedelta(days=7))
    plans = ({"a": Wanted(where, now.content)}, {"a": Wanted(meant, now.content)})

    kept, given = effect([now], *plans), effect([now], *plans, extend={"a"})

    assert (kept.lines[0].fate, kept.lines[0].can_be_extended) == (Fate.KEPT, True)
    line = given.lines[0]
    assert (line.fate, line.place.opens_at, line.place.due_at) == (Fate.MOVED, where.opens_at, meant.due_at)
    assert line.place.closes_at == where.closes_at + timedelta(days=7)


def test_nothing_is_extended_to_an_earlier_deadline():
    where = place(1, opens=AT - timedelta(days=1), due=AT + timedelta(days=9))
    now = offered(where=where, what=content(timed=False, kind="quiz"), has_work=True)
    sooner = Wanted(replace(where, due_at=AT + timedelta(days=2)), now.content)

    (line,) = effect([now], {"a": Wanted(where, now.content)}, {"a": sooner}, extend={"a"}).lines

    assert (line.fate, line.place.window) == (Fate.KEPT, where.window)


def test_digest_is_of_the_effect():
    now, later = offered(), Wanted(place(5), content())
    said = {"a": Wanted(place(), content())}

    one, same = effect([now], said, {"a": later}), effect([now], said, {"a": later})
    begun = effect([replace(now, has_work=True)], said, {"a": later})

    assert one.digest() == same.digest()
    assert one.digest() != begun.digest()


# --- Weeks --------------------------------------------------------------------------------------------------------


def test_more_weeks_come_after_the_last_and_skip_holidays():
    holiday = Holiday(MONDAYS[6] + timedelta(weeks=1), MONDAYS[6] + timedelta(weeks=3, days=-1), "Break")

    mondays = cascade.mondays_for(7, MONDAYS, [holiday])

    assert mondays == MONDAYS | {7: MONDAYS[6] + timedelta(weeks=3)}


def test_a_week_that_the_plan_has_no_more_stays_while_something_stands_in_it():
    begun = offered(where=place(6, opens=on(6)), has_work=True)

    with_work = effect(
        [begun], {"a": Wanted(begun.place, begun.content)}, {}, mondays_will=dict(list(MONDAYS.items())[:5])
    )
    without = effect([], {}, {}, mondays_will=dict(list(MONDAYS.items())[:5]))

    assert 6 in with_work.mondays
    assert [(week.number, week.will) for week in without.weeks] == [(6, None)]


# --- Shifts -------------------------------------------------------------------------------------------------------


def week_four():
    """Preparation, class and follow-up of week 4, and a class in week 5."""
    class_four = offered("c", place(4), content(1))
    before = offered(
        "b", place(4, "before", opens=on(3, day=0, hour=0), due=on(4)), content(2, timed=False, kind="quiz")
    )
    after = offered(
        "f", place(4, "after", opens=on(4, hour=12), due=on(4, day=6, hour=23)), content(3, timed=False, kind="upload")
    )
    return [before, class_four, after, offered("d", place(5), content(4))]


def shift(now, how, holidays=()):
    after, mondays = cascade.shifted(now, how, mondays=MONDAYS, holidays=holidays, zone=ZONE)
    said = {each.key: Wanted(each.place, each.content) for each in now}
    return effect(now, said, after, mondays_will=mondays)


def test_one_class_takes_along_what_is_tied_to_it_and_stands_in_the_week_of_its_date():
    result = shift(week_four(), Shift(Scope.ONE, 4, 7, key="c"))

    assert fates(result) == {"b": Fate.MOVED, "c": Fate.MOVED, "f": Fate.MOVED, "d": Fate.SAME}
    assert {line.place.week for line in result.of(Fate.MOVED)} == {5}
    assert next(line for line in result.lines if line.key == "c").place.opens_at == on(5)


def test_one_deadline_moves_alone():
    result = shift(week_four(), Shift(Scope.ONE, 4, 2, key="f"))

    assert [line.key for line in result.of(Fate.MOVED)] == ["f"]
    assert result.of(Fate.MOVED)[0].place.week == 4


def test_a_week_moves_whole_and_the_others_stay():
    result = shift(week_four(), Shift(Scope.WEEK, 4, 7))

    assert fates(result) == {"b": Fate.MOVED, "c": Fate.MOVED, "f": Fate.MOVED, "d": Fate.SAME}
    assert not result.weeks


def test_from_a_week_onwards_all_weeks_follow_and_holidays_are_skipped():
    holiday = Holiday(MONDAYS[5], MONDAYS[5] + timedelta(days=6), "Break")

    result = shift(week_four(), Shift(Scope.ONWARDS, 4, 7), holidays=[holiday])

    # Week 4 would fall into the break, so it goes one week further, and the rest after it.
    assert {week.number: week.will for week in result.weeks} == {
        4: MONDAYS[6],
        5: MONDAYS[6] + timedelta(weeks=1),
        6: MONDAYS[6] + timedelta(weeks=2),
    }
    assert next(line for line in result.lines if line.key == "d").place.opens_at == on(6, day=2) + timedelta(weeks=1)


def test_a_break_behind_takes_up_a_shift():
    mondays = {1: MONDAYS[1], 2: MONDAYS[2], 3: MONDAYS[5]}

    _after, will = cascade.shifted([], Shift(Scope.ONWARDS, 1, 7), mondays=mondays, holidays=[], zone=ZONE)

    assert will == {1: MONDAYS[2], 2: MONDAYS[3], 3: MONDAYS[5]}


def test_what_keeps_its_dates_is_listed_with_a_week_that_is_there():
    now = week_four()
    now[0] = replace(now[0], has_work=True)

    result = shift(now, Shift(Scope.ONWARDS, 4, 7))

    kept = next(line for line in result.lines if line.key == "b")
    assert (kept.fate, kept.why, kept.place.window, kept.place.week) == (Fate.KEPT, Why.WORK, now[0].place.window, 3)


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        (Shift(Scope.ONWARDS, 4, -7), cascade.OVER_ANOTHER),
        (Shift(Scope.WEEK, 1, -7), cascade.BEFORE_START),
        (Shift(Scope.WEEK, 4, 0), cascade.NOTHING),
        (Shift(Scope.WEEK, 2, 7), cascade.NOTHING),
        (Shift(Scope.ONE, 4, 7, key="nobody"), cascade.NOTHING),
    ],
)
def test_a_shift_that_cannot_be_is_refused_with_a_reason(how, reason):
    now = [*week_four(), offered("e", place(1), content(9))]

    with pytest.raises(BadShift) as refused:
        shift(now, how)

    assert refused.value.reason == reason


def test_behind_the_last_week_another_is_added():
    last = offered("z", place(6), content(8))

    result = shift([last], Shift(Scope.ONE, 6, 7, key="z"))

    assert [(week.number, week.was, week.will) for week in result.weeks] == [(7, None, MONDAYS[6] + timedelta(weeks=1))]
    assert result.lines[0].place.week == 7
