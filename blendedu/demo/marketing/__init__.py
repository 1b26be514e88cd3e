"""Marketing Communication, the module of the first source document, told over seven weeks.

Version 2 runs. Version 3, which its lecturer works on, is made from it by `drafts.rework` in the Studio itself.
"""

from __future__ import annotations

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
NEW_OUTCOME = ("Judge a campaign in professional practice by its effect on people", 5)

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
