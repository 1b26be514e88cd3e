"""Marketing Communication, the module of the first source document, told over seven weeks.

Version 2 runs. Version 3, which is approved and waits to be published, and version 4, which its lecturer works on, are
made from it by `drafts.adjust` and `drafts.rework` in the Studio itself.
"""

from __future__ import annotations

from typing import Any

from blendedu.demo.courses import Shape, WeekOf
from blendedu.demo.marketing.first_weeks import WEEK_1, WEEK_2, WEEK_3, WEEK_4
from blendedu.demo.marketing.last_weeks import WEEK_5, WEEK_6, WEEK_7

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
# On which level some cards serve an outcome: the final quiz stays two levels below what outcome 2 asks for.
LEVELS = (
    ("Quiz: Basics", 1, 2),
    ("Quiz: Chapter 2", 2, 2),
    ("Final quiz", 1, 2),
    ("Final quiz", 2, 2),
    ("Campaign plan", 3, 6),
    ("Revise the case", 3, 5),
)
NEW_OUTCOME = ("Judge a campaign in professional practice by its effect on people", 5)

# The three questions on learning environments, as the lecturer answers them.
ENVIRONMENTS: dict[str, Any] = {  # Any: words, and a list of environments
    "used": "The digital environment to prepare and to look back, the classroom for the case and for the tutorials, "
    "and one afternoon at an agency.",
    "wanted": ["workplace", "hybrid"],
    "why_not": "The agencies take us for one afternoon. A second one asks for agreements that take me a term.",
    "connected": "What students find online opens the case in class. The questions that they write in pairs go along "
    "to the agency, and what surprised them comes back into class.",
}
LINKS = (
    ("Find and share an example", "Case study: relaunch a local brand", "Two examples open the case."),
    ("Case study: relaunch a local brand", "Upload the case elaboration", "The case is worked out by the group."),
    ("Upload the case elaboration", "Review another group's case", "Each group reads the case of the next."),
    ("Review another group's case", "Revise the case", "The revision says whose feedback it follows."),
    ("Prepare interview questions", "Shadow a campaign team", "The pair takes its five questions along."),
    ("Shadow a campaign team", "Bring the visit into class", "One thing that surprised each group."),
    ("Test lab: two versions, two groups", "Share the frame that won", "Both versions and the counts."),
)
SHAPE = Shape(OUTCOMES, (WEEK_1, WEEK_2, WEEK_3, WEEK_4, WEEK_5, WEEK_6, WEEK_7), links=LINKS)

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
