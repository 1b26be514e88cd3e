"""Which answer each persona gets at each address of the product: one row per name, with objects of the demo world.

A new address without a row fails `test_every_address_has_a_row`. Add the row beside its neighbours; where a name can be
asked with several objects, give it several.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from activities.models import Attempt, AttemptFile, Material
from blendedu.demo.world import World
from blendedu.journal.models import Notice
from courses.models import Comment, Outcome, Placement, ReviewRequest, RunOffer
from institution.models import PolicyRule

# Anonymous; a student of the course; a student of another faculty; the lecturer of the course; a lecturer of another
# faculty; the DigiCoach, the director and the administrator of the course's part of the institution.
PERSONAS = {
    "anonymous": None,
    "student": "Joost Smit",
    "outsider": "Elif Kaya",
    "lecturer": "lecturer",
    "stranger": "engineer",
    "coach": "coach",
    "director": "director",
    "administrator": "administrator",
}
NAMES = tuple(PERSONAS)

Statuses = Mapping[str, int]


def answers(anonymous: int, student: int, outsider: int, lecturer: int, stranger: int, *above: int) -> dict[str, int]:
    """The statuses in the order of PERSONAS; `above` are coach, director and administrator."""
    return dict(zip(NAMES, (anonymous, student, outsider, lecturer, stranger, *above), strict=True))


def everybody(status: int, *, anonymous: int = 302) -> dict[str, int]:
    return {**dict.fromkeys(NAMES, status), "anonymous": anonymous}


#                    anonymous student outsider lecturer stranger coach director administrator
PUBLIC = everybody(200, anonymous=200)
SIGNED_IN = everybody(200)
MEMBERS = answers(302, 200, 404, 200, 404, 200, 200, 200)
STAFF = answers(302, 403, 404, 200, 404, 200, 200, 200)
LECTURERS = answers(302, 403, 404, 200, 404, 403, 403, 403)
# Whoever works with designs anywhere reads policy; whoever is appointed in the institution tries rules out.
READERS_OF_POLICY = answers(302, 404, 404, 200, 200, 200, 200, 200)
MAKERS_OF_POLICY = answers(302, 404, 404, 403, 403, 403, 403, 200)
PROGRAMME = answers(302, 404, 404, 200, 404, 200, 200, 200)
# A page that only takes what is sent to it answers 405, before it looks at who asks for what.
SENT_TO = everybody(405)
NOBODY = everybody(404)
ELSEWHERE = everybody(302)

Arguments = Callable[["Places"], tuple[object, ...]]


@dataclass(frozen=True)
class Row:
    """One address: how it is reached, and what each persona is answered."""

    answers: Statuses
    arguments: Arguments = field(default=lambda places: ())
    query: str = ""
    # What a stranger is answered who sends something here; None where everybody may, or nobody can.
    sent_by_outsider: int | None = None


class Places:
    """Objects of the demo world by the words on their pages."""

    def __init__(self, world: World) -> None:
        self.world = world

    def offer(self, title: str, code: str = "MKC-101") -> RunOffer:
        return RunOffer.objects.get(run__course__code=code, offer__activity__title=title)

    def placement(self, title: str, version: int = 3) -> Placement:
        return Placement.objects.get(design=self.world.designs[f"MKC-101/{version}"], activity__title=title)

    def essay(self) -> Attempt:
        return Attempt.objects.filter(offer__activity__title="Kick-off essay", user__name="Joost Smit").get()

    def rule(self) -> PolicyRule:
        return PolicyRule.objects.get(title__startswith="At most 24", live=True)


def course(*more: object, code: str = "MKC-101") -> Arguments:
    return lambda places: (code, *more)


def of_run(places: Places) -> tuple[object, ...]:
    return ("MKC-101", places.world.runs["MKC-101"].pk)


def at(title: str) -> Arguments:
    return lambda places: ("MKC-101", places.offer(title).pk)


def doing(title: str, action: str) -> Arguments:
    return lambda places: ("MKC-101", places.offer(title).pk, action)


def card(title: str = "Shadow a campaign team") -> Arguments:
    return lambda places: ("MKC-101", places.placement(title).pk)


def question(places: Places) -> tuple[object, ...]:
    return (*card("Quiz: Chapter 2")(places), "c4")


def clip_of(places: Places) -> Material:
    return places.offer("Framing a message").offer.activity.materials.get(kind="clip")


def member(places: Places) -> tuple[object, ...]:
    membership = places.world.people.cohort.memberships.get(user__name="Noah de Boer")
    return (*of_run(places), membership.pk)


def group(places: Places) -> tuple[object, ...]:
    return (*of_run(places), places.world.people.groups["Teal"].pk)


def reading(title: str, query: str = "") -> Row:
    """The page of an activity: students do it, staff see what students see."""
    return Row(MEMBERS, at(title), query)


def sent(arguments: Arguments, *, outsider: int = 404) -> Row:
    """An address that only takes what is sent to it."""
    return Row(SENT_TO, arguments, sent_by_outsider=outsider)


ROWS: dict[str, tuple[Row, ...]] = {
    # --- The site ---
    "home": (Row(ELSEWHERE),),
    "healthz": (Row(PUBLIC),),
    "readyz": (Row(PUBLIC),),
    # --- Courses ---
    "courses:list": (Row(SIGNED_IN),),
    "courses:overview": (
        Row(MEMBERS, course()),
        Row(answers(302, 404, 404, 200, 404, 200, 200, 200), course(code="BRA-103")),
        Row(answers(302, 404, 404, 404, 404, 200, 200, 200), course(code="ACW-101")),
        Row(NOBODY, course(code="no-such-course")),
    ),
    # --- Studio ---
    "courses:studio": (
        Row(STAFF, course()),
        Row(STAFF, course(), "design=2"),
        Row(STAFF, course(), "lens=environment"),
        Row(STAFF, course(), "lens=learning_type"),
        Row(answers(302, 404, 404, 200, 404, 200, 200, 200), course(code="BRA-103")),
    ),
    "courses:design-start": (sent(course(code="BRA-103")),),
    "courses:design-next": (sent(course(2)),),
    "courses:balance-explain": (
        Row(STAFF, course(), "dimension=environment&value=physical"),
        Row(answers(302, 403, 404, 404, 404, 404, 404, 404), course(), "dimension=nonsense"),
    ),
    "courses:finding": (Row(STAFF, course("C13")), Row(answers(302, 403, 404, 404, 404, 404, 404, 404), course("C99"))),
    "courses:quick-preview": (Row(LECTURERS, course(), "text=watch clip 8m alone&week=2&moment=before"),),
    "courses:quick-add": (sent(course()),),
    "courses:placement-add": (
        Row(LECTURERS, course(), "week=2&moment=before"),
        Row(LECTURERS, course(), "week=2&moment=before&type=quiz", sent_by_outsider=404),
    ),
    "courses:placement": (
        Row(STAFF, card(), sent_by_outsider=404),
        Row(STAFF, card("Quiz: Chapter 2")),
        Row(NOBODY | {"student": 404}, course(999_999)),
    ),
    "courses:placement-move": (Row(LECTURERS, card(), sent_by_outsider=404),),
    "courses:placement-duplicate": (sent(card()),),
    "courses:placement-delete": (sent(card()),),
    "courses:materials": (Row(STAFF, card("Framing a message"), sent_by_outsider=404),),
    "courses:material-remove": (sent(lambda places: (*card("Framing a message")(places), clip_of(places).pk)),),
    "courses:material-back": (sent(card("Framing a message")),),
    "courses:material": (Row(MEMBERS, lambda places: ("MKC-101", clip_of(places).pk)),),
    "courses:questions": (
        Row(STAFF, card("Quiz: Chapter 2")),
        Row(STAFF, card("Quiz: Chapter 2"), "edit=c4"),
        # What holds no questions has no such page.
        Row(answers(302, 403, 404, 404, 404, 404, 404, 404), card("Read: Chapter 2")),
    ),
    "courses:question-add": (sent(card("Quiz: Chapter 2")),),
    "courses:questions-paste": (Row(LECTURERS, card("Quiz: Chapter 2"), sent_by_outsider=404),),
    "courses:questions-preview": (Row(STAFF, card("Quiz: Chapter 2"), sent_by_outsider=404),),
    "courses:questions-minutes": (sent(card("Quiz: Chapter 2")),),
    "courses:question-back": (sent(card("Quiz: Chapter 2")),),
    "courses:question-edit": (sent(question),),
    "courses:question-move": (sent(question),),
    "courses:question-remove": (sent(question),),
    "courses:week-add": (sent(course()),),
    "courses:week-edit": (Row(LECTURERS, course(4)),),
    "courses:week-rename": (sent(course(4)),),
    "courses:week-remove": (sent(course(4)),),
    "courses:undo": (sent(course()),),
    "courses:redo": (sent(course()),),
    "courses:outcomes": (Row(STAFF, course()), Row(STAFF, course(), "design=2")),
    "courses:outcome-add": (sent(course()),),
    "courses:outcome-edit": (sent(lambda places: ("MKC-101", Outcome.objects.order_by("-pk")[0].pk)),),
    "courses:outcome-remove": (sent(lambda places: ("MKC-101", Outcome.objects.order_by("-pk")[0].pk)),),
    # --- Review ---
    "courses:review": (
        Row(STAFF, course()),
        Row(STAFF, course(), "design=2"),
        Row(answers(302, 404, 404, 404, 404, 200, 200, 200), course(code="ACW-101")),
    ),
    "courses:review-ask": (sent(course()),),
    "courses:review-withdraw": (sent(lambda places: ("ACW-101", ReviewRequest.objects.get(state="asked").pk)),),
    "courses:review-decide": (sent(lambda places: ("ACW-101", ReviewRequest.objects.get(state="asked").pk)),),
    "courses:comment-add": (sent(course(3)),),
    "courses:comment-settle": (sent(lambda places: ("MKC-101", Comment.objects.filter(parent=None)[0].pk)),),
    # --- Runs ---
    "courses:runs": (Row(STAFF, course()),),
    "courses:run-new": (Row(LECTURERS, course(), sent_by_outsider=404),),
    "courses:run": (Row(STAFF, of_run),),
    "courses:run-members": (Row(LECTURERS, of_run, sent_by_outsider=404),),
    "courses:member-leave": (Row(LECTURERS, member, sent_by_outsider=404),),
    "courses:run-groups": (Row(LECTURERS, of_run),),
    "courses:groups-move": (sent(of_run),),
    "courses:group-new": (sent(of_run),),
    "courses:groups-deal": (
        Row(LECTURERS, of_run, "by=size&number=4&seed=7", sent_by_outsider=404),
        Row(LECTURERS | {"lecturer": 422}, of_run, "by=size&number=no"),
    ),
    "courses:group-rename": (sent(group),),
    "courses:group-remove": (sent(group),),
    "courses:gradebook": (Row(LECTURERS, of_run),),
    "courses:gradebook-export": (Row(LECTURERS, of_run),),
    "courses:run-offer": (
        Row(LECTURERS, at("Kick-off essay"), sent_by_outsider=404),
        Row(LECTURERS, at("Case study: relaunch a local brand")),
    ),
    "courses:feedback": (Row(LECTURERS, at("Kick-off essay")), Row(LECTURERS, at("Team charter"))),
    "courses:feedback-release": (sent(at("Kick-off essay")),),
    "courses:feedback-attempt": (Row(LECTURERS, lambda places: ("MKC-101", places.essay().pk), sent_by_outsider=404),),
    "courses:remark-remove": (
        sent(lambda places: ("MKC-101", places.essay().pk, places.essay().remarks.order_by("pk")[0].pk)),
    ),
    "courses:attempt-file": (
        # What a student handed in is for that student and for those who teach; not even other staff read it.
        Row(
            answers(302, 200, 404, 200, 404, 403, 403, 403),
            lambda places: ("MKC-101", AttemptFile.objects.get(attempt=places.essay()).pk),
        ),
        Row(
            answers(302, 404, 404, 200, 404, 403, 403, 403),
            lambda places: ("MKC-101", AttemptFile.objects.get(attempt__user__name="Amina Rahman").pk),
        ),
    ),
    # --- What students do ---
    "courses:week": (Row(SIGNED_IN), Row(SIGNED_IN, query="monday=nonsense")),
    "courses:class-question": (sent(at("Case study: relaunch a local brand")),),
    "courses:activity": (
        reading("Framing a message"),
        reading("Read: Chapter 1"),
        reading("Quiz: Basics"),
        reading("Quiz: Chapter 2"),
        reading("Kick-off essay"),
        reading("Team charter"),
        reading("Introduce yourself to your buddy"),
        reading("Find and share an example"),
        reading("Case study: relaunch a local brand"),
        reading("Kick-off and expectations"),
        reading("Discuss the reviews (online)"),
        reading("Shadow a campaign team"),
        reading("Final quiz"),
        Row(NOBODY, course(999_999)),
    ),
    "courses:activity-act": (Row(NOBODY, doing("Quiz: Basics", "no-such-action"), sent_by_outsider=404),),
    # --- Programmes ---
    "programmes:list": (Row(SIGNED_IN),),
    "programmes:overview": (Row(PROGRAMME, course(code="CE-1")), Row(NOBODY, course(code="no-such-programme"))),
    "programmes:load": (Row(PROGRAMME, course(code="CE-1")),),
    "programmes:ceiling-change": (sent(course(code="CE-1")),),
    # --- Institution ---
    "institution:policy": (Row(READERS_OF_POLICY),),
    "institution:rule-new": (Row(MAKERS_OF_POLICY, sent_by_outsider=404),),
    "institution:rule": (Row(READERS_OF_POLICY, lambda places: (places.rule().pk,)),),
    "institution:rule-edit": (Row(MAKERS_OF_POLICY, lambda places: (places.rule().pk,), sent_by_outsider=404),),
    "institution:rule-withdraw": (sent(lambda places: (places.rule().pk,)),),
    # --- Inbox ---
    "journal:inbox": (Row(SIGNED_IN),),
    "journal:bell": (Row(SIGNED_IN),),
    "journal:inbox-read": (Row(SENT_TO),),
    "journal:rhythm": (Row(SENT_TO),),
    "journal:notice-open": (
        sent(lambda places: (Notice.objects.filter(recipient__name="Joost Smit").order_by("-pk")[0].pk,)),
    ),
}
