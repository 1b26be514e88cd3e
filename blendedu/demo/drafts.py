"""What is in the works: the third version of Marketing Communication, made in the Studio, and what is said about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from blendedu.demo import marketing
from blendedu.demo.marketing.cards import study
from courses.models import Comment, Design, Placement, ReviewRequest
from courses.queries.plan import ACTIVITY_FIELDS, fingerprint, outcome_ids_of, plan_of
from courses.services import designs, plan, review

if TYPE_CHECKING:
    from blendedu.people.models import User
    from courses.services.plan import Changed

MINUTE = timedelta(minutes=1)


class Bench:
    """Somebody at work in the Studio: one change after another, a few minutes apart."""

    def __init__(self, design: Design, *, by: User, at: datetime) -> None:
        self.design, self.by, self.at = design, by, at

    def does(self, verb: Callable[..., Changed], *where: object, **values: object) -> Changed:
        """Make one change; the version is the one that the page would have sent."""
        self.at += 3 * MINUTE
        changed = verb(*where, by=self.by, version=self.design.plan_version, at=self.at, **values)
        self.design = changed.design
        return changed

    def edits(self, title: str, *, outcomes: list[int] | None = None, **values: Any) -> None:  # Any: columns
        """Edit a card, found by its title."""
        self.at += 3 * MINUTE
        placement = self.card(title)
        served = outcome_ids_of(placement)
        changed = plan.update_activity(
            placement,
            values=values,
            outcomes=served if outcomes is None else outcomes,
            seen=fingerprint(placement.activity, served),
            by=self.by,
            at=self.at,
        )
        self.design = changed.design

    def card(self, title: str) -> Placement:
        rows = Placement.objects.select_related("activity", "design__course", "week").filter(design=self.design)
        return rows.get(activity__title=title)


def rework(running: Design, *, by: User, at: datetime) -> Design:
    """Make version 3: a longer visit, a new outcome that nothing assesses yet, and no essay in the first week."""
    bench = Bench(designs.next_version(running, by=by, at=at), by=by, at=at)
    bench.does(plan.delete_placement, bench.card("Kick-off essay"))
    bench.does(plan.delete_placement, bench.card("Team charter"))
    text, level = marketing.NEW_OUTCOME
    bench.does(plan.add_outcome, bench.design, text=text, level=level)
    judging = plan_of(bench.design).outcomes[-1].id
    visit = bench.card("Bring the visit into class")
    bench.edits(visit.activity.title, outcomes=[*outcome_ids_of(visit), judging])
    bench.edits("Field study: thirty people of your segment", minutes=480)
    effect = study(
        "Judge a campaign by its effect",
        150,
        "inquiry",
        "Choose one campaign of an agency that you visited. What did it change, for whom, and how do you know?",
        environment="hybrid",
    )
    values = {name: getattr(effect, name) for name in ("type_key", "title", "minutes", "learning_type")}
    bench.does(
        plan.add_activity,
        bench.design,
        values={**_usual(bench.card("Exercises of chapter 5")), **values, **effect.facets, "config": effect.config},
        week=5,
        moment="after",
        outcomes=[judging],
    )
    bench.does(plan.move_placement, bench.card("Which channel surprised you?"), week=5, moment="after", index=0)
    # The last thing that was done is what "Undo" offers.
    bench.edits("Shadow a campaign team", minutes=240)
    return bench.design


def _usual(like: Placement) -> dict[str, Any]:  # Any: columns
    return {name: getattr(like.activity, name) for name in ACTIVITY_FIELDS}


def approve_by_review(design: Design, *, lecturer: User, coach: User, answer: str, at: datetime) -> None:
    """Ask, and be approved four hours later."""
    asked = review.ask_review(
        design, by=lecturer, note="The seven weeks are complete. Please look at weeks 2 and 4.", at=at
    )
    asked = ReviewRequest.objects.select_related("design__course__coach").get(pk=asked.pk)
    review.decide(asked, by=coach, approve=True, answer=answer, judged={"loads": design.load}, at=at + 4 * 60 * MINUTE)
    design.refresh_from_db(fields=["state", "approved_at", "approved_by"])


def ask(design: Design, *, by: User, note: str, at: datetime) -> ReviewRequest:
    """Ask for a review that still waits."""
    return review.ask_review(design, by=by, note=note, at=at)


def talk_about(design: Design, *, lecturer: User, coach: User, at: datetime) -> None:
    """Comments on version 3: one answered and settled, two open."""
    visit = Placement.objects.get(design=design, activity__title="Shadow a campaign team")
    start = review.add_comment(
        design,
        author=coach,
        pin=Comment.Pin.ACTIVITY,
        pin_key=str(visit.key),
        text="Four hours at the agency is a lot in a week that is full already. Could half of the group go in week 5?",
        parent=None,
        at=at,
    )
    review.add_comment(
        design,
        author=lecturer,
        pin=Comment.Pin.ACTIVITY,
        pin_key=str(visit.key),
        text="The agencies prefer one afternoon. I will look at the field study instead.",
        parent=start,
        at=at + 90 * MINUTE,
    )
    review.add_comment(
        design,
        author=coach,
        pin=Comment.Pin.WEEK,
        pin_key="4",
        text="Nearly twenty-five hours. Which of these could students do in week 3?",
        parent=None,
        at=at + 5 * MINUTE,
    )
    settled = review.add_comment(
        design,
        author=coach,
        pin=Comment.Pin.DESIGN,
        pin_key="",
        text="I like that every week begins with something to watch or to read, and that it is used in class.",
        parent=None,
        at=at + 8 * MINUTE,
    )
    review.settle(settled, by=lecturer, settled=True, at=at + 95 * MINUTE)
