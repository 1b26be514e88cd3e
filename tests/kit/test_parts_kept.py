"""Parts of a page that are written once and kept say the same as if they were written each time."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.template import Context, Template
from django.utils import translation

from blendedu.kit.templatetags import kit


def test_a_still_part_shows_nothing_of_the_page():
    template = Template("{% load kit %}{{ name }}{% still %}[{{ name }}]{% endstill %}")

    shown = [template.render(Context({"name": name})) for name in ("Jana", "Piet")]

    assert shown == ["Jana[]", "Piet[]"]


def test_a_still_part_has_its_own_words_in_each_language():
    template = Template("{% load kit i18n %}{% still %}{% translate 'Password' %}{% endstill %}")

    with translation.override("nl"):
        dutch = [template.render(Context()) for _turn in range(2)]
    english = template.render(Context())

    assert (dutch, english) == (["Wachtwoord", "Wachtwoord"], "Password")


@dataclass(frozen=True)
class Choice:
    text: str
    level: str = "info"


@pytest.mark.parametrize("text", ["Saved.", "<script>alert(1)</script>"])
def test_a_drawn_part_is_what_an_include_would_be(text):
    drawn = Template("{% load kit %}{% drawn 'components/toast.html' text=text %}")
    included = Template("{% include 'components/toast.html' with text=text only %}")

    shown = [drawn.render(Context({"text": text, "other": "never"})) for _turn in range(2)]

    assert shown == [included.render(Context({"text": text}))] * 2
    assert "<script>" not in shown[0]


def test_equal_values_are_drawn_once_and_others_by_themselves():
    drawn = Template("{% load kit %}{% drawn 'components/toast.html' text=text %}")
    kit._draw.cache_clear()

    shown = [drawn.render(Context({"text": Choice(word)})) for word in ("one", "one", "two")]

    assert (shown[0] == shown[1], shown[1] == shown[2], kit._draw.cache_info().misses) == (True, False, 2)
