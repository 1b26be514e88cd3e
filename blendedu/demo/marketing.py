"""Marketing Communication, the module of the first source document, told over seven weeks.

Version 2 runs. Version 3, which its lecturer works on, is made from it by `reworked` in the Studio itself.
"""

from __future__ import annotations

from blendedu.demo import questions
from blendedu.demo.courses import Card, Shape, WeekOf, card

SUMMARY = """\
You plan a campaign for a brand of your own region: whom it is for, what it says, where it is seen, if it worked.

You prepare at home with **clips**, a chapter and a quiz, and bring examples that you found. In class you work on a case
with your group. Afterwards you hand in the result and get feedback on it.
"""

OUTCOMES = (
    ("Explain how a message travels from sender to receiver, and what comes in between", 2),
    ("Segment an audience by needs and behaviour, and justify the choice", 4),
    ("Design a message and a media plan for a segment, and defend them", 6),
)
NEW_OUTCOME = ("Judge a campaign in professional practice by its effect on people", 5)

ROOM = "B2.14"
LINK = "https://teams.example.org/meet/mkc-101"
BOOK = "Meijer & Achterberg, Communicating with People, 4th edition"

LEARN = "acquisition"


def clip(title: str, minutes: int, name: str, seconds: int, **facets: object) -> Card:
    """A knowledge clip with captions."""
    return card(
        "clip",
        title,
        minutes,
        clip=name,
        config={"source": "file", "seconds": seconds, "captions": "file", "done_from": 80},
        brief="Watch it with sound or with captions, and pause where you disagree.",
        **facets,  # type: ignore[arg-type]  # outcomes and columns, as card says
    )


def chapter(number: int, title: str, minutes: int, pages: int, *outcomes: int) -> Card:
    """A chapter of the book."""
    return card(
        "reading",
        f"Read: {title}",
        minutes,
        outcomes=outcomes,
        config={"source": "address", "address": f"{BOOK}, chapter {number}", "pages": pages, "difficulty": "some"},
        brief="The book is in the library, and in the bookshop of building B.",
    )


def study(title: str, minutes: int, learning_type: str, text: str, *outcomes: int, **facets: object) -> Card:
    """Work on one's own with the study guide."""
    return card(
        "reading",
        title,
        minutes,
        learning_type,
        moment="after",
        outcomes=outcomes,
        config={"source": "text", "text": text, "purpose": "engage"},
        **facets,  # type: ignore[arg-type]  # columns, as card says
    )


def tutorial(week: int, minutes: int, agenda: str, *outcomes: int, kind: str = "practice") -> Card:
    """The weekly tutorial on Thursday."""
    return card(
        "session",
        f"Tutorial {week}: your own campaign",
        minutes,
        kind,
        moment="together",
        outcomes=outcomes,
        grouping="group",
        group_size=4,
        config={"weekday": 3, "starts": "13:30", "room": "B1.03", "agenda": agenda},
    )


ESSAY = card(
    "upload",
    "Kick-off essay",
    60,
    "production",
    outcomes=(1,),
    config={"accepts": ["pdf", "document", "text"], "max_points": 10, "files_max": 2},
    brief="One page: a campaign that changed what **you** do, and how it did it.",
    assessment="formative",
    feedback_by="lecturer",
    feedback_days=5,
    feedback_elaborated=True,
)
CHARTER = card(
    "upload",
    "Team charter",
    30,
    "collaboration",
    outcomes=(3,),
    config={"accepts": ["pdf", "document", "text"], "max_points": 5},
    brief="Half a page: how you decide, how you share the work, and what you do when somebody is late.",
    grouping="group",
    group_size=4,
    assessment="formative",
    feedback_by="lecturer",
    feedback_days=5,
    feedback_elaborated=True,
)

WEEK_1 = WeekOf(
    "What is marketing communication?",
    (
        clip("The communication model", 8, "who-is-the-message-for", 11, outcomes=(1,)),
        chapter(1, "Chapter 1", 45, 22, 1),
        card(
            "quiz",
            "Quiz: Basics",
            15,
            "practice",
            moment="before",
            outcomes=(1,),
            config={"attempts_allowed": 2, "limit_minutes": None},
            questions=questions.BASICS,
            brief="Six questions on chapter 1. Two attempts, the better one counts.",
            assessment="formative",
            feedback_by="automatic",
            feedback_days=0,
            feedback_elaborated=True,
        ),
        card(
            "session",
            "Kick-off and expectations",
            90,
            "discussion",
            moment="together",
            outcomes=(1,),
            config={
                "weekday": 2,
                "starts": "10:00",
                "room": ROOM,
                "agenda": "- What you expect\n- What we expect\n- The campaign you will make\n- Groups",
            },
        ),
        tutorial(1, 120, "Choose your brand, and interview each other as its customers.", 1, 3, kind="collaboration"),
        card(
            "discussion",
            "Introduce yourself to your buddy",
            20,
            "collaboration",
            moment="after",
            outcomes=(1,),
            config={"posts_wanted": 1},
            brief="Three sentences: who you are, what you are good at, what you hope your buddy is good at.",
            grouping="pair",
            group_size=2,
            guidance="peer",
        ),
        ESSAY,
        CHARTER,
        study(
            "Campaign journal: watch one brand for a week",
            240,
            "inquiry",
            "Choose one brand. Write down **every** message of it that you meet in five days: where, when, what it "
            "wants from you, and what you did.\n\nBring the list to the case on Wednesday.",
            1,
            2,
            environment="hybrid",
        ),
        study(
            "Exercises of chapter 1",
            270,
            "practice",
            "Exercises 1.1 to 1.9. Check your own answers with the key at the back, and mark what surprised you.",
            1,
        ),
    ),
)
WEEK_2 = WeekOf(
    "Target groups and message",
    (
        clip("Segmenting an audience", 9, "segmenting-an-audience", 11, outcomes=(2,)),
        clip("Framing a message", 7, "framing-a-message", 12, outcomes=(3,)),
        card(
            "shareboard",
            "Find and share an example",
            30,
            "inquiry",
            moment="before",
            outcomes=(2,),
            config={"examples_wanted": 1},
            brief="Find a message that speaks to one segment and not to another. Share it, and say **why** it works.",
            guidance="peer",
        ),
        card(
            "quiz",
            "Quiz: Chapter 2",
            20,
            "practice",
            moment="before",
            outcomes=(1,),
            config={"attempts_allowed": 2, "limit_minutes": 20},
            questions=questions.CHAPTER_2,
            brief="Ten questions on chapter 2 and the two clips. Every answer is saved as you give it.",
            assessment="formative",
            feedback_by="automatic",
            feedback_days=0,
            feedback_elaborated=True,
        ),
        chapter(2, "Chapter 2", 150, 48, 1, 2),
        card(
            "session",
            "Case study: relaunch a local brand",
            120,
            "collaboration",
            moment="together",
            outcomes=(2, 3),
            config={
                "weekday": 2,
                "starts": "10:00",
                "room": ROOM,
                "agenda": "- Your questions on chapter 2\n- The case, in groups of four\n- Two groups present",
            },
            grouping="group",
            group_size=4,
        ),
        tutorial(2, 120, "Segments for your own brand: draw three, keep one.", 2),
        card(
            "upload",
            "Upload the case elaboration",
            60,
            "production",
            outcomes=(2, 3),
            config={"accepts": ["pdf", "document", "presentation", "text"], "max_points": 10, "files_max": 3},
            brief="Two pages per group: the segment, the message, and why the one fits the other.",
            grouping="group",
            group_size=4,
            assessment="formative",
            feedback_by="lecturer",
            feedback_days=5,
            feedback_elaborated=True,
        ),
        card(
            "discussion",
            "Review another group's case",
            40,
            "discussion",
            moment="after",
            outcomes=(2,),
            config={"posts_wanted": 1},
            brief="Reply to the group after yours in the list: what works, what is missing, one next step.",
            grouping="group",
            group_size=4,
            guidance="peer",
            assessment="formative",
            feedback_by="peer",
            feedback_days=5,
            feedback_elaborated=True,
        ),
        study(
            "Work the case out with your group",
            300,
            "production",
            "Meet twice. The first time decide on the segment, the second time write. Use the template of the study "
            "guide, page 14.",
            2,
            3,
            grouping="group",
            group_size=4,
            environment="physical",
            place="campus",
            guidance="peer",
        ),
        study(
            "Exercises of chapter 2",
            150,
            "practice",
            "Exercises 2.1 to 2.6, and the self-test at the end of the chapter.",
            2,
        ),
    ),
)
WEEK_3 = WeekOf(
    "Feedback on feedback",
    (
        clip("Giving useful feedback", 6, "giving-useful-feedback", 10, outcomes=(3,)),
        chapter(3, "Chapter 3", 150, 45, 3),
        card(
            "session",
            "Discuss the reviews (online)",
            60,
            "discussion",
            moment="together",
            outcomes=(2, 3),
            config={
                "weekday": 2,
                "starts": "10:00",
                "link": LINK,
                "agenda": "- What helped you most?\n- What did not?",
            },
            place="online",
            environment="digital",
        ),
        tutorial(3, 150, "Write the message of your campaign in three frames.", 3),
        card(
            "upload",
            "Revise the case",
            90,
            "production",
            outcomes=(3,),
            config={"accepts": ["pdf", "document", "presentation", "text"], "max_points": 20, "files_max": 3},
            brief="The case again, better. On a separate half page: what you changed, and whose feedback made you.",
            grouping="group",
            group_size=4,
            assessment="summative",
            weight=30,
            feedback_by="lecturer",
            feedback_days=10,
            feedback_elaborated=True,
        ),
        study(
            "Write and test three messages",
            360,
            "production",
            "Write the same message in three frames. Show each to four people outside of this course, and write down "
            "what they **say**, not what they mean.",
            3,
            environment="hybrid",
        ),
        study("Exercises of chapter 3", 240, "practice", "Exercises 3.1 to 3.8.", 3),
    ),
)
WEEK_4 = WeekOf(
    "In the field",
    (
        card(
            "discussion",
            "Prepare interview questions",
            40,
            "inquiry",
            moment="before",
            outcomes=(2,),
            config={"posts_wanted": 1},
            brief="In pairs: five questions for the team that you will visit. Read those of the others, keep the best.",
            grouping="pair",
            group_size=2,
            guidance="peer",
        ),
        chapter(4, "Chapter 4", 180, 50, 2, 3),
        card(
            "session",
            "Shadow a campaign team",
            180,
            "practice",
            moment="together",
            outcomes=(2, 3),
            config={
                "weekday": 1,
                "starts": "13:00",
                "room": "At the agency: see your group",
                "agenda": "- Meet your mentor\n- Follow one piece of work for an afternoon\n- Ask your questions",
                "check_in": False,
            },
            brief="Your mentor signs off the hours.",
            place="workplace",
            environment="workplace",
            grouping="group",
            group_size=4,
            guidance="mentor",
        ),
        card(
            "session",
            "Bring the visit into class",
            60,
            "discussion",
            moment="together",
            outcomes=(2, 3),
            config={
                "weekday": 2,
                "starts": "10:00",
                "room": ROOM,
                "link": LINK,
                "agenda": "- Each group: one thing that surprised you\n- Two of the agencies join online",
            },
            brief="With people of the agencies that you visited.",
            place="campus",
            environment="hybrid",
        ),
        tutorial(4, 120, "Media: where is your segment at eight in the evening?", 3),
        card(
            "upload",
            "Logbook entry",
            45,
            "production",
            outcomes=(2,),
            config={"asks_files": False, "max_points": 5},
            brief="What you saw, what you would do differently, and what you will try in your own campaign.",
            environment="workplace",
            place="anywhere",
            assessment="formative",
            feedback_by="lecturer",
            feedback_days=5,
            feedback_elaborated=True,
        ),
        study(
            "Field study: thirty people of your segment",
            420,
            "inquiry",
            "Speak to at least thirty people. Use your five questions, and count. A table of ten lines is enough.",
            2,
            environment="workplace",
            place="workplace",
            grouping="pair",
            group_size=2,
        ),
        study("Exercises of chapter 4", 300, "practice", "Exercises 4.1 to 4.9.", 3),
    ),
)
WEEK_5 = WeekOf(
    "Channels and media",
    (
        chapter(5, "Chapter 5", 150, 45, 3),
        card(
            "quiz",
            "Quiz: Channels",
            15,
            "practice",
            moment="before",
            outcomes=(3,),
            config={"attempts_allowed": 2},
            questions=questions.FINAL[1:4],
            assessment="formative",
            feedback_by="automatic",
            feedback_days=0,
            feedback_elaborated=True,
        ),
        card(
            "session",
            "Workshop: plan the media",
            120,
            "collaboration",
            moment="together",
            outcomes=(3,),
            config={"weekday": 2, "starts": "10:00", "room": ROOM, "agenda": "- One segment, one week, 2,400 euros"},
            grouping="group",
            group_size=4,
        ),
        tutorial(5, 120, "Your media plan, first version.", 3),
        card(
            "discussion",
            "Which channel surprised you?",
            30,
            "discussion",
            moment="after",
            outcomes=(3,),
            config={"posts_wanted": 2},
            brief="One post, and one reply to somebody who disagrees with you.",
        ),
        study(
            "Media plan with your group",
            390,
            "production",
            "Who is reached where, how often, at what cost; and when you look whether it worked.",
            3,
            grouping="group",
            group_size=4,
            environment="physical",
            place="campus",
            guidance="peer",
        ),
        study("Exercises of chapter 5", 225, "practice", "Exercises 5.1 to 5.7.", 3),
    ),
)
WEEK_6 = WeekOf(
    "Does it work?",
    (
        clip("Look back: framing a message", 7, "framing-a-message", 12, outcomes=(3,)),
        chapter(6, "Chapter 6", 128, 40, 3),
        card(
            "session",
            "Test lab: two versions, two groups",
            150,
            "inquiry",
            moment="together",
            outcomes=(3,),
            config={"weekday": 2, "starts": "10:00", "room": "B0.20", "agenda": "- Test in pairs\n- Count\n- Decide"},
            grouping="group",
            group_size=4,
        ),
        tutorial(6, 120, "Read the numbers of your test together.", 3),
        card(
            "shareboard",
            "Share the frame that won",
            20,
            "discussion",
            moment="after",
            outcomes=(3,),
            config={"examples_wanted": 1},
            brief="Both versions, the counts, and your guess why.",
            guidance="peer",
        ),
        study(
            "Test your campaign on real people",
            420,
            "inquiry",
            "Two versions, two groups of at least fifteen people each. Half of you collects, half of you counts.",
            3,
            grouping="group",
            group_size=4,
            environment="hybrid",
            place="workplace",
        ),
        study("Write the first version of the plan", 280, "production", "All chapters of the plan, short.", 3),
    ),
)
WEEK_7 = WeekOf(
    "The campaign",
    (
        chapter(7, "Chapter 7", 90, 30, 3),
        card(
            "session",
            "Campaign presentations",
            180,
            "discussion",
            moment="together",
            outcomes=(2, 3),
            config={
                "weekday": 2,
                "starts": "09:30",
                "room": "Auditorium B",
                "agenda": "- Six campaigns, ten minutes each\n- The agencies ask questions",
            },
        ),
        tutorial(7, 90, "Last questions.", 3),
        card(
            "quiz",
            "Final quiz",
            45,
            "practice",
            moment="after",
            outcomes=(1, 2),
            config={"attempts_allowed": 1, "limit_minutes": 30, "shuffle": True, "show_right_answers": "after"},
            questions=questions.FINAL,
            assessment="summative",
            weight=30,
            feedback_by="automatic",
            feedback_days=0,
            feedback_elaborated=True,
        ),
        card(
            "upload",
            "Campaign plan",
            60,
            "production",
            outcomes=(2, 3),
            config={"accepts": ["pdf", "document", "presentation"], "max_points": 40, "files_max": 4},
            brief="The whole plan of your group, at most twelve pages.",
            grouping="group",
            group_size=4,
            assessment="summative",
            weight=40,
            feedback_by="lecturer",
            feedback_days=10,
            feedback_elaborated=True,
        ),
        card(
            "discussion",
            "Look back on the course",
            30,
            "discussion",
            moment="after",
            outcomes=(1,),
            config={"posts_wanted": 1},
            brief="One thing that you will do differently from now on.",
        ),
        study(
            "Finish the plan with your group",
            420,
            "production",
            "Two long afternoons. Let somebody of another group read it before you hand it in.",
            3,
            grouping="group",
            group_size=4,
            guidance="peer",
            environment="physical",
            place="campus",
        ),
        study(
            "Prepare for the final quiz",
            285,
            "practice",
            "The self-tests of chapters 1 to 7, without the book.",
            1,
            2,
        ),
    ),
)

SHAPE = Shape(OUTCOMES, (WEEK_1, WEEK_2, WEEK_3, WEEK_4, WEEK_5, WEEK_6, WEEK_7))

# The first version, of a year ago: shorter, all on campus, without the visit.
FIRST_SHAPE = Shape(
    OUTCOMES,
    (
        WeekOf(WEEK_1.title, WEEK_1.cards[:5]),
        WeekOf(WEEK_2.title, (WEEK_2.cards[0], *WEEK_2.cards[3:6])),
        WeekOf(WEEK_3.title, (WEEK_3.cards[1], WEEK_3.cards[3], WEEK_3.cards[4])),
        WeekOf("Media", (WEEK_5.cards[0], WEEK_5.cards[2], WEEK_5.cards[3])),
        WeekOf("The campaign", (WEEK_7.cards[1], WEEK_7.cards[3], WEEK_7.cards[4])),
    ),
)
