"""One question of each kind, with a canary in every place that a student may not see."""

from decimal import Decimal

from activities.questions import Paper, Question, QuestionResult, parse

CANARY = "canary"


def single(**changes):
    return {
        "kind": "single",
        "key": "s1",
        "text": "What decides a campaign first?",
        "points": "2",
        "general_feedback": "canary general",
        "choices": [
            {"key": "k7", "text": "Who the message is for", "share": "100", "feedback": "canary right"},
            {"key": "k3", "text": "What the message says", "share": "25", "feedback": "canary nearly"},
            {"key": "k9", "text": "Where it is seen", "feedback": "canary wrong"},
        ],
        **changes,
    }


def multiple(**changes):
    return {
        "kind": "multiple",
        "key": "m1",
        "text": "What does segmenting an audience do for a campaign?",
        "points": "2",
        "general_feedback": "canary general",
        "scoring": "partial",
        "choices": [
            {"key": "k1", "text": "It decides who the message is for", "right": True, "feedback": "canary one"},
            {"key": "k2", "text": "It splits the audience by needs", "right": True, "feedback": "canary two"},
            {"key": "k3", "text": "It replaces testing", "right": False, "feedback": "canary three"},
            {"key": "k4", "text": "It sets the price", "feedback": "canary four"},
        ],
        **changes,
    }


def truefalse(**changes):
    return {
        "kind": "truefalse",
        "key": "t1",
        "text": "A frame leaves the facts as they are.",
        "points": 1,
        "general_feedback": "canary general",
        "answer": True,
        "feedback_true": "canary true",
        "feedback_false": "canary false",
        **changes,
    }


def short(**changes):
    return {
        "kind": "short",
        "key": "a1",
        "text": "What is the capital of Belgium?",
        "points": "3",
        "general_feedback": "canary general",
        "answers": [
            {"text": "Brussels", "feedback": "canary right"},
            {"text": "Bru*el*", "share": "50", "feedback": "canary nearly"},
            {"text": "*", "share": "0", "feedback": "canary other"},
        ],
        **changes,
    }


def numerical(**changes):
    return {
        "kind": "numerical",
        "key": "n1",
        "text": "How heavy is it?",
        "points": "2",
        "general_feedback": "canary general",
        "unit": "kg",
        "answers": [
            {"value": "45.8", "tolerance": "0.2", "feedback": "canary right"},
            {"value": "45.8", "tolerance": "10", "tolerance_kind": "percent", "share": "40", "feedback": "canary near"},
        ],
        **changes,
    }


def matching(**changes):
    return {
        "kind": "matching",
        "key": "x1",
        "text": "Match the capitals.",
        "points": "1",
        "general_feedback": "canary general",
        "pairs": [
            {"key": "p1", "text": "Belgium", "option": "o4", "feedback": "canary pair"},
            {"key": "p2", "text": "France", "option": "o2", "feedback": "canary pair two"},
            {"key": "p3", "text": "Italy", "option": "o9"},
        ],
        "options": [
            {"key": "o4", "text": "Brussels"},
            {"key": "o2", "text": "Paris"},
            {"key": "o9", "text": "Rome"},
            {"key": "o5", "text": "Vienna"},
        ],
        **changes,
    }


EVERY_KIND = (single, multiple, truefalse, short, numerical, matching)

# An answer that earns everything, for each kind.
RIGHT = {
    "s1": "k7",
    "m1": ["k1", "k2"],
    "t1": True,
    "a1": "brussels",
    "n1": "45.8",
    "x1": {"p1": "o4", "p2": "o2", "p3": "o9"},
}


def every_question() -> list[Question]:
    return [parse(make()) for make in EVERY_KIND]


def paper_of_every_kind(title: str = "Chapter 2") -> Paper:
    return Paper.from_json({"title": title, "questions": [make() for make in EVERY_KIND]})


def graded(data: dict[str, object], value: object) -> QuestionResult:
    question = parse(data)
    return question.grade(question.response(value))


def points(result: QuestionResult) -> str:
    assert result.points == result.points.quantize(Decimal("0.01"))
    return str(result.points)
