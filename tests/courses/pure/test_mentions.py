"""Who is named in a comment."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.mentions import mentioned

PEOPLE = {1: "Sanne de Wit", 2: "Eva Vos", 3: "Eva Vermeulen", 4: "Chidi Okafor", 5: "Ann-Sofie Å"}


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("@Sanne de Wit, what do you think?", {1}),
        ("What do you think, @sanne?", {1}),
        ("@Sanne and @Chidi Okafor: look", {1, 4}),
        ("@Eva, which of you?", set()),  # two are called so: nobody is guessed
        ("@Eva Vos knows", {2}),
        ("@Eva Vermeulen.", {3}),
        ("@Ann-Sofie Å!", {5}),
        ("(@Chidi)", {4}),
        ("@Sannebeth", set()),
        ("mail chidi@okafor.example", set()),
        ("@ Chidi", set()),
        ("@@Chidi", set()),
        ("Chidi", set()),
        ("", set()),
    ],
)
def test_who_is_meant(text: str, who: set[int]) -> None:
    assert mentioned(text, PEOPLE) == who


@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    assert mentioned(text, PEOPLE) <= PEOPLE.keys()


def test_nobody_without_a_name_is_meant() -> None:
    assert mentioned("@ @x", {1: "", 2: " "}) == frozenset()
