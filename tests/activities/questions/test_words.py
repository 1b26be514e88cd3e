"""Messages can be said in the language of the page."""

from activities.questions import Sentence


def test_a_sentence_is_translated_before_its_values_go_in():
    dutch = {"Use at most %(limit)d characters.": "Gebruik hoogstens %(limit)d tekens."}

    sentence = Sentence("Use at most %(limit)d characters.", {"limit": 5})

    assert sentence.translated(dutch.__getitem__) == "Gebruik hoogstens 5 tekens."
    assert str(sentence) == "Use at most 5 characters."


def test_a_sentence_without_values_may_hold_a_per_cent_sign():
    assert str(Sentence("Give one answer that earns 100 % of the points.")) == (
        "Give one answer that earns 100 % of the points."
    )
