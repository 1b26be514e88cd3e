"""The courses beside Marketing Communication: those of the same students, and those of other faculties."""

from __future__ import annotations

from dataclasses import dataclass

from blendedu.demo import questions
from blendedu.demo.courses import Card, Shape, WeekOf, card

AUTOMATIC = {
    "assessment": "formative",
    "feedback_by": "automatic",
    "feedback_days": 0,
    "feedback_elaborated": True,
}


def quiz(
    title: str,
    minutes: int,
    asked: tuple[questions.Told, ...],
    *outcomes: int,
    moment: str = "before",
    **facets: object,
) -> Card:
    """A quiz with two attempts."""
    return card(
        "quiz",
        title,
        minutes,
        "practice",
        moment=moment,
        outcomes=outcomes,
        config={"attempts_allowed": 2, "limit_minutes": 30},
        questions=asked,
        **{**AUTOMATIC, **facets},  # type: ignore[arg-type]  # columns, as card says
    )


def lecture(title: str, minutes: int, weekday: int, starts: str, room: str, *outcomes: int, kind: str = "") -> Card:
    """Together in a room."""
    return card(
        "session",
        title,
        minutes,
        kind or "discussion",
        outcomes=outcomes,
        config={"weekday": weekday, "starts": starts, "room": room},
    )


def exercises(title: str, minutes: int, *outcomes: int, kind: str = "practice", **facets: object) -> Card:
    """Work on one's own after class."""
    return card(
        "reading",
        title,
        minutes,
        kind,
        moment="after",
        outcomes=outcomes,
        config={"source": "text", "text": "Work through the exercises of this week, and check them with the key."},
        **facets,  # type: ignore[arg-type]  # columns, as card says
    )


def report(title: str, minutes: int, *outcomes: int, weight: int = 0, days: int = 10, **facets: object) -> Card:
    """Something written, handed in and answered by a lecturer."""
    return card(
        "upload",
        title,
        minutes,
        "production",
        outcomes=outcomes,
        config={"accepts": ["pdf", "document", "text"], "max_points": 20},
        weight=weight,
        feedback_days=days,
        feedback_elaborated=True,
        **{"assessment": "summative" if weight else "formative", "feedback_by": "lecturer", **facets},  # type: ignore[arg-type]  # columns, as card says
    )


def _statistics_week(number: int, title: str, asked: tuple[questions.Told, ...], *more: Card) -> WeekOf:
    return WeekOf(
        title,
        (
            card(
                "reading",
                f"Read: Section {number}",
                40,
                outcomes=(1,),
                config={"source": "address", "address": f"Open Statistics, section {number}", "pages": 14},
            ),
            quiz(f"Quiz {number}: {title}", 14, asked, 1),
            lecture(f"Workshop {number}", 105, 4, "09:00", "C0.11", 1, 2, kind="practice"),
            exercises(f"Exercises of section {number}", 130, 1, 2, grouping="pair", group_size=2, guidance="peer"),
            *more,
        ),
    )


STATISTICS = Shape(
    (
        ("Describe data by centre, spread and shape", 3),
        ("Choose and read a chart or a table for a question", 4),
        ("Report what a small data set says, and what it does not", 5),
    ),
    (
        _statistics_week(1, "Centre", questions.MEAN_AND_MEDIAN),
        _statistics_week(2, "Spread", questions.SPREAD),
        _statistics_week(3, "Tables and charts", questions.TABLES),
        _statistics_week(
            4,
            "Two variables",
            questions.SPREAD,
            report("Report 1: describe a data set", 120, 3, weight=30, grouping="group", group_size=4),
            quiz("Practice test", 30, questions.MEAN_AND_MEDIAN + questions.TABLES, 1, 2, moment="after"),
        ),
        _statistics_week(5, "Chance", questions.TABLES),
        _statistics_week(
            6,
            "Samples",
            questions.MEAN_AND_MEDIAN,
            quiz(
                "Test 1",
                45,
                questions.MEAN_AND_MEDIAN + questions.SPREAD,
                1,
                assessment="summative",
                weight=30,
                moment="after",
            ),
            exercises("Prepare for the test", 240, 1, 2),
        ),
        _statistics_week(7, "Estimating", questions.SPREAD),
        _statistics_week(8, "Comparing", questions.TABLES),
        WeekOf("Looking back", (exercises("Work on the report", 300, 3, kind="production"),)),
        WeekOf(
            "Report and test",
            (
                exercises("Prepare for the last test", 180, 1, 2),
                quiz("Test 2", 45, questions.SPREAD + questions.TABLES, 1, 2, assessment="summative", weight=20),
                report("Report 2: a question of your own", 300, 3, weight=20),
            ),
        ),
    ),
)


def _consumer_week(title: str, *cards: Card) -> WeekOf:
    return WeekOf(
        title,
        (
            card(
                "reading",
                f"Read: {title}",
                90,
                outcomes=(1,),
                config={"source": "address", "address": f"Reader Consumer Behaviour, “{title}”", "pages": 18},
            ),
            lecture("Seminar", 90, 1, "15:00", "B1.20", 1, 2),
            *cards,
        ),
    )


CONSUMERS = Shape(
    (
        ("Explain how people decide what to buy", 2),
        ("Observe consumers in a shop or online, and interpret what they do", 4),
    ),
    (
        _consumer_week(
            "Deciding",
            card("discussion", "What did you buy last?", 30, outcomes=(1,), moment="after", brief="And why that one?"),
        ),
        _consumer_week("Habits", quiz("Quiz: Habits", 20, questions.CONSUMER, 1)),
        _consumer_week("Family and friends"),
        _consumer_week(
            "In the shop",
            exercises(
                "Observe a shop for an afternoon",
                240,
                2,
                kind="inquiry",
                environment="workplace",
                place="workplace",
                grouping="pair",
                group_size=2,
            ),
        ),
        _consumer_week("Online", card("shareboard", "Share a dark pattern", 30, outcomes=(2,), moment="after")),
        _consumer_week("Culture", card("discussion", "Where you come from", 40, outcomes=(1,), moment="after")),
        _consumer_week("Writing it down", report("Essay: what I saw", 240, 2, weight=60, days=10)),
        _consumer_week(
            "Good and bad influence",
            card("discussion", "Who is responsible?", 40, outcomes=(1,)),
            exercises("Interview somebody about a purchase", 90, 2, kind="inquiry"),
        ),
        _consumer_week("Looking back", exercises("Prepare for the test", 240, 1)),
        _consumer_week(
            "Test",
            quiz("Test", 40, questions.CONSUMER, 1, assessment="summative", weight=40, moment="after"),
        ),
    ),
)

# Academic Writing waits for its DigiCoach.
WRITING = Shape(
    (
        ("Build an argument of three paragraphs from sources", 5),
        ("Give and use feedback on a text", 5),
    ),
    (
        WeekOf(
            "A question",
            (
                card("clip", "What makes a question good?", 8, outcomes=(1,), config={"captions": "none"}),
                lecture("Writing room", 90, 0, "13:00", "B0.07", 1, kind="production"),
                card("discussion", "Post your question", 20, outcomes=(1,), moment="after"),
                exercises("Keep a notebook", 240, 1, kind="inquiry"),
            ),
        ),
        WeekOf(
            "Sources",
            (
                card(
                    "reading",
                    "Read: How to read a paper",
                    60,
                    outcomes=(1,),
                    config={"source": "address", "address": "Study guide, chapter 3", "pages": 12},
                ),
                card("shareboard", "Share the best source you found", 40, outcomes=(1,), moment="after"),
                exercises("Search and read", 360, 1, kind="inquiry"),
            ),
        ),
        WeekOf(
            "A draft",
            (
                lecture("Writing room", 90, 0, "13:00", "B0.07", 1, kind="production"),
                report("First draft", 420, 1, days=8),
            ),
        ),
        WeekOf(
            "Each other's drafts",
            (
                card(
                    "discussion",
                    "Feedback in threes",
                    90,
                    outcomes=(2,),
                    moment="together",
                    timing="sync",
                    place="campus",
                    environment="physical",
                    grouping="group",
                    group_size=3,
                    guidance="peer",
                    assessment="formative",
                    feedback_by="peer",
                    feedback_days=2,
                ),
                exercises("Revise", 360, 1, 2, kind="production"),
            ),
        ),
        WeekOf("The text", (report("Final text", 480, 1, 2, weight=100, days=10),)),
    ),
)

# Law for Marketers tells everything in lectures and has clips without captions: it breaks the policy in three ways.
LAW = Shape(
    (("Say what the law allows in advertising", 2), ("Advise a client on a claim", 5)),
    (
        WeekOf(
            "What is allowed",
            (
                card("clip", "Misleading or bold?", 14, outcomes=(1,), config={"captions": "none"}),
                card("clip", "The code in forty minutes", 41, outcomes=(1,), config={"captions": "none"}),
                lecture("Lecture 1", 180, 3, "10:00", "Auditorium A", 1, kind="acquisition"),
                exercises("Study the code of conduct", 1500, 1, kind="acquisition"),
            ),
        ),
        WeekOf(
            "Claims",
            (
                lecture("Lecture 2", 180, 3, "10:00", "Auditorium A", 1, kind="acquisition"),
                exercises("Learn the cases", 1200, 1, kind="acquisition"),
            ),
        ),
        WeekOf(
            "Advice",
            (
                lecture("Lecture 3", 180, 3, "10:00", "Auditorium A", 1, 2, kind="acquisition"),
                report("Written advice", 300, 2, weight=100, days=20),
            ),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Small:
    """A course of which little is told: enough for a policy, a programme and a list to be real."""

    code: str
    title: str
    credits: str
    unit: str
    lecturer: str
    coach: str
    weeks: int
    together: int  # minutes together in a week
    alone: int  # minutes of own time in a week
    peak: int = 0  # the week that asks half as much again
    captions: bool = True
    days: int = 8  # until feedback
    place: str = "campus"
    variety: int = 4  # how many learning types
    approved: bool = True
    clips: bool = True


SMALL = (
    Small("FIN-101", "Business Economics", "5", "commerce", "colleague", "coach", 10, 180, 600, peak=8),
    Small("ENG-101", "Business English", "3", "commerce", "psychologist", "coach", 8, 120, 480, place="online"),
    Small("RES-101", "Practical Research", "4", "commerce", "colleague", "coach", 10, 120, 530, variety=5),
    Small(
        "SAL-102", "Sales and Negotiation", "4", "commerce", "psychologist", "", 8, 240, 560, days=15, approved=False
    ),
    Small("MEC-101", "Statics", "5", "engineering", "engineer", "second_coach", 8, 240, 640, peak=5, clips=False),
    Small("MEC-110", "Materials", "4", "engineering", "engineer", "second_coach", 9, 60, 640, captions=False),
    Small("ELE-101", "Circuits", "5", "engineering", "engineer", "second_coach", 7, 300, 840, variety=2),
    Small(
        "SOF-101", "Programming 1", "5", "engineering", "engineer", "second_coach", 7, 60, 1020, peak=6, place="online"
    ),
    Small("NUR-101", "Basic Care", "6", "health", "nurse", "second_coach", 8, 480, 700, place="workplace"),
    Small("NUR-120", "Anatomy", "4", "health", "nurse", "second_coach", 8, 150, 560),
    Small("SOC-101", "Working with Families", "5", "health", "nurse", "second_coach", 9, 180, 640, place="workplace"),
    Small("SOC-130", "Ethics in Care", "3", "health", "nurse", "", 6, 120, 620, captions=False, days=12),
    Small("PHY-101", "Movement", "4", "health", "nurse", "second_coach", 8, 240, 540, peak=4),
)

_ENVIRONMENT = {"campus": "physical", "online": "digital", "workplace": "workplace"}
_KINDS = ("practice", "acquisition", "discussion", "production", "inquiry")


def small_shape(told: Small) -> Shape:
    """The design of a small course."""
    return Shape(
        ((f"Know the basics of {told.title.lower()}", 2), (f"Apply {told.title.lower()} to a case", 3)),
        tuple(_small_week(told, number) for number in range(1, told.weeks + 1)),
    )


def _small_week(told: Small, number: int) -> WeekOf:
    alone = told.alone * 3 // 2 if number == told.peak else told.alone
    kinds = _KINDS[: told.variety]
    together = card(
        "session",
        f"Class {number}",
        told.together,
        kinds[number % len(kinds)],
        outcomes=(1, 2),
        config={"weekday": 1, "starts": "10:00", "room": "" if told.place == "online" else "A1.01"},
        place=told.place,
        environment=_ENVIRONMENT[told.place],
    )
    cards = [
        card(
            "reading",
            f"Study chapter {number}",
            alone // 3,
            outcomes=(1,),
            config={"source": "address", "address": f"{told.title}, chapter {number}", "pages": 30},
        ),
        together,
        exercises(f"Assignments {number}", alone - alone // 3, 2, kind=kinds[(number + 1) % len(kinds)]),
    ]
    if told.clips and number % 3 == 1:
        captions = "host" if told.captions else "none"
        address = "https://player.vimeo.com/video/0"  # nobody runs this course: the clip is only planned
        clip = card(
            "clip",
            f"Introduction to chapter {number}",
            7,
            outcomes=(1,),
            config={"source": "address", "address": address, "captions": captions},
        )
        cards.insert(0, clip)
    if number == told.weeks // 2:
        cards.append(report("Interim assignment", 90, 1, days=told.days))
    if number == told.weeks:
        cards.append(report("Final assignment", 120, 1, 2, weight=100, days=told.days))
    return WeekOf(f"Chapter {number}", tuple(cards))
