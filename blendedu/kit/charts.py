"""Where the shapes of the charts go. Pure geometry: numbers in, frozen shapes out, drawn by templates/components.

Horizontal places are percentages of the drawing's width and vertical ones are pixels, so that a chart fills whatever
width it gets and its text keeps its size. Colours are not known here, only the names of signs.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil

from blendedu.kit.shares import percentages

ENVIRONMENTS = ("digital", "physical", "workplace", "hybrid")
SYNC, ASYNC = "sync", "async"

# --- Blend bar ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Part:
    """One value of a dimension and its minutes, as it goes into a bar."""

    key: str
    minutes: int
    css: str = ""  # classes that give colour and pattern, such as "env-digital async"
    label: str = ""


@dataclass(frozen=True)
class Piece:
    """One part as it is drawn: from `x`, `width` wide (percent), shown as `share` percent."""

    key: str
    minutes: int
    share: int
    x: float
    width: float
    css: str
    label: str


@dataclass(frozen=True)
class Blend:
    """A thin stacked bar. Parts without minutes are listed in the table, but not drawn."""

    pieces: tuple[Piece, ...]
    minutes: int

    @property
    def drawn(self) -> tuple[Piece, ...]:
        return tuple(piece for piece in self.pieces if piece.minutes)

    @property
    def used(self) -> int:
        return len(self.drawn)


def blend(parts: Iterable[Part]) -> Blend:
    """Lay the parts side by side; their shares add up to 100."""
    kept = tuple(parts)
    minutes = sum(part.minutes for part in kept)
    pieces = []
    before = 0
    for part, share in zip(kept, percentages([part.minutes for part in kept]), strict=True):
        x = 100 * before / minutes if minutes else 0.0
        width = 100 * part.minutes / minutes if minutes else 0.0
        before += part.minutes
        pieces.append(
            Piece(
                part.key, part.minutes, share, round(x, 2), round(width, 2), part.css or f"env-{part.key}", part.label
            )
        )
    return Blend(tuple(pieces), minutes)


def environment_blend(amounts: Mapping[str, int]) -> Blend:
    """How the minutes divide over the four learning environments."""
    return blend(Part(key, amounts.get(key, 0), f"env-{key}") for key in ENVIRONMENTS)


def timing_blend(amounts: Mapping[str, int]) -> Blend:
    """How the minutes divide over together (solid) and own time (tinted)."""
    return blend(
        (Part(SYNC, amounts.get(SYNC, 0), "c-ink"), Part(ASYNC, amounts.get(ASYNC, 0), "c-ink async")),
    )


def toned_blend(amounts: Mapping[str, int]) -> Blend:
    """A dimension whose values have words but no colours of their own: two tones that take turns.

    Used for learning types and grouping. The tones take turns over what is drawn, so neighbours always differ.
    """
    parts = []
    dark = True
    for key, minutes in amounts.items():
        parts.append(Part(key, minutes, "c-accent" if dark else "c-accent async"))
        dark = dark if not minutes else not dark
    return blend(parts)


def mixed_blend(amounts: Mapping[tuple[str, str], int]) -> Blend:
    """A week in one bar: each environment, its own time tinted and its time together solid."""
    return blend(
        Part(f"{environment}-{timing}", amounts.get((environment, timing), 0), _sign(environment, timing))
        for environment in ENVIRONMENTS
        for timing in (ASYNC, SYNC)
    )


def parts_blend(kept: int, broken: int) -> Blend:
    """How many keep a rule and how many do not; the numbers are counts, not minutes."""
    return blend((Part("kept", kept, "c-good"), Part("broken", broken, "c-bad")))


def _sign(environment: str, timing: str) -> str:
    return f"env-{environment} async" if timing == ASYNC else f"env-{environment}"


# --- Rhythm -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class WeekLoad:
    """What a week asks: minutes by (environment, timing)."""

    number: int
    minutes: Mapping[tuple[str, str], int]
    label: str = ""  # instead of "Week 3", for weeks that have a name or a date
    href: str = ""
    limit: int | None = None  # the most minutes that this week may ask, if a rule says so
    # The least and the most that each timing may take, where that is not one number.
    ranges: Mapping[str, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Bar:
    """One environment's minutes in one week, above the line (together) or below it (own time)."""

    environment: str
    timing: str
    minutes: int
    x: float
    y: float
    width: float
    height: float

    @property
    def css(self) -> str:
        return _sign(self.environment, self.timing)


@dataclass(frozen=True)
class Whisker:
    """From the least to the most that one side of a week may take: a thin line over its bar."""

    x: float
    from_y: float
    to_y: float


@dataclass(frozen=True)
class Column:
    """One week of the chart."""

    number: int
    label: str
    href: str
    bars: tuple[Bar, ...]
    together: int
    own_time: int
    over: bool
    middle: float
    low: int
    high: int
    whiskers: tuple[Whisker, ...] = ()

    @property
    def total(self) -> int:
        return self.together + self.own_time

    @property
    def minutes(self) -> int:
        return self.total


@dataclass(frozen=True)
class Grid:
    """A thin line at a round number of minutes."""

    y: float
    minutes: int


@dataclass(frozen=True)
class Rhythm:
    """Study time per week: together above the line, own time below."""

    columns: tuple[Column, ...]
    grid: tuple[Grid, ...]
    axis: float
    height: float
    together: int
    own_time: int

    @property
    def total(self) -> int:
        return self.together + self.own_time

    @property
    def has_ranges(self) -> bool:
        """Whether any week may take less or more than is planned."""
        return any(column.whiskers for column in self.columns)

    @property
    def heaviest(self) -> Column | None:
        """The week that asks most; the earliest of equals."""
        return max(self.columns, key=lambda column: (column.total, -column.number), default=None)

    @property
    def environments(self) -> tuple[str, ...]:
        """The environments that are used, in drawing order: the table has columns for these."""
        return tuple(env for env in ENVIRONMENTS if any(b.environment == env for c in self.columns for b in c.bars))

    def row(self, column: Column) -> tuple[int, ...]:
        """A week as a row of the table: each used environment together, then each in own time."""
        found = {(bar.environment, bar.timing): bar.minutes for bar in column.bars}
        return tuple(found.get((env, timing), 0) for timing in (SYNC, ASYNC) for env in self.environments)


_STEPS = (15, 30, 60, 120, 180, 240, 360, 480, 720, 1200, 2400, 4800, 9600)
_GAP = 1.0  # between two parts of a stack
_EDGE = 10.0  # room above the highest and below the lowest part
_LEAST = 2.0  # so that five minutes can still be seen beside four hours


def rhythm(weeks: Sequence[WeekLoad], *, height: int = 172) -> Rhythm:
    """Lay out the weeks. Both sides of the line have one scale, with lines at round hours."""
    sides = [(_side(week, SYNC), _side(week, ASYNC)) for week in weeks]
    up = max(
        (max(_minutes(above), _most(week, SYNC)) for week, (above, _) in zip(weeks, sides, strict=True)), default=0
    )
    down = max(
        (max(_minutes(below), _most(week, ASYNC)) for week, (_, below) in zip(weeks, sides, strict=True)), default=0
    )
    step = next((s for s in _STEPS if (up + down) / s <= 6), _STEPS[-1])
    # A side without any time keeps room for one line, so that its emptiness can be seen.
    up_top, down_top = (max(step, ceil(value / step) * step) for value in (up, down))
    per_minute = (height - 2 * _EDGE) / (up_top + down_top)
    axis = round(_EDGE + up_top * per_minute, 2)
    grid = tuple(
        Grid(round(axis - sign * k * step * per_minute, 2), k * step)
        for sign, top in ((1, up_top), (-1, down_top))
        for k in range(1, top // step + 1)
    )
    slot = 100 / max(len(weeks), 1)
    width = round(slot * 0.46, 2)
    columns = []
    for i, (week, (above, below)) in enumerate(zip(weeks, sides, strict=True)):
        x = round(slot * i + (slot - width) / 2, 2)
        together, own_time = _minutes(above), _minutes(below)
        spans = [week.ranges.get(timing, (sum_, sum_)) for timing, sum_ in ((SYNC, together), (ASYNC, own_time))]
        middle = round(slot * (i + 0.5), 2)
        columns.append(
            Column(
                number=week.number,
                label=week.label,
                href=week.href,
                bars=(
                    *_stack(above, SYNC, x=x, width=width, axis=axis, per_minute=per_minute),
                    *_stack(below, ASYNC, x=x, width=width, axis=axis, per_minute=per_minute),
                ),
                together=together,
                own_time=own_time,
                over=week.limit is not None and together + own_time > week.limit,
                middle=middle,
                low=sum(low for low, _ in spans),
                high=sum(high for _, high in spans),
                whiskers=tuple(
                    Whisker(middle, round(axis - sign * low * per_minute, 2), round(axis - sign * high * per_minute, 2))
                    for sign, (low, high) in zip((1, -1), spans, strict=True)
                    if low < high
                ),
            )
        )
    return Rhythm(
        columns=tuple(columns),
        grid=grid,
        axis=axis,
        height=height,
        together=sum(column.together for column in columns),
        own_time=sum(column.own_time for column in columns),
    )


def _side(week: WeekLoad, timing: str) -> list[tuple[str, int]]:
    return [(env, minutes) for env in ENVIRONMENTS if (minutes := week.minutes.get((env, timing), 0)) > 0]


def _minutes(side: list[tuple[str, int]]) -> int:
    return sum(minutes for _, minutes in side)


def _most(week: WeekLoad, timing: str) -> int:
    return week.ranges.get(timing, (0, 0))[1]


def _stack(
    side: list[tuple[str, int]], timing: str, *, x: float, width: float, axis: float, per_minute: float
) -> Iterable[Bar]:
    reached = 0.0
    for environment, minutes in side:
        full = max(minutes * per_minute, _LEAST)
        drawn = max(full - _GAP, _LEAST / 2)
        y = axis - reached - full if timing == SYNC else axis + reached + _GAP
        yield Bar(environment, timing, minutes, x, round(y, 2), width, round(drawn, 2))
        reached += full


# --- Lengths true to minutes ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Stretch:
    """One activity on a time scale, in percent of its width: where it begins, how long it is, and where it may end."""

    x: float
    width: float
    low: float | None = None  # from here on it may end, where a range was given
    reach: float | None = None  # how wide what lies between the shortest and the longest time is
    actual: float | None = None  # how long it took, where that is known


@dataclass(frozen=True)
class Tick:
    """A line at a round number of minutes."""

    x: float
    minutes: int


@dataclass(frozen=True)
class Scale:
    """A time scale from nothing to `top` minutes, with its lines."""

    top: int
    ticks: tuple[Tick, ...]

    @property
    def tick_part(self) -> float:
        """From one line to the next, as a part of the whole."""
        return round(1 / len(self.ticks), 6)

    def stretch(self, start: int, minutes: int, span: tuple[int, int], took: int | None = None) -> Stretch:
        """Where an activity lies that begins at a minute; its length is exactly its share of the scale."""
        low, high = span
        actual = None if took is None else self._at(took)
        if low == high:
            return Stretch(self._at(start), self._at(minutes), actual=actual)
        return Stretch(self._at(start), self._at(minutes), self._at(start + low), self._at(high - low), actual)

    def _at(self, minutes: int) -> float:
        return round(100 * minutes / self.top, 3)


def scale(longest: int) -> Scale:
    """A scale on which `longest` minutes fit, with at most eight lines at round numbers."""
    step = next((s for s in _STEPS if longest / s <= 8), _STEPS[-1])
    top = max(step, ceil(longest / step) * step)
    return Scale(top, tuple(Tick(round(100 * m / top, 3), m) for m in range(step, top + 1, step)))


# --- What is connected with what ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Node:
    """One box of the drawing, in its own units."""

    key: str
    x: float
    y: float
    width: float
    height: float
    used: bool

    @property
    def middle(self) -> float:
        return self.x + self.width / 2

    @property
    def baseline(self) -> float:
        return self.y + self.height / 2 + 4


@dataclass(frozen=True)
class Arc:
    """An arrow from one box to another, or back to itself, with how often it is meant."""

    path: str
    x: float
    y: float
    count: int


@dataclass(frozen=True)
class Joined:
    """Boxes in a row and the arrows between them: forwards above, backwards below."""

    nodes: tuple[Node, ...]
    arcs: tuple[Arc, ...]
    width: float
    height: float


def joined(keys: Sequence[str], between: Mapping[tuple[str, str], int], *, used: Collection[str] = ()) -> Joined:
    """Draw which of the keys are connected, and how often; pairs with another key are left out."""
    wide, high, apart, room = 96.0, 30.0, 34.0, 46.0
    place = {key: index for index, key in enumerate(keys)}
    nodes = tuple(Node(key, i * (wide + apart), room, wide, high, key in used) for i, key in enumerate(keys))
    arcs = []
    for (source, target), count in between.items():
        if source not in place or target not in place:
            continue
        first, second = nodes[place[source]], nodes[place[target]]
        if source == target:
            left, right, peak = first.middle - 16, first.middle + 16, room - 24
            path = f"M{left} {room}C{left} {peak} {right} {peak} {right} {room - 2}"
            arcs.append(Arc(path, first.middle, peak + 2, count))
            continue
        ahead = place[target] > place[source]
        edge = room if ahead else room + high
        away = (-1 if ahead else 1) * (12 + 9 * abs(place[target] - place[source]))
        begin, end = first.middle + (24 if ahead else -24), second.middle - (24 if ahead else -24)
        path = f"M{begin} {edge}C{begin} {edge + away} {end} {edge + away} {end} {edge - (2 if ahead else -2)}"
        arcs.append(Arc(path, (begin + end) / 2, edge + away * 0.75 + (-4 if ahead else 13), count))
    width = len(keys) * wide + max(len(keys) - 1, 0) * apart
    return Joined(nodes, tuple(arcs), width, room * 2 + high)


# --- Gauge --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Gauge:
    """A value on a line with the range where it should be. Places in percent."""

    fill: float
    low: float | None
    high: float | None
    state: str  # under, within, over
    least: float | None = None  # the least and the most that the value may be, where it is not one number
    most: float | None = None


def gauge(
    value: int, *, low: int | None = None, high: int | None = None, spread: tuple[int, int] | None = None
) -> Gauge:
    """Place the value, its own spread and the range where it should be, with room to the right of the largest."""
    least, most = spread if spread and spread[0] < spread[1] else (None, None)
    top = max(value * 1.08, (most or 0) * 1.08, (high or 0) / 0.85, (low or 0) / 0.85, 1)
    if low is not None and value < low:
        state = "under"
    elif high is not None and value > high:
        state = "over"
    else:
        state = "within"

    def place(amount: int | None) -> float | None:
        return None if amount is None else round(100 * amount / top, 2)

    return Gauge(
        fill=round(100 * max(value, 0) / top, 2),
        low=place(low),
        high=place(high),
        state=state,
        least=place(least),
        most=place(most),
    )


# --- Heat table ---------------------------------------------------------------------------------------------------

STEPS = 10


@dataclass(frozen=True)
class HeatCell:
    """One course in one week: its minutes and how dark the cell is, from v-0 to v-10."""

    minutes: int | None
    step: int

    @property
    def css(self) -> str:
        return f"v-{self.step}"


def heat_cells(minutes: Sequence[int | None], *, darkest: int) -> tuple[HeatCell, ...]:
    """Shade a row. The darkest shade stands for `darkest` minutes and more; any time at all is shaded a little."""
    return tuple(HeatCell(m, heat_step(m, darkest=darkest)) for m in minutes)


def heat_step(minutes: int | None, *, darkest: int) -> int:
    """How dark a cell is: 0 for nothing, 10 for `darkest` and more."""
    if not minutes or minutes < 0:
        return 0
    return min(max(round(STEPS * minutes / max(darkest, 1)), 1), STEPS)
