"""The sums of a course are done before the mouse is let go."""

from __future__ import annotations

import time

from courses import balance
from courses.facts import ENVIRONMENTS, LEARNING_TYPES
from courses.findings import judge
from tests.courses.pure.plans import plan, weeks


def test_a_large_course_is_weighed_and_judged_while_one_blinks() -> None:
    # COST: both happen in the answer to every move on the board. The aim is 10 ms; the limit leaves a busy machine air.
    large = plan(
        *(
            {
                "week": 1 + number % 20,
                "minutes": 10 + number,
                "environment": ENVIRONMENTS[number % 4],
                "learning_type": LEARNING_TYPES[number % 6],
                "second_type": "discussion",
                "second_share": 20,
                "outcome_ids": (1 + number % 10,),
                "has_captions": True if number % 5 == 0 else None,
            }
            for number in range(200)
        ),
        weeks=weeks(20),
        outcome_count=10,
    )

    def seconds() -> float:
        start = time.process_time()
        judge(large, balance=balance.weigh(large))
        return time.process_time() - start

    assert min(seconds() for _ in range(5)) < 0.030
