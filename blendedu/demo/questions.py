"""Questions of the demo world, told briefly, and written as the question engine keeps them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from activities.questions import Json

Told = dict[str, Json]


def _common(kind: str, key: str, text: str, points: int, feedback: str) -> Told:
    return {"kind": kind, "key": key, "text": text, "points": str(points), "general_feedback": feedback}


def single(key: str, text: str, choices: Sequence[tuple[str, str]], *, points: int = 1, feedback: str = "") -> Told:
    """Choose one: text and what to say to those who chose it. The first is right; students see them in any order."""
    rows: list[Json] = [
        {"key": f"{key}c{place}", "text": words, "share": "100" if place == 1 else "0", "feedback": said}
        for place, (words, said) in enumerate(choices, start=1)
    ]
    return {**_common("single", key, text, points, feedback), "shuffle": True, "choices": rows}


def multiple(
    key: str, text: str, choices: Sequence[tuple[str, bool, str]], *, points: int = 2, feedback: str = ""
) -> Told:
    """Choose all that apply: text, whether it is right, what to say to those who chose it."""
    rows: list[Json] = [
        {"key": f"{key}c{place}", "text": words, "right": right, "feedback": said}
        for place, (words, right, said) in enumerate(choices, start=1)
    ]
    return {
        **_common("multiple", key, text, points, feedback),
        "shuffle": False,
        "scoring": "partial",
        "choices": rows,
    }


def truefalse(key: str, text: str, *, so: bool, if_wrong: str, points: int = 1, feedback: str = "") -> Told:
    """Is it so?"""
    return {
        **_common("truefalse", key, text, points, feedback),
        "answer": so,
        "feedback_true": "" if so else if_wrong,
        "feedback_false": if_wrong if so else "",
        "true_label": "True",
        "false_label": "False",
    }


def short(key: str, text: str, answers: Sequence[tuple[str, int, str]], *, points: int = 1, feedback: str = "") -> Told:
    """A few words: what is accepted, its share of the points, what to say to those who wrote it."""
    rows: list[Json] = [{"text": words, "share": str(share), "feedback": said} for words, share, said in answers]
    return {
        **_common("short", key, text, points, feedback),
        "case_sensitive": False,
        "ignore_accents": True,
        "answers": rows,
    }


def number(
    key: str, text: str, value: str, *, tolerance: str = "0", unit: str = "", points: int = 1, feedback: str = ""
) -> Told:
    """How much is it?"""
    accepted: Json = {
        "value": value,
        "tolerance": tolerance,
        "tolerance_kind": "absolute",
        "share": "100",
        "feedback": "",
    }
    return {
        **_common("numerical", key, text, points, feedback),
        "unit": unit,
        "decimal": "point",
        "answers": [accepted],
    }


def matching(
    key: str,
    text: str,
    pairs: Mapping[str, str],
    *,
    besides: Sequence[str] = (),
    points: int = 2,
    feedback: str = "",
) -> Told:
    """What belongs together? `besides` are partners that belong to nothing."""
    partners = list(dict.fromkeys([*pairs.values(), *besides]))
    keys = {words: f"{key}o{place}" for place, words in enumerate(partners, start=1)}
    options: list[Json] = [{"key": keys[words], "text": words} for words in partners]
    rows: list[Json] = [
        {"key": f"{key}p{place}", "text": item, "option": keys[partner], "feedback": ""}
        for place, (item, partner) in enumerate(pairs.items(), start=1)
    ]
    return {**_common("matching", key, text, points, feedback), "shuffle": True, "pairs": rows, "options": options}


# --- Marketing Communication ---------------------------------------------------------------------------------------

BASICS = (
    single(
        "b1",
        "Who decides what a message means?",
        (
            ("The person who receives it", "Yes: meaning is made at the end of the line."),
            ("The person who sends it", "The sender means something; whether it arrives is another question."),
            ("The channel it is sent through", "A channel colours a message, it does not decide its meaning."),
        ),
        feedback="Chapter 1, section 2: sender and receiver share less than they think.",
    ),
    truefalse(
        "b2",
        "Noise is only what you can hear.",
        so=False,
        if_wrong="Whatever comes between message and meaning is noise: a bad moment, a second screen.",
    ),
    matching(
        "b3",
        "What is each of these in the communication model?",
        {"A poster in the tram": "channel", "A slogan": "message", "A passer-by": "receiver"},
        besides=("sender", "noise"),
        points=3,
        feedback="The sender, here, is whoever paid for the poster.",
    ),
    short(
        "b4",
        "What do we call the reaction that travels back from receiver to sender? One word.",
        (("feedback", 100, ""), ("response", 50, "Close. In this course the word is feedback.")),
        points=2,
    ),
    number(
        "b5",
        "A campaign reaches 40,000 people, and each sees it 3 times on average. How many contacts is that?",
        "120000",
        unit="contacts",
        points=2,
        feedback="Contacts = reach x frequency: 40,000 x 3 = 120,000.",
    ),
    single(
        "b6",
        "Which question comes first when you plan a campaign?",
        (
            ("Who should do something differently?", ""),
            ("Which channel is cheapest?", "A cheap channel to the wrong people is expensive."),
            ("Which colour fits the brand?", "That comes last."),
        ),
    ),
)

CHAPTER_2 = (
    single(
        "c1",
        "What is a segment?",
        (
            ("A group of people with the same needs and behaviour", ""),
            ("Everybody under thirty", "Age alone says little about what people need."),
            ("The people who already buy from you", "That is your customer base; a segment can lie outside of it."),
        ),
        feedback="Chapter 2, page 31.",
    ),
    truefalse(
        "c2",
        "A segment is only useful if you would speak to it differently.",
        so=True,
        if_wrong="If every segment gets the same message, you did not need to split.",
    ),
    short(
        "c3",
        "Complete the sentence of the clip: “A frame decides which part of the … is seen.”",
        (("facts", 100, ""), ("fact", 100, ""), ("truth", 50, "The clip says it with a plainer word.")),
    ),
    multiple(
        "c4",
        "What does segmenting an audience do for a campaign?",
        (
            ("It decides who the message is for before what it says", True, ""),
            ("It splits the audience by shared needs and behaviour", True, ""),
            ("It replaces testing the message", False, "A good guess about people is still a guess. Test it."),
            ("It sets the price of the product", False, "Price is another decision, made elsewhere."),
        ),
        points=2,
        feedback="Segmenting is about whom you address; framing is about what you say.",
    ),
    number(
        "c5",
        "Of 1,250 people asked, 325 buy local coffee every week. What share is that?",
        "26",
        tolerance="0.5",
        unit="%",
        points=2,
        feedback="325 / 1,250 = 0.26.",
    ),
    matching(
        "c6",
        "Match each way of segmenting with its example.",
        {
            "Behavioural": "buys every Friday",
            "Geographic": "lives along tram line 4",
            "Demographic": "is retired",
            "Psychographic": "wants to be seen as independent",
        },
        besides=("has a discount code",),
        points=4,
    ),
    single(
        "c7",
        "“Nine in ten patients recover” and “One in ten patients does not” are …",
        (
            ("the same fact in two frames", ""),
            ("two different facts", "Count again: 9 of 10 and 1 of 10 are the same table."),
            ("a fact and an opinion", "Both can be counted, so both are facts."),
        ),
    ),
    truefalse(
        "c8",
        "A frame that works for one segment works for all of them.",
        so=False,
        if_wrong="People who fear a loss and people who hope for a gain listen to different halves of the same fact.",
    ),
    multiple(
        "c9",
        "Which of these are signs that a segment is too small to keep?",
        (
            ("You cannot reach it through any channel", True, ""),
            ("A message of its own costs more than it brings", True, ""),
            ("It has a name that is hard to remember", False, "Names can be changed."),
        ),
        points=2,
    ),
    short(
        "c10",
        "What do we call the picture of one typical member of a segment, with a name and a day? One word.",
        (("persona", 100, ""), ("profile", 50, "A profile counts; a persona tells.")),
    ),
)

FINAL = (
    single(
        "f1",
        "A campaign reached everybody it wanted to reach, and nothing changed. What do you test first?",
        (
            ("Whether the frame fits the segment", ""),
            ("Whether the budget was large enough", "It reached everybody: money was not the problem."),
            ("Whether the logo was large enough", "It reached everybody: it was seen."),
        ),
        points=2,
    ),
    multiple(
        "f2",
        "What belongs in a media plan?",
        (
            ("Who is reached where, and how often", True, ""),
            ("What it costs per thousand contacts", True, ""),
            ("When you look whether it worked", True, ""),
            ("The biography of the designer", False, "Put it on the last slide, if you must."),
        ),
        points=3,
    ),
    number(
        "f3",
        "2,400 euros buy 160,000 contacts. What do a thousand contacts cost?",
        "15",
        unit="euro",
        points=2,
        feedback="2,400 / 160 = 15.",
    ),
    truefalse(
        "f4",
        "Two versions of a message may be tested on the same people one after the other without harm.",
        so=False,
        if_wrong="Whoever has seen the first version sees the second with other eyes. Test on two groups.",
    ),
    short("f5", "Name the test in which two groups each see one version. Two words.", (("A/B test*", 100, ""),)),
)

# --- Statistics 1 ------------------------------------------------------------------------------------------------

MEAN_AND_MEDIAN = (
    number("s1", "The ages in a team are 22, 25, 25, 31 and 57. What is the mean?", "32", unit="years", points=2),
    number("s2", "And the median of 22, 25, 25, 31 and 57?", "25", unit="years", points=2),
    single(
        "s3",
        "Which of the two do you report when one value is very far away?",
        (("The median", ""), ("The mean", "The one of 57 pulls it up."), ("Neither", "One of them hardly moves.")),
    ),
    truefalse("s4", "The mode can have two values.", so=True, if_wrong="Two peaks of the same height are two modes."),
)
SPREAD = (
    number("s5", "What is the range of 4, 9, 12, 12 and 20?", "16", feedback="Largest minus smallest.", points=2),
    single(
        "s6",
        "A standard deviation of zero means that …",
        (("all values are the same", ""), ("the mean is zero", "The mean can be anything."), ("nobody answered", "")),
    ),
    truefalse(
        "s7",
        "Adding 10 to every value changes the standard deviation.",
        so=False,
        if_wrong="Distances stay as they are.",
    ),
)
TABLES = (
    number("s8", "Of 80 students 36 cycle to class. What share is that?", "45", unit="%", tolerance="0.5", points=2),
    matching(
        "s9",
        "Which chart shows it best?",
        {
            "Shares of a whole": "stacked bar",
            "One variable over time": "line",
            "Two measured variables": "scatter plot",
        },
        points=3,
    ),
)
CONSUMER = (
    single(
        "k1",
        "What does a person do first who needs new shoes?",
        (("Notice the need", ""), ("Compare prices", "Nobody compares what they do not miss."), ("Pay", "")),
    ),
    matching(
        "k2",
        "Who is who in a family that buys a car?",
        {"The child who wants room for a dog": "influencer", "The father who signs": "buyer", "All four": "users"},
        besides=("gatekeeper",),
        points=3,
    ),
    truefalse("k3", "Habits make decisions quicker.", so=True, if_wrong="That is what they are for."),
)
