"""A class list is read as it comes, and whatever is wrong with it is named with its line."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.exchange import cells, cohort_csv
from courses.exchange.cohort_csv import Row, read

FOUR = (
    "Name;E-mail;Student number;Group\nAnn Peeters;ann@example.org;s1001;Group A\nBo Li;bo@example.org;s1002;Group B\n"
)
ANN = Row(2, "Ann Peeters", "ann@example.org", "s1001", "Group A")
BO = Row(3, "Bo Li", "bo@example.org", "s1002", "Group B")


def said(text: str | bytes) -> list[tuple[int, str]]:
    return [(problem.line, problem.text) for problem in read(text).faults]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_list_is_read_whatever_divides_its_columns(separator):
    proposal = read(FOUR.replace(";", separator))

    assert proposal.rows == (ANN, BO)
    assert proposal.problems == ()
    assert proposal.separator == {",": "comma", ";": "semicolon", "\t": "tab"}[separator]


@pytest.mark.parametrize(
    ("encoding", "called"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"),
        ("cp1252", "Windows-1252"),
        ("latin-1", "Windows-1252"),
    ],
)
def test_list_is_read_in_the_encodings_that_spreadsheets_write(encoding, called):
    proposal = read("Naam;E-mail\nZoë Løvås;zoe@example.org\n".encode(encoding))

    assert [row.name for row in proposal.rows] == ["Zoë Løvås"]
    assert proposal.encoding == called


def test_bytes_that_windows_does_not_know_are_read_as_latin_1():
    proposal = read(b"Name;E-mail\nJ\xe9r\xf4me;j@example.org\nA\x81;a@example.org\n")

    assert proposal.encoding == "Latin-1"
    assert [row.name for row in proposal.rows] == ["Jérôme"]
    assert [problem.line for problem in proposal.faults] == [3]  # a control sign in a name


@pytest.mark.parametrize(
    ("header", "line"),
    [
        ("Naam,E-mailadres,Studentennummer,Groep", "Ann Peeters,ann@example.org,s1001,Group A"),
        ("Group,Student ID,Email address,Full name", "Group A,s1001,ann@example.org,Ann Peeters"),
        ("Voornaam,Naam,E-mail,Nr.,Groep", "Ann,Peeters,ann@example.org,s1001,Group A"),
        ("First name,Last name,E-MAIL,Number,Team", "Ann,Peeters,ANN@Example.org,s1001,Group A"),
        ("Prénom,Nom,Courriel,Matricule,Groupe", "Ann,Peeters,ann@example.org,s1001,Group A"),
    ],
)
def test_columns_are_known_by_their_names_in_any_order(header, line):
    proposal = read(f"{header}\n{line}\n")

    assert proposal.rows == (ANN,)
    assert proposal.has_header


@pytest.mark.parametrize(
    "line",
    [
        "Ann Peeters,ann@example.org,s9,Group A",
        "ann@example.org,Ann Peeters,s9,Group A",
        "Ann Peeters,ann@example.org,Group A,20261001",
        "20261001,Ann Peeters,ann@example.org,Group A",
        "Ann Peeters,ann@example.org,Group A",
        "Ann Peeters,ann@example.org,,Group A",
    ],
)
def test_columns_are_guessed_without_a_line_of_names(line):
    proposal = read(f"{line}\n")

    (row,) = proposal.rows
    number = "s9" if "s9" in line else "20261001" if "2026" in line else ""
    assert row == Row(1, "Ann Peeters", "ann@example.org", number, "Group A")
    assert not proposal.has_header
    assert {read for _called, read in proposal.columns if read} >= {"Name", "E-mail", "Group"}


def test_quoted_cells_may_hold_the_separator():
    proposal = read('Name,E-mail\n"Peeters, Ann ""An""",ann@example.org\n')

    assert [row.name for row in proposal.rows] == ['Peeters, Ann "An"']


def test_every_faulty_line_is_named_and_the_others_are_read():
    proposal = read(
        "Name;E-mail;Group\n"  # 1
        "Ann;ann@example.org;A\n"  # 2
        "Bo;bo at example.org;A\n"  # 3
        "\n"  # 4
        ";cy@example.org;A\n"  # 5
        "Di;di@example.org;A;too;much\n"  # 6
        "Ed;;B\n"  # 7
        'Fa;"fa@example.org;B\n'  # 8
        "Gus;ANN@example.org;B\n"  # 9
        f"{'x' * 121};hi@example.org;B\n"  # 10
        "Ivy\u202eYvi;ivy@example.org;B\n"  # 11
        "Jo;jo@example.org;B\n"  # 12
    )

    assert [row.name for row in proposal.rows] == ["Ann", "Jo"]
    assert [(fault.line, fault.text) for fault in proposal.faults] == [
        (3, "“bo at example.org” is no e-mail address."),
        (5, "The name is missing."),
        (6, "There are 5 columns where 3 are expected."),
        (7, "The e-mail address is missing."),
        (8, "A quotation mark is opened and not closed on this line."),
        (9, "ann@example.org stands on lines 2 and 9."),
        (10, "Name is longer than 120 letters."),
        (11, "Name holds a hidden sign. Type it again."),
    ]


def test_student_number_stands_once():
    assert said("Name;E-mail;Number\nAnn;ann@example.org;S1\nBo;bo@example.org;s1\n") == [
        (3, "Student number s1 stands on lines 2 and 3.")
    ]


def test_unknown_column_is_said_and_left_out():
    proposal = read("Name;E-mail;Shoe size\nAnn;ann@example.org;38\n")

    assert [row.name for row in proposal.rows] == ["Ann"]
    assert [(remark.line, remark.text) for remark in proposal.remarks] == [
        (1, "The column “Shoe size” is not known. It is left out.")
    ]
    assert proposal.columns[2] == ("Shoe size", "")


@pytest.mark.parametrize(
    ("source", "because"),
    [
        ("", "The list is empty. Put one student on each line: name, e-mail, student number, group."),
        (";;;\n,,\n", "The list is empty. Put one student on each line: name, e-mail, student number, group."),
        (
            "Name;Group\nAnn;A\n",
            "No column holds e-mail addresses. Each student needs one: it is the name to sign in with.",
        ),
        ("just words\n", "No column holds e-mail addresses. Each student needs one: it is the name to sign in with."),
        ("Name;E-mail\n", "There is a line with the names of the columns, and nobody below it."),
        (b"PK\x03\x04rest", "This is a spreadsheet. Open it, save it as CSV and choose that file."),
        (b"%PDF-1.7", "This is a PDF. Save the list as CSV and choose that file."),
        (b"Ann;a@example.org\x00\x01", "This is not a text file. Save the list as CSV and try again."),
        (b"\xff\xfeA\x00n", "This file is cut off in the middle of a letter. Save it again and try once more."),
        (b"x" * (1024 * 1024 + 1), "This list is larger than 1 MB. A list of students is smaller: check the file."),
    ],
)
def test_list_that_says_nothing_is_refused_with_the_reason(source, because):
    proposal = read(source)

    assert proposal.rows == ()
    assert [(problem.line, problem.text) for problem in proposal.problems] == [(0, because)]


def calls(source):
    """How many functions reading it calls, of ours and of Python: work that no other process can make longer."""
    count = 0

    def note(_frame, event, _what):
        nonlocal count
        count += event in {"call", "c_call"}

    sys.setprofile(note)
    try:
        read(source)
    finally:
        sys.setprofile(None)
    return count


MEGABYTE = 1024 * 1024
FULL = "Name;E-mail;Group\n" + "\n".join(f"Student {n};s{n}@example.org;Group {n % 40}" for n in range(2000))
CRAFTED = {
    "many lines": "a\n" * (MEGABYTE // 2),
    "empty lines": "\n" * MEGABYTE,
    "many bad lines": "name,email\n" + "n,x\n" * (MEGABYTE // 4 - 3),
    "bad lines, not too many": "name,email\n" + ("n" * 100 + "," + "x" * 150 + "\n") * 2499,
    "signs to be looked at one by one": "name,email\n" + ("n" + "\u2003n" * 59 + ",a@b.cd\n") * 2499,
    "a wide line": "x@example.org" + "," * (MEGABYTE - 13),
    "a wide header": "email" + ",name" * (MEGABYTE // 5 - 1),
    "wide lines": ("a@b.cd" + "," * 20_000 + "\n") * 52,
    "lines as wide as they may be": ("a@b.cd" + ",x" * 58 + "\n") * 2499,
    "long lines": ("n" * 3990 + ",a@b.cd\n") * 262,
    "quotation marks": '"' * MEGABYTE,
    "apostrophes": "email\n" + "'" * (MEGABYTE - 6),
}


@pytest.mark.parametrize("crafted", CRAFTED)
def test_list_made_to_be_slow_costs_at_most_six_full_ones(crafted):
    source = CRAFTED[crafted].encode()[:MEGABYTE]

    assert len(read(FULL).rows) == 2000
    assert calls(source) < 6 * calls(FULL)
    assert read(source).problems


# Marks above and below one letter are put in order, which takes the square of their number.
@pytest.mark.parametrize("where", ["header", "cell", "cells"])
def test_marks_piled_on_a_letter_are_not_put_in_order(monkeypatch, where):
    pile = "a" + "\u0300\u0316" * 1900
    source = {
        "header": f"email,{pile}\nx@y.be,a",
        "cell": f"email,name\nx@y.be,{pile * 100}",
        "cells": "email,name\n" + f"x@y.be,{pile}\n" * 130,
    }[where]
    longest = 0
    real = unicodedata.normalize

    def watched(form, text):
        nonlocal longest
        longest = max(longest, len(text))
        return real(form, text)

    monkeypatch.setattr(cohort_csv.unicodedata, "normalize", watched)
    proposal = read(source)

    assert longest <= cohort_csv.CELL_MAX
    assert proposal.problems


def test_line_longer_than_any_student_is_named_and_the_others_are_read():
    proposal = read("Name;E-mail\nAnn;ann@example.org\n" + "x" * 5000 + ";y\nBo;bo@example.org")

    assert [row.name for row in proposal.rows] == ["Ann", "Bo"]
    assert [(fault.line, fault.text) for fault in proposal.faults] == [
        (3, "This line is longer than 4000 letters, or has more than 60 columns.")
    ]


def test_empty_lines_below_a_list_are_no_lines_of_it():
    assert len(read("Name;E-mail\nAnn;ann@example.org\n" + ";\n" * 9000).rows) == 1


def test_name_of_many_marks_is_as_long_as_its_letters():
    name = unicodedata.normalize("NFD", "Nguyễn Thị Ánh Tuyết " * 5).strip()

    assert [row.name for row in read(f"Name;E-mail\n{name};a@example.org").rows] == [unicodedata.normalize("NFC", name)]


def test_list_holds_2000_students_and_not_one_more():
    lines = [f"Student {n};s{n}@example.org" for n in range(2001)]

    assert len(read("\n".join(["Name;E-mail", *lines[:2000]])).rows) == 2000
    assert said("\n".join(["Name;E-mail", *lines])) == [(0, "A list can hold 2000 students. This one has 2001.")]


def test_excel_may_say_its_separator_on_the_first_line():
    proposal = read("sep=;\nName;E-mail\nAnn;ann@example.org\n")

    assert proposal.rows == (Row(3, "Ann", "ann@example.org"),)


def test_html_and_formulas_in_names_are_kept_as_text():
    proposal = read("Name;E-mail\n<script>alert(1)</script>;a@example.org\n=1+1;b@example.org\n'=1+1;c@example.org\n")

    assert [row.name for row in proposal.rows] == ["<script>alert(1)</script>", "=1+1", "=1+1"]


def test_list_with_very_many_faults_names_the_first_and_counts_the_rest():
    proposal = read("Name;E-mail\n" + "Ann;nowhere\n" * 300)

    assert (len(proposal.problems), proposal.fault_count) == (cohort_csv.PROBLEMS_MAX, 300)


@given(st.one_of(st.binary(max_size=300), st.text(max_size=300)))
def test_reading_never_fails_whatever_the_list_holds(source):
    proposal = read(source)

    assert proposal.rows or proposal.problems


# --- Cells --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@cmd", "\tx", "\rx", "＝1", "'=1", "''=1"])
def test_cell_that_looks_like_a_formula_gets_an_apostrophe(name):
    assert cells.neutral(name) == f"'{name}"


@pytest.mark.parametrize("name", ["Ann", "'s-Hertogenbosch", "", "O'Neil = fine", "5"])
def test_cell_that_is_no_formula_stays_as_it_is(name):
    assert cells.neutral(name) == name


@given(
    st.lists(
        st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=20), min_size=1, max_size=4), max_size=5
    )
)
def test_what_is_written_comes_back_letter_for_letter(rows):
    written = cells.write(rows)

    assert cells.read(written) == rows
    assert written.startswith("\ufeff")
