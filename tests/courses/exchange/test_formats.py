"""Formats of designs: what goes out comes back, what others wrote is read or refused in words."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from courses.exchange import design_csv, design_json, design_ldj, design_xlsx, reading, table
from courses.exchange.cells import BYTE_ORDER_MARK
from courses.exchange.proposal import Kind, Refused
from courses.outline import Outline, OutlineOutcome, OutlineWeek
from tests.courses.exchange.samples import activity, outlines

LDJ = Path(settings.BASE_DIR).parent / "shared" / "fixtures" / "designs" / "interview-questions.ldj"
HOSTILE = '<script>alert(1)</script><img src=x onerror="alert(2)">'


def said(proposal: object, kind: Kind) -> list[tuple[str, str]]:
    return [(remark.where, remark.text) for remark in proposal.remarks if remark.kind == kind]  # type: ignore[attr-defined]


def document(**more: object) -> str:
    return json.dumps({"format": "blendedu-design", "version": 1, "weeks": [{"number": 1}], **more})


# --- JSON -----------------------------------------------------------------------------------------------------------


@given(outlines())
@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_json_gives_the_same_design_back(outline: Outline) -> None:
    proposal = design_json.read(design_json.write(outline))

    assert proposal.remarks == ()
    assert proposal.outline == outline


KEYS = st.sampled_from(
    "format version weeks activities outcomes links key number title type minutes config questions files to".split()
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda each: st.lists(each) | st.dictionaries(KEYS | st.text(), each),
)


@given(ANYTHING)
@hypothesis_settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_json_whatever_breaks_the_reader(anything: object) -> None:
    document = anything if isinstance(anything, dict) else {"activities": anything}

    proposal = design_json.read_document({**document, "format": "blendedu-design", "version": 1})
    again = design_ldj.read(json.dumps(document, allow_nan=False, default=str) if _plain(document) else "{}")

    assert proposal.outline is not None
    assert again.outline is not None or again.problems


def _plain(anything: object) -> bool:
    try:
        json.dumps(anything, allow_nan=False)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (b"", "empty"),
        (b"   \n", "empty"),
        (b"{", "Line 1: This is no JSON"),
        (b'{\n "a": 1,\n}', "Line 3: This is no JSON"),
        (b'{"format": "blendedu-design", "version": 1, "weeks": NaN}', "a number that is none"),
        (b'{"format": "blendedu-design", "version": ' + b"9" * 5000 + b"}", "far too long"),
        (b'{"a":' * 50_000 + b"1" + b"}" * 50_000, "too deep"),
        (b'{"format":' + b"[" * 40 + b"]" * 40 + b"}", "too deep"),
        (b'{"format": "blendedu-design", "version": 2}', "This is version 2 of the format"),
        (b'{"format": "blendedu-design", "version": true}', "This is version True of the format"),
        (b'{"format": "something"}', "no design of BlendEdu"),
        (b'{"format": "blendedu-design", "version": 1}', "nothing in this design"),
        (b'{"name": "no activities"}', "no list"),
        (b"%PDF-1.7", "PDF"),
        (b"[1, 2]", "Learning Designer"),
        (b"\xff\xfe{", "cut off"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(source: bytes, words: str) -> None:
    with pytest.raises(Refused) as refused:
        reading.read_file("design.json", source)

    assert words in f"{refused.value.where}: {refused.value}"


def test_what_cannot_be_taken_is_named_with_its_path() -> None:
    proposal = design_json.read(
        document(
            colour="red",
            outcomes=[{"text": "Segment"}, {"text": ""}, {"text": "Frame", "level": 9}],
            activities=[
                {"title": "Read", "type": "reading", "week": 7, "minutes": 1e9, "environment": "moon", "mood": "good"},
                {"type": "reading"},
                "no object",
                {
                    "title": "Quiz",
                    "type": "quiz",
                    "week": 1,
                    "config": {"attempts_allowed": "many", "x": 1},
                    "outcomes": [1, 8],
                },
            ],
            links=[{"from": 1, "to": 1}, {"from": 1, "to": 4, "note": "used"}, {"from": 1, "to": 99}],
        )
    )

    assert {where for where, _text in said(proposal, Kind.LEFT_OUT)} == {
        "colour",
        "outcomes.2",
        "activities.1.mood",
        "activities.2",
        "activities.3",
        "activities.4.config.attempts_allowed",
        "activities.4.config.x",
        "activities.4.outcomes.2",
        "links.1",
        "links.3",
    }
    assert {where for where, _text in said(proposal, Kind.CHANGED)} == {
        "outcomes.3.level",
        "activities.1.week",
        "activities.1.minutes",
        "activities.1.environment",
    }
    assert proposal.outline is not None
    assert [(each.title, each.week, each.minutes) for each in proposal.outline.activities] == [
        ("Quiz", 1, None),
        ("Read", None, None),
    ]
    assert [link.note for link in proposal.outline.links] == ["used"]


def test_a_type_that_is_not_installed_waits_on_the_shelf() -> None:
    proposal = design_json.read(
        document(
            activities=[{"title": "Enter the room", "type": "vr", "week": 1, "timing": "sync", "config": {"a": 1}}]
        )
    )

    assert proposal.outline is not None
    (card,) = proposal.outline.activities
    assert (card.week, card.title, card.values["config"]) == (None, "Enter the room", {})
    assert "“vr”, which is not installed" in said(proposal, Kind.CHANGED)[0][1]


def test_signs_that_no_column_takes_are_cleaned() -> None:
    text = "a\x00b\ud800c"
    proposal = design_json.read(
        document(
            weeks=[{"number": 1, "title": text}],
            activities=[{"title": text, "brief": text, "type": "reading", "week": 1, "config": {"text": text}}],
        )
    )

    assert proposal.outline is not None
    (card,) = proposal.outline.activities
    found = (proposal.outline.weeks[0].title, card.title, card.values["brief"], card.values["config"]["text"])
    assert found == ("abc", "abc", "abc", "abc")


def test_weeks_without_gaps_and_at_most_sixty() -> None:
    proposal = design_json.read(document(weeks=[{"number": 3}, {"number": 61}, {"number": 3}, {"number": -1}]))

    assert proposal.outline is not None
    assert [week.number for week in proposal.outline.weeks] == [1, 2, 3]
    assert [where for where, _text in said(proposal, Kind.LEFT_OUT)] == [
        "weeks.2.number",
        "weeks.3.number",
        "weeks.4.number",
    ]


# --- Learning Designer ----------------------------------------------------------------------------------------------


@pytest.mark.skipif(not LDJ.exists(), reason="the fixtures of others are not here")
def test_a_learning_designer_file_keeps_what_a_design_can_hold() -> None:
    proposal = reading.read_file("interview.ldj", LDJ.read_bytes()).proposal

    outline = proposal.outline
    assert outline is not None
    assert [week.title for week in outline.weeks] == ["Before the visit", "In the field"]
    assert [one.text for one in outline.outcomes] == [
        "Formulate open questions for an interview",
        "Evaluate the quality of answers",
    ]
    kept = [
        (
            card.week,
            card.moment,
            card.title,
            card.values["type_key"],
            card.minutes,
            card.values["learning_type"],
            card.values["grouping"],
            card.values["group_size"],
            card.values["guidance"],
            card.values["environment"],
            card.values["timing"],
            card.values["assessment"],
        )
        for card in outline.activities
    ]
    assert kept == [
        (1, "before", "Watch two clips", "clip", 25, "acquisition", "alone", None, "none", "digital", "async", "none"),
        (1, "before", "Quiz", "quiz", 15, "practice", "alone", None, "none", "digital", "async", "formative"),
        (
            1,
            "together",
            "Compare questions",
            "session",
            40,
            "discussion",
            "group",
            5,
            "lecturer",
            "physical",
            "sync",
            "none",
        ),
        (
            2,
            "together",
            "Interview a professional",
            "session",
            120,
            "inquiry",
            "pair",
            2,
            "none",
            "physical",
            "sync",
            "none",
        ),
        (
            2,
            "together",
            "Bring it together",
            "session",
            None,
            "collaboration",
            "pair",
            2,
            "lecturer",
            "digital",
            "sync",
            "none",
        ),
        (2, "after", "Report", "upload", 60, "production", "pair", 2, "none", "digital", "async", "summative"),
    ]
    assert [card.values["brief"] for card in outline.activities if card.values["brief"]] == [
        "Captions are needed",
        "- Template (template.docx)",
    ]
    assert ("activities.2.slas.3.duration", "“Bring it together” has no duration; give its minutes in the Studio.") in (
        said(proposal, Kind.CHANGED)
    )
    left = dict(said(proposal, Kind.LEFT_OUT))
    assert "Students conduct a short interview" in left["aims"]
    assert "template.docx" in left["activities.2.slas.2.resources.1"]


def test_unknown_keys_of_a_learning_designer_file_are_reported() -> None:
    card = {"type": "Dance", "duration": "1e3", "groupSize": "many", "mood": "x", "assessmentType": "Odd"}
    session = {"title": "t", "colour": "red", "slas": [{**card, "description": HOSTILE}]}
    source = {"name": "x", "zoom": 3, "activities": [session]}

    proposal = design_ldj.read(json.dumps(source))

    assert [where for where, _text in said(proposal, Kind.LEFT_OUT)] == [
        "zoom",
        "activities.1.colour",
        "activities.1.slas.1.mood",
    ]
    assert {where for where, _text in said(proposal, Kind.CHANGED)} == {
        "activities.1.slas.1.type",
        "activities.1.slas.1.groupSize",
        "activities.1.slas.1.assessmentType",
        "activities.1.slas.1.duration",
    }
    assert proposal.outline is not None
    assert proposal.outline.activities[0].minutes is None


def test_a_design_goes_to_the_learning_designer_and_back() -> None:
    outline = Outline(
        title="Interviews",
        weeks=(OutlineWeek(1, "Before the visit"),),
        outcomes=(OutlineOutcome("6a6cbd8a-9b4c-4e6c-8bb3-0b8f3f2f5d11", 1, "Formulate open questions"),),
        activities=(
            activity("Watch two clips", kind="clip", minutes=25, brief="Then answer."),
            activity("Interview", kind="session", moment="together", minutes=None, grouping="group", group_size=4),
        ),
    )

    back = design_ldj.read(design_ldj.write(outline)).outline

    assert back is not None
    assert [week.title for week in back.weeks] == ["Before the visit"]
    assert [one.text for one in back.outcomes] == ["Formulate open questions"]
    names = ("title", "brief", "minutes", "learning_type", "environment", "timing", "grouping", "group_size")
    for name in names:
        assert [each.values[name] for each in back.activities] == [each.values[name] for each in outline.activities]


# --- Tables ---------------------------------------------------------------------------------------------------------

DUTCH = (
    "Week\tFase\tActiviteit\tTijd\tOmgeving\tWerkvorm\tLeeruitkomst\tKleur\n"
    "1: Start\tVooraf\tLees hoofdstuk 2\t45\tonline\talleen\tLO1\trood\n"
    "\tTijdens\tCollege\t1,5 uur\tcampus\tklassikaal\tLO1, LO2\t\n"
    "2\tNadien\tBezoek aan een bureau\t60-90\tpraktijk\tduo\tOpen vragen stellen\t\n"
)
GERMAN = (
    "Woche;Phase;Lernaktivität;Dauer;Lernumgebung;Sozialform\n"
    "1;Vorbereitung;Kapitel 2 lesen;45;digital;Einzelarbeit\n"
    "1;Präsenz;Vorlesung;90;Präsenz;Plenum\n"
)


def test_headings_are_read_in_dutch_with_merged_weeks_and_ranges() -> None:
    found = table.table_from_text(DUTCH)
    guess = table.guess(found)

    proposal = table.read(found, guess.columns, has_header=guess.has_header)

    assert guess.columns == ("week", "moment", "title", "minutes", "environment", "grouping", "outcomes", "")
    outline = proposal.outline
    assert outline is not None
    assert [(week.number, week.title) for week in outline.weeks] == [(1, "Start"), (2, "")]
    assert [
        (
            each.week,
            each.moment,
            each.values["type_key"],
            each.minutes,
            each.values["minutes_low"],
            each.values["environment"],
            each.values["grouping"],
        )
        for each in outline.activities
    ] == [
        (1, "before", "reading", 45, None, "digital", "alone"),
        (1, "together", "session", 90, None, "physical", "class"),
        (2, "after", "session", 75, 60, "workplace", "pair"),
    ]
    assert [one.text for one in outline.outcomes] == ["LO1", "LO2", "Open vragen stellen"]
    assert said(proposal, Kind.LEFT_OUT) == [("Columns", "“Kleur” is left out.")]


def test_headings_are_read_in_german_from_a_windows_file() -> None:
    read = reading.read_file("plan.csv", GERMAN.encode("cp1252"))

    outline = read.proposal.outline
    assert outline is not None
    assert [(each.title, each.moment, each.values["grouping"]) for each in outline.activities] == [
        ("Kapitel 2 lesen", "before", "alone"),
        ("Vorlesung", "together", "class"),
    ]


def test_columns_without_headings_show_themselves() -> None:
    found = table.table_from_text("1\tRead chapter 2\t45 min\tdigital\n1\tClass\t2 h\tphysical\n2\tVisit\t\tworkplace")

    assert table.guess(found) == table.Guess(("week", "title", "minutes", "environment"), has_header=False)


def test_a_column_can_be_corrected() -> None:
    read = reading.read_paste("Title\tX\nRead\t45\nDiscuss\t30\n")
    assert [each.minutes for each in read.proposal.outline.activities] == [None, None]  # type: ignore[union-attr]

    stored = reading.with_columns(read.stored, ["title", "minutes"], has_header=True)

    corrected = reading.proposal_of(stored).outline
    assert [each.minutes for each in corrected.activities] == [45, 30]  # type: ignore[union-attr]


def test_lines_with_problems_are_named_with_their_number() -> None:
    source = "Week\tTitle\tTime\n1\tRead\tsoon\n\n99\tWatch\t5\n1-3\tDiscuss\t20\n2\t\t30\n2\tQuiz\t-5\n"

    found = table.table_from_text(source)
    proposal = table.read(found, ["week", "title", "minutes"], has_header=True)

    assert said(proposal, Kind.CHANGED) == [
        ("Line 2", "“soon” is no time; the activity is taken without."),
        ("Line 4", "“99” is no week; the activity is on the shelf."),
        ("Line 5", "“1-3” is more than one week; week 1 is taken."),
        ("Line 7", "“-5” is no time; the activity is taken without."),
    ]
    assert said(proposal, Kind.LEFT_OUT) == [("Line 6", "This line has no title.")]


Write = Callable[[list[str]], bytes]
TIMES = [
    ("90", (90, None, None)),
    ("90.0", (90, None, None)),
    ("1:30", (90, None, None)),
    ("1:30:00", (90, None, None)),
    ("1h30", (90, None, None)),
    ("1.5 h", (90, None, None)),
    ("1,5 Stunden", (90, None, None)),
    ("1.000", (1000, None, None)),
    ("60-90", (75, 60, 90)),
    ("60–90 min", (75, 60, 90)),
    ("60.0 to 90.0", (75, 60, 90)),
    ("1h-1h30", (75, 60, 90)),
    ("1 bis 2 Std.", (90, 60, 120)),
    ("2 th", (90, None, None)),
]
NO_TIMES = [
    ("soon", "“soon” is no time; the activity is taken without."),
    ("-5", "“-5” is no time; the activity is taken without."),
    ("60-90-120", "“60-90-120” is no time; the activity is taken without."),
    ("101 h", "“101 h” is more than 100 h; the activity is taken without."),
    ("90-60", "“90-60” goes from the longer time to the shorter; the activity is taken without."),
]


def times_of(name: str, source: bytes) -> list[tuple[int | None, int | None, int | None]]:
    outline = reading.read_file(name, source, teaching_hour=45).proposal.outline
    assert outline is not None
    names = ("minutes", "minutes_low", "minutes_high")
    return [(each.values[names[0]], each.values[names[1]], each.values[names[2]]) for each in outline.activities]


def csv_of(rows: list[str]) -> bytes:
    return ("Week;Title;Time\n" + "".join(f"1;Read {n};{text}\n" for n, text in enumerate(rows))).encode()


def xlsx_of(rows: list[str]) -> bytes:
    book = Workbook()
    book.active.append(["Week", "Title", "Time"])
    for number, text in enumerate(rows):
        book.active.append([1, f"Read {number}", text])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def ldj_of(rows: list[str]) -> bytes:
    slas = [{"type": "read", "duration": text, "description": f"Read {number}"} for number, text in enumerate(rows)]
    return json.dumps({"activities": [{"title": "Week 1", "slas": slas}]}).encode()


@pytest.mark.parametrize(("name", "write"), [("a.csv", csv_of), ("a.xlsx", xlsx_of), ("a.ldj", ldj_of)])
def test_a_time_is_read_the_same_in_every_format(name: str, write: Write) -> None:
    assert times_of(name, write([text for text, _read in TIMES])) == [read for _text, read in TIMES]


@pytest.mark.parametrize(("name", "write"), [("a.csv", csv_of), ("a.xlsx", xlsx_of), ("a.ldj", ldj_of)])
def test_what_is_no_time_is_named_with_its_line_and_nothing_is_guessed(name: str, write: Write) -> None:
    read = reading.read_file(name, write([text for text, _why in NO_TIMES]))

    remarks = [each for each in read.proposal.remarks if "taken without" in each.text]
    assert [remark.text for remark in remarks] == [why for _text, why in NO_TIMES]
    assert len({remark.where for remark in remarks}) == len(NO_TIMES)
    assert {time for time, _low, _high in times_of(name, write([text for text, _why in NO_TIMES]))} == {None}


def test_a_column_of_hours_holds_hours_and_a_teaching_hour_is_that_of_the_course() -> None:
    source = "Title\tHours\nRead\t1,5\nDiscuss\t1-2\nPlay\t0:45\nTeach\t2 lesuren\n"

    read = reading.read_paste(source, teaching_hour=50)

    again = reading.proposal_of(json.loads(json.dumps(read.stored))).outline
    assert again is not None
    assert [each.minutes for each in again.activities] == [90, 90, 45, 100]


def test_a_cell_with_a_line_break_stays_one_cell() -> None:
    found = table.table_from_text('Title\tWhat students do\tTime\nRead\t"First this,\nthen that"\t10\nWatch\t\t5\n')

    assert found.rows[1] == ("Read", "First this,\nthen that", "10")
    assert found.lines == (1, 2, 4)


@pytest.mark.parametrize("text", ["", "\n\n", "\t\t\n", "\ufeff"])
def test_an_empty_table_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="nothing in this table"):
        table.table_from_text(text)


def test_a_table_of_headings_alone_has_a_problem() -> None:
    assert said(reading.read_paste("Week\tTitle\n").proposal, Kind.PROBLEM) == [
        ("", "There is a line with headings, and no activity below it.")
    ]


def test_a_table_that_is_far_too_long_is_refused() -> None:
    with pytest.raises(Refused, match="at most 600 activities"):
        table.table_from_text("Title\n" + "x\n" * 700)


@given(st.text(max_size=400))
@hypothesis_settings(max_examples=150, deadline=None)
def test_no_text_whatever_breaks_the_reader_of_tables(text: str) -> None:
    try:
        read = reading.read_paste(text)
    except Refused:
        return

    assert read.proposal.outline is not None or read.proposal.problems


# --- CSV and XLSX ---------------------------------------------------------------------------------------------------

FULL = Outline(
    weeks=(OutlineWeek(1, "Audiences"), OutlineWeek(2, "", teaching=False)),
    outcomes=(
        OutlineOutcome("6a6cbd8a-9b4c-4e6c-8bb3-0b8f3f2f5d11", 1, "Segment an audience", 4),
        OutlineOutcome("6a6cbd8a-9b4c-4e6c-8bb3-0b8f3f2f5d12", 2, "Frame; and test"),
    ),
    activities=(
        activity("=HYPERLINK(1)", minutes=45, minutes_low=30, minutes_high=60, tool="@tool", brief="+1\n-2"),
        activity("Class", kind="session", moment="together", minutes=90, grouping="group", group_size=4),
        activity(
            "Essay",
            kind="upload",
            moment="after",
            assessment="summative",
            weight=40,
            feedback_by="peer",
            feedback_days=5,
        ),
        activity("Later", kind="quiz", week=None, required=False),
    ),
)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_table_that_goes_out_comes_back(kind: str) -> None:
    write, _content_type = reading.WRITERS[kind]
    written = write(FULL)

    read = reading.read_file(f"plan.{kind}", written.encode() if isinstance(written, str) else written)

    outline = read.proposal.outline
    assert outline is not None
    assert [each.values for each in outline.activities] == [each.values for each in FULL.activities]
    assert [(each.week, each.moment) for each in outline.activities] == [
        (each.week, each.moment) for each in FULL.activities
    ]


def test_a_workbook_keeps_weeks_and_outcomes_with_their_levels() -> None:
    read = reading.read_file("plan.xlsx", design_xlsx.write(FULL))

    outline = read.proposal.outline
    assert outline is not None
    assert [(week.title, week.teaching) for week in outline.weeks] == [("Audiences", True), ("", False)]
    assert [(one.number, one.text, one.level) for one in outline.outcomes] == [
        (1, "Segment an audience", 4),
        (2, "Frame; and test", None),
    ]


def test_no_cell_that_goes_out_is_calculated() -> None:
    text = design_csv.write(FULL)
    book = load_workbook(io.BytesIO(design_xlsx.write(FULL)))

    assert text.startswith(BYTE_ORDER_MARK)
    assert "'=HYPERLINK(1)" in text
    cells = [cell for sheet in book for row in sheet for cell in row]
    assert [cell.value for cell in cells if cell.data_type == "f"] == []
    assert "'=HYPERLINK(1)" in [cell.value for cell in cells]


def workbook(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def test_a_zip_bomb_is_not_opened() -> None:
    bomb = workbook(xl__worksheets__sheet1=b"0" * 30_000_000)

    assert len(bomb) < 100_000
    with pytest.raises(Refused, match="far more than a design holds"):
        reading.read_file("plan.xlsx", bomb)


def test_a_workbook_with_entities_is_refused() -> None:
    out = io.BytesIO()
    book = Workbook()
    book.active.append(["Title"])  # type: ignore[union-attr]
    book.save(out)
    evil = io.BytesIO()
    with zipfile.ZipFile(out) as old, zipfile.ZipFile(evil, "w") as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename == "xl/workbook.xml":
                content = b'<!DOCTYPE x [<!ENTITY a "b">]>' + content[content.index(b"<workbook") :]
            new.writestr(part.filename, content)

    with pytest.raises(Refused, match="definitions that a spreadsheet never needs"):
        reading.read_file("plan.xlsx", evil.getvalue())


@pytest.mark.parametrize("source", [b"PK\x03\x04 cut", b"\xd0\xcf\x11\xe0 old", b"text", workbook(a=b"b")])
def test_a_file_that_is_no_workbook_is_refused(source: bytes) -> None:
    with pytest.raises(Refused, match="workbook"):
        reading.read_file("plan.xlsx", source)


def test_a_cell_in_the_last_corner_costs_nothing() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Title", "Time"])
    sheet.append(["Read", 45.0])
    sheet["XFD1048576"] = "far away"
    out = io.BytesIO()
    book.save(out)

    read = reading.read_file("plan.xlsx", out.getvalue())

    assert [(each.title, each.minutes) for each in read.proposal.outline.activities] == [("Read", 45)]  # type: ignore[union-attr]
