"""Charts are numbers first: where each shape goes."""

from hypothesis import given
from hypothesis import strategies as st

from blendedu.kit import charts
from blendedu.kit.charts import ASYNC, ENVIRONMENTS, SYNC, Part, WeekLoad

minutes = st.integers(min_value=0, max_value=3000)
loads = st.dictionaries(st.tuples(st.sampled_from(ENVIRONMENTS), st.sampled_from((SYNC, ASYNC))), minutes)
weeks = st.lists(loads, max_size=20).map(lambda all_: [WeekLoad(i, load) for i, load in enumerate(all_, 1)])


def test_a_blend_bar_is_full_and_its_shares_add_up() -> None:
    bar = charts.environment_blend({"physical": 90, "digital": 88})

    assert [(p.key, p.share, p.x, p.width) for p in bar.drawn] == [
        ("digital", 49, 0.0, 49.44),
        ("physical", 51, 49.44, 50.56),
    ]
    assert (bar.minutes, bar.used) == (178, 2)


def test_a_blend_bar_without_minutes_draws_nothing() -> None:
    bar = charts.environment_blend({})

    assert (bar.drawn, bar.minutes, bar.used) == ((), 0, 0)


def test_own_time_is_tinted_and_time_together_is_solid() -> None:
    bar = charts.mixed_blend({("digital", ASYNC): 40, ("workplace", SYNC): 240, ("workplace", ASYNC): 45})

    assert [p.css for p in bar.drawn] == ["env-digital async", "env-workplace async", "env-workplace"]


def test_tones_take_turns_over_what_is_drawn() -> None:
    bar = charts.toned_blend({"acquisition": 10, "inquiry": 0, "practice": 5})

    assert [p.css for p in bar.drawn] == ["c-accent", "c-accent async"]


@given(st.lists(minutes, max_size=8))
def test_pieces_stand_side_by_side(all_minutes: list[int]) -> None:
    bar = charts.blend(Part(str(i), m) for i, m in enumerate(all_minutes))

    ends = [0.0, *(piece.x + piece.width for piece in bar.drawn)]
    assert all(abs(piece.x - end) < 0.02 for piece, end in zip(bar.drawn, ends, strict=False))


@given(weeks)
def test_together_stays_above_the_line_and_own_time_below(all_weeks: list[WeekLoad]) -> None:
    chart = charts.rhythm(all_weeks)

    for column in chart.columns:
        for bar in column.bars:
            assert 0 <= bar.x <= bar.x + bar.width <= 100
            if bar.timing == SYNC:
                assert bar.y >= -2
                assert bar.y + bar.height <= chart.axis
            else:
                assert bar.y >= chart.axis
                assert bar.y + bar.height <= chart.height + 2


@given(weeks)
def test_the_chart_counts_every_minute_once(all_weeks: list[WeekLoad]) -> None:
    chart = charts.rhythm(all_weeks)

    assert chart.total == sum(sum(week.minutes.values()) for week in all_weeks)
    assert [sum(chart.row(column)) for column in chart.columns] == [column.total for column in chart.columns]


def test_lines_stand_at_round_hours_on_both_sides_of_one_scale() -> None:
    chart = charts.rhythm([WeekLoad(1, {("physical", SYNC): 300, ("digital", ASYNC): 200})])

    assert [line.minutes for line in chart.grid] == [120, 240, 360, 120, 240]
    above, below = chart.grid[0], chart.grid[3]
    assert round(chart.axis - above.y, 1) == round(below.y - chart.axis, 1)


def test_the_same_minutes_are_equally_tall_on_both_sides() -> None:
    chart = charts.rhythm([WeekLoad(1, {("physical", SYNC): 120, ("digital", ASYNC): 120})])

    assert len({bar.height for bar in chart.columns[0].bars}) == 1


def test_a_week_over_its_limit_says_so() -> None:
    chart = charts.rhythm([WeekLoad(1, {("digital", ASYNC): 361}, limit=360), WeekLoad(2, {}, limit=360)])

    assert [column.over for column in chart.columns] == [True, False]
    assert chart.heaviest == chart.columns[0]


def test_a_chart_without_weeks_or_minutes_can_be_drawn() -> None:
    assert charts.rhythm([]).total == 0
    assert charts.rhythm([WeekLoad(1, {})]).columns[0].bars == ()


def test_a_gauge_says_whether_the_value_is_in_its_range() -> None:
    states = [charts.gauge(value, low=7500, high=9000).state for value in (7000, 7500, 9000, 9001)]

    assert states == ["under", "within", "within", "over"]


@given(minutes, minutes, minutes)
def test_a_gauge_never_leaves_its_track(value: int, low: int, high: int) -> None:
    drawn = charts.gauge(value, low=low, high=high)

    assert all(0 <= place <= 100 for place in (drawn.fill, drawn.low, drawn.high) if place is not None)


def test_heat_grows_with_the_minutes_and_any_time_shows() -> None:
    steps = [cell.css for cell in charts.heat_cells([None, 0, 1, 300, 600, 900], darkest=600)]

    assert steps == ["v-0", "v-0", "v-1", "v-5", "v-10", "v-10"]


@given(st.integers(min_value=0, max_value=20_000))
def test_a_scale_holds_the_longest_with_few_lines_at_equal_distances(longest: int) -> None:
    scale = charts.scale(longest)

    assert scale.top >= longest
    assert 1 <= len(scale.ticks) <= 8
    assert scale.ticks[-1].x == 100
    assert len({round(b.x - a.x, 1) for a, b in zip(scale.ticks, scale.ticks[1:], strict=False)}) <= 1


def test_a_range_is_drawn_from_its_shortest_to_its_longest() -> None:
    scale = charts.Scale(200, ())

    assert scale.stretch(20, 60, (60, 60)) == charts.Stretch(10, 30)
    assert scale.stretch(20, 60, (40, 100)) == charts.Stretch(10, 30, low=30, reach=30)


def test_arrows_go_above_forwards_and_below_backwards() -> None:
    drawn = charts.joined(("a", "b", "c"), {("a", "c"): 2, ("c", "a"): 1, ("b", "b"): 3, ("x", "a"): 9}, used={"a"})

    forwards, backwards, itself = drawn.arcs
    assert [node.used for node in drawn.nodes] == [True, False, False]
    assert (forwards.count, backwards.count, itself.count) == (2, 1, 3)
    assert forwards.y < drawn.nodes[0].y < backwards.y
    assert itself.y < drawn.nodes[1].y
