"""Words are looked up in catalogues that hold words, and in no others."""

from __future__ import annotations

from gettext import GNUTranslations, NullTranslations

import pytest
from django.utils import translation
from django.utils.translation import trans_real

from blendedu.kit import catalogues


def behind(code):
    found, catalogue = [], trans_real.translation(code)._fallback
    while catalogue is not None:
        found.append(catalogue)
        catalogue = catalogue._fallback
    return found


def of_words(**words):
    made = GNUTranslations()
    made._catalog = {"": "Project-Id-Version: a header", **words}
    made.plural = lambda count: int(count != 1)
    return made


def test_no_empty_catalogue_is_asked_for_our_words():
    assert behind("en-gb") == []


def test_django_still_brings_empty_ones():
    """When this fails, `skip_empty` has nothing to do any more and can go."""
    assert behind("en-au") != []


def test_a_catalogue_with_words_stays(monkeypatch):
    first, empty, dutch, last = of_words(), of_words(), of_words(week="week"), NullTranslations()
    first.add_fallback(empty)
    first.add_fallback(dutch)
    first.add_fallback(last)
    monkeypatch.setattr(trans_real, "translation", lambda code: first)

    catalogues.skip_empty()
    catalogues.skip_empty()

    assert first._fallback is dutch
    assert dutch._fallback is last
    assert first.gettext("week") == "week"


@pytest.mark.parametrize(("word", "said"), [("Organize", "Organize"), ("No color", "No color"), ("Move", "Move")])
def test_a_word_that_nobody_knows_is_said_as_it_is(word, said):
    with translation.override("en-gb"):
        assert translation.gettext(word) == said
