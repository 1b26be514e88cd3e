"""What is in the works: the third version of Marketing Communication, made in the Studio, and what is said about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from blendedu.demo import marketing, questions
from blendedu.demo.marketing.cards import study
from courses.models import Comment, Design, Placement, ReviewRequest, Week
from courses.queries.plan import ACTIVITY_FIELDS, fingerprint, outcome_ids_of, plan_of
from courses.queries.review import judged, review_page
from courses.services import designs, plan, review, storyboards
from courses.services import questions as card_questions

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

    def aligns(self, *told: tuple[str, int, int]) -> None:
        """Say on which level cards serve outcomes, all as one step: title, number of the outcome, level."""
        self.at += 3 * MINUTE
        known = plan_of(self.design)
        outcomes = {outcome.number: outcome.id for outcome in known.outcomes}
        cards = {card.title: card for card in known.activities}
        turns = {
            (cards[title].placement_id, outcomes[number]): plan.Turn(
                0 if outcomes[number] in cards[title].outcome_ids else None, level
            )
            for title, number, level in told
        }
        self.design = plan.set_alignments(self.design, turns, by=self.by, at=self.at).design

    def card(self, title: str) -> Placement:
        rows = Placement.objects.select_related("activity", "design__course", "week").filter(design=self.design)
        return rows.get(activity__title=title)


def adjust(running: Design, *, lecturer: User, coach: User, at: datetime) -> Design:
    """Make version 3, small and approved: a workshop on another day, questions for a quiz, one card less, one more.

    It waits to be published to the run. One card that students have done is placed a week later: there it stays.
    """
    bench = Bench(designs.next_version(running, by=lecturer, at=at), by=lecturer, at=at)
    workshop = bench.card("Workshop: plan the media")
    bench.edits(workshop.activity.title, config={**workshop.activity.config, "weekday": 4})
    bench.does(plan.delete_placement, bench.card("Share the frame that won"))
    essay = bench.card("Kick-off essay")
    bench.does(plan.move_placement, essay, week=2, moment="after", index=0)
    few = study("How few people are enough?", 20, "acquisition", "Read the two pages on small tests, first.", 3)
    values = {name: getattr(few, name) for name in ("type_key", "title", "minutes", "learning_type", "brief")}
    bench.does(
        plan.add_activity,
        bench.design,
        values={**_usual(bench.card("Exercises of chapter 5")), **values, **few.facets, "config": few.config},
        week=6,
        moment="before",
        outcomes=[],
    )
    card_questions.add(bench.card("Quiz: Channels"), questions.FINAL[1:4], by=lecturer, at=bench.at)
    approve_by_review(
        bench.design,
        lecturer=lecturer,
        coach=coach,
        note="The agency can only come on a Friday in week 5; the rest follows from that.",
        answer="Fine. Mind that the preparation is due a day later now.",
        at=bench.at + 5 * MINUTE,
    )
    return bench.design


def rework(running: Design, *, by: User, at: datetime) -> Design:
    """Make version 4: a longer visit, a new outcome that nothing assesses yet, and no essay in the first week."""
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
    bench.aligns(*marketing.LEVELS)
    # The last thing that was done is what "Undo" offers.
    bench.edits("Shadow a campaign team", minutes=240)
    return bench.design


def _usual(like: Placement) -> dict[str, Any]:  # Any: columns
    return {name: getattr(like.activity, name) for name in ACTIVITY_FIELDS}


def approve_by_review(
    design: Design,
    *,
    lecturer: User,
    coach: User,
    note: str = "The seven weeks are complete. Please look at weeks 2 and 4.",
    answer: str,
    at: datetime,
) -> None:
    """Ask, and be approved four hours later."""
    asked = review.ask_review(design, by=lecturer, note=note, at=at)
    asked = ReviewRequest.objects.select_related("design__course__unit", "design__course__coach").get(pk=asked.pk)
    known = judged(review_page(asked.design), asked.design)
    review.decide(asked, by=coach, approve=True, answer=answer, judged=known, at=at + 4 * 60 * MINUTE)
    design.refresh_from_db(fields=["state", "approved_at", "approved_by"])


def ask(design: Design, *, by: User, note: str, at: datetime) -> ReviewRequest:
    """Ask for a review that still waits."""
    return review.ask_review(design, by=by, note=note, at=at)


def gather(design: Design, *, by: User, at: datetime) -> None:
    """A team fills a draft together just now; its last week has no class."""
    bench = Bench(design, by=by, at=at - 20 * MINUTE)
    last = bench.does(plan.add_week, bench.design, title="Exams").design.weeks.order_by("-number")[0]
    bench.does(plan.edit_week, bench.design, last.number, title=last.title, teaching=False)
    storyboards.start(bench.design, by=by, minutes=45, at=at)


def talk_about(design: Design, *, lecturer: User, coach: User, at: datetime) -> None:
    """Comments on version 4: one answered and settled, three open, of which one asks the lecturer by name."""
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
        pin_key=str(Week.objects.get(design=design, number=4).key),
        text="Nearly twenty-five hours. Which of these could students do in week 3?",
        parent=None,
        at=at + 5 * MINUTE,
    )
    review.add_comment(
        design,
        author=coach,
        pin=Comment.Pin.DESIGN,
        pin_key="",
        text=f"@{lecturer.name}, the new outcome is assessed nowhere yet. Which task could show it?",
        parent=None,
        at=at + 7 * MINUTE,
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
