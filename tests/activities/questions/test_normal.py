"""Short answers that look alike are alike."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.questions.normal import Pattern, normal

LOOK_ALIKE = [
    ("café", unicodedata.normalize("NFD", "café")),
    ("Ångström", unicodedata.normalize("NFD", "Ångström")),
    ("한국어", unicodedata.normalize("NFD", "한국어")),
    ("Việt Nam", unicodedata.normalize("NFD", "Việt Nam")),
    ("office", "oﬃce"),
    ("file", "ﬁle"),
    ("ABC 123", "ＡＢＣ　１２３"),
    ("New York", "New\u00a0York"),
    ("New York", "New\u202fYork"),
    ("New York", "  New \t\n York "),
    ("it's", "it’s"),
    ("it's", "it‘s"),
    ("it's", "it´s"),
    ("it's", "it`s"),
    ("it's", "it＇s"),
    ("it's", "itʼs"),
    ('a "frame"', "a “frame”"),
    ('a "frame"', "a „frame“"),
    ('a "frame"', "a «frame»"),
    ('a "frame"', "a ″frame″"),
    ("first-year", "first‐year"),
    ("first-year", "first‑year"),
    ("first-year", "first–year"),
    ("first-year", "first—year"),
    ("-5", "−5"),
    ("segment", "seg\u200bment"),
    ("segment", "\ufeffsegment"),
    ("segment", "seg\u00adment"),
    ("segment", "\u200esegment\u200f"),
    ("é", "e\u200b\u0301"),
    ("wait...", "wait…"),
    ("Straße", "STRASSE"),
    ("ΣΊΣΥΦΟΣ", "σίσυφος"),
    ("istanbul", "İstanbul"),
    ("istanbul", "ISTANBUL"),
    ("istanbul", "ıstanbul"),
    ("istanbul", "I\u0307stanbul"),
    ("DIŞ", "dış"),
    ("DIŞ", "diş"),
    ("kilogram", "KILOGRAM"),
    ("Kelvin", "\u212aelvin"),
    ("Å", "\u212b"),
    ("µ", "μ"),
]


@pytest.mark.parametrize(("one", "other"), LOOK_ALIKE)
def test_f39_what_looks_alike_is_alike(one, other):
    assert normal(one) == normal(other)


@pytest.mark.parametrize(
    ("one", "other"), [("café", "cafe"), ("a b", "ab"), ("co2", "co"), ("first-year", "first year"), ("5", "-5")]
)
def test_what_differs_stays_different(one, other):
    assert normal(one) != normal(other)


@pytest.mark.parametrize(("one", "other"), [("Straße", "STRASSE"), ("NaCl", "nacl"), ("I", "ı")])
def test_case_counts_when_it_is_said_to_count(one, other):
    assert normal(one, case_sensitive=True) != normal(other, case_sensitive=True)


@pytest.mark.parametrize(
    ("one", "other"),
    [("café", "cafe"), ("Łódź", "lodz"), ("smørrebrød", "smorrebrod"), ("œuvre", "oeuvre"), ("Việt Nam", "viet nam")],
)
def test_accents_can_be_left_aside(one, other):
    assert normal(one, ignore_accents=True) == normal(other, ignore_accents=True)


def test_leaving_accents_aside_keeps_the_vowels_of_other_scripts():
    assert normal("कि", ignore_accents=True) != normal("क", ignore_accents=True)


texts = st.text(max_size=40)


@given(text=texts, case_sensitive=st.booleans(), ignore_accents=st.booleans())
def test_the_normal_form_of_a_normal_form_is_itself(text, case_sensitive, ignore_accents):
    once = normal(text, case_sensitive=case_sensitive, ignore_accents=ignore_accents)

    assert normal(once, case_sensitive=case_sensitive, ignore_accents=ignore_accents) == once


@given(text=texts, form=st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]))
def test_f39_every_unicode_form_of_a_text_is_the_same_answer(text, form):
    # Quotes that decompose into a space and an accent are read as quotes, which only their composed form shows.
    text = "".join(character for character in text if character not in "´`")

    assert normal(unicodedata.normalize(form, normal(text))) == normal(text)


@given(text=st.text(alphabet=st.characters(codec="ascii"), max_size=40))
def test_the_short_way_for_plain_letters_gives_what_the_long_way_gives(text):
    assert normal(text + " é") == f"{normal(text)} é".strip()


def pattern(text, **options):
    return Pattern(text, **{"case_sensitive": False, "ignore_accents": False, **options})


@pytest.mark.parametrize(
    ("accepted", "given_text", "fits"),
    [
        ("seg*", "segment", True),
        ("seg*", "seg", True),
        ("*ment", "segment", True),
        ("s*m*t", "segment", True),
        ("s*m*t", "st", False),
        ("*", "anything", True),
        ("*", "", True),
        ("ab*ba", "aba", False),
        ("ab*ba", "abba", True),
        ("a*a*a", "aa", False),
        ("*new*york*", "the new  york times", True),
        (r"5\*3", "5*3", True),
        (r"5\*3", "5 3", False),
        ("a.c", "abc", False),
        ("(a+)+$", "aaaaaaaa", False),
        ("caf*", "CAFÉ", True),
        ("[abc]", "a", False),
        ("\ue000", "anything", False),
    ],
)
def test_an_asterisk_stands_for_any_text_and_nothing_else_is_special(accepted, given_text, fits):
    assert pattern(accepted).matches(normal(given_text)) is fits


def test_a_malicious_pattern_and_answer_are_compared_in_no_time():
    accepted = pattern("*a" * 900 + "b")
    before = time.perf_counter()

    assert not accepted.matches(normal("a" * 2_000))

    assert time.perf_counter() - before < 10


@given(parts=st.lists(st.text(alphabet="ab ", max_size=4), min_size=2, max_size=5), filler=st.text("abc", max_size=5))
def test_a_text_made_from_a_pattern_fits_it(parts, filler):
    parts = [part.replace(" ", "") for part in parts]

    assert pattern("*".join(parts)).matches(normal(filler.join(parts)))
