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
from courses.exchange.patterns import shipped
from courses.models import Comment, DesignImport, Link, Outcome, Pattern, Placement, ReviewRequest, RunOffer
from institution.models import PolicyRule
from programmes.models import ProgrammeOutcome

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
# Who has to do with a part of the institution reads by which limits its courses are judged.
UNIT_RULES = answers(302, 404, 404, 200, 404, 200, 200, 200)
# A course that nobody follows yet.
STAFF_ALONE, LECTURERS_ALONE = STAFF | {"student": 404}, LECTURERS | {"student": 404}
WITH_DESIGNS = answers(302, 403, 403, 200, 200, 200, 200, 200)
PROGRAMME = answers(302, 404, 404, 200, 404, 200, 200, 200)
# A page that only takes what is sent to it answers 405, before it looks at who asks for what.
SENT_TO = everybody(405)
NOBODY = everybody(404)
ELSEWHERE = everybody(302)
# Without htmx, a part of a page sends to the page that holds it.
ELSEWHERE_FOR_STAFF = answers(302, 403, 404, 303, 404, 303, 303, 303)

FLIPPED = next(pattern.key for pattern in shipped() if pattern.title == "Flipped week")

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

    def placement(self, title: str, version: int = 4) -> Placement:
        return Placement.objects.get(design=self.world.designs[f"MKC-101/{version}"], activity__title=title)

    def essay(self) -> Attempt:
        return Attempt.objects.filter(offer__activity__title="Kick-off essay", user__name="Joost Smit").get()

    def pattern(self, title: str) -> Pattern:
        return Pattern.objects.get(title=title)

    def rule(self) -> PolicyRule:
        return PolicyRule.objects.get(title__startswith="At most 24", live=True)


def course(*more: object, code: str = "MKC-101") -> Arguments:
    return lambda places: (code, *more)


def of_run(places: Places) -> tuple[object, ...]:
    return ("MKC-101", places.world.runs["MKC-101"].pk)


def programme_outcome(_places: Places) -> tuple[object, ...]:
    return ("CE-1", ProgrammeOutcome.objects.earliest("pk").pk)


def at(title: str) -> Arguments:
    return lambda places: ("MKC-101", places.offer(title).pk)


def doing(title: str, action: str) -> Arguments:
    return lambda places: ("MKC-101", places.offer(title).pk, action)


def card(title: str = "Shadow a campaign team") -> Arguments:
    return lambda places: ("MKC-101", places.placement(title).pk)


def unit_of_course(places: Places) -> tuple[object, ...]:
    return (places.world.people.units["commerce"].pk,)


def question(places: Places) -> tuple[object, ...]:
    return (*card("Quiz: Chapter 2")(places), "c4")


def clip_of(places: Places) -> Material:
    return places.offer("Framing a message").offer.activity.materials.get(kind="clip")


def imported_to(places: Places) -> tuple[object, ...]:
    return ("BRA-103", DesignImport.objects.get(course__code="BRA-103").pk)


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
        Row(STAFF, course(), "lens=type&env=digital&sel=1,x"),
        Row(STAFF, course(), "lens=timeline&gap=policy"),
        Row(STAFF, course(), "lens=table&sort=-minutes&q=quiz"),
        Row(STAFF, course(), "lens=nonsense&outcome=99&gap=%00"),
        Row(answers(302, 404, 404, 200, 404, 200, 200, 200), course(code="BRA-103")),
    ),
    "courses:design-start": (sent(course(code="BRA-103")),),
    "courses:design-next": (sent(course(2)),),
    "courses:balance-explain": (
        Row(STAFF, course(), "dimension=environment&value=physical"),
        Row(answers(302, 403, 404, 404, 404, 404, 404, 404), course(), "dimension=nonsense"),
    ),
    "courses:finding": (Row(STAFF, course("C13")), Row(answers(302, 403, 404, 404, 404, 404, 404, 404), course("C99"))),
    "courses:findings": (
        Row(STAFF, course()),
        Row(STAFF, course(), "state=kept&class=EVID"),
        Row(STAFF, course(), "state=silent"),
        Row(NOBODY, course(), "design=77"),
    ),
    "courses:finding-answer": (sent(course("C23")),),
    "courses:finding-answer-withdraw": (sent(course("C23")),),
    "courses:limits": (Row(STAFF, course()), Row(STAFF, course(), "show=set")),
    "courses:limit": (
        Row(STAFF, course("C02"), sent_by_outsider=404),
        Row(answers(302, 403, 404, 404, 404, 404, 404, 404), course("C99")),
    ),
    "courses:quick-preview": (Row(LECTURERS, course(), "text=watch clip 8m alone&week=2&moment=before"),),
    "courses:times-reported": (Row(STAFF, course(), sent_by_outsider=404),),
    "courses:time-read": (Row(LECTURERS, course(), "minutes=60-90"),),
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
    "courses:placement-estimate": (Row(LECTURERS, card(), "way=reading&e-pages=24", sent_by_outsider=404),),
    "courses:placement-field": (sent(card()),),
    "courses:bulk": (
        Row(LECTURERS, course(), sent_by_outsider=404),
        Row(LECTURERS, course(), "sel=1,2,3"),
    ),
    "courses:placement-move": (Row(LECTURERS, card(), sent_by_outsider=404),),
    "courses:placement-duplicate": (sent(card()),),
    "courses:placement-delete": (sent(card()),),
    "courses:design-export": (
        Row(STAFF, course(2, "json")),
        Row(STAFF, course(3, "csv")),
        Row(STAFF, course(3, "xlsx")),
        Row(STAFF, course(3, "ldj")),
        Row(STAFF, course(3, "zip")),
        Row(answers(302, 403, 404, 404, 404, 404, 404, 404), course(3, "exe")),
    ),
    "courses:design-import": (Row(LECTURERS, course(), sent_by_outsider=404),),
    "courses:table-paste": (sent(course()),),
    "courses:import": (Row(LECTURERS_ALONE, imported_to),),
    "courses:import-columns": (sent(imported_to),),
    "courses:import-take": (sent(imported_to),),
    "courses:patterns": (Row(WITH_DESIGNS), Row(WITH_DESIGNS, query="q=feedback&whose=product&page=9")),
    "courses:pattern": (
        Row(WITH_DESIGNS, lambda places: (places.pattern("Flipped week").key,)),
        # What is shared in a faculty is not there for another.
        Row(answers(302, 403, 403, 200, 404, 200, 200, 200), lambda places: (places.pattern("Kick-off week").key,)),
    ),
    "courses:pattern-edit": (
        Row(answers(302, 403, 403, 200, 404, 403, 403, 403), lambda places: (places.pattern("Kick-off week").key,)),
    ),
    "courses:pattern-withdraw": (sent(lambda places: (places.pattern("Kick-off week").key,), outsider=403),),
    "courses:patterns-of-course": (
        Row(STAFF, course()),
        Row(STAFF_ALONE, course(code="BRA-103"), "q=nothing-has-this"),
    ),
    "courses:pattern-compare": (
        Row(STAFF, course(), f"week=2&pattern={FLIPPED}", sent_by_outsider=404),
        Row(STAFF_ALONE, course(code="BRA-103")),
        Row({**STAFF, **dict.fromkeys(("lecturer", "coach", "director", "administrator"), 422)}, course(), "pattern=x"),
    ),
    "courses:pattern-insert": (
        Row(LECTURERS, lambda places: ("MKC-101", places.pattern("Flipped week").key), sent_by_outsider=404),
        Row(LECTURERS_ALONE, lambda places: ("BRA-103", places.pattern("Flipped week").key)),
    ),
    "courses:pattern-share": (Row(LECTURERS, course(3), sent_by_outsider=404),),
    "courses:copy-sources": (Row(LECTURERS_ALONE, course(code="BRA-103")), Row(LECTURERS, course())),
    "courses:design-copy": (
        Row(LECTURERS_ALONE, course("MKC-101", 2, code="BRA-103"), "shift=-1&weeks=5", sent_by_outsider=404),
    ),
    "courses:example": (Row(STAFF_ALONE, course(code="BRA-103")),),
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
    "courses:paper": (Row(STAFF, course()), Row(STAFF, course(), "download=1&parts=board&paper=a4")),
    "courses:course-guide": (Row(MEMBERS, lambda places: ("MKC-101", places.world.runs["MKC-101"].pk)),),
    "courses:outcomes": (
        Row(STAFF, course()),
        Row(STAFF, course(), "design=2"),
        Row(STAFF, course(), "minutes=touch&week=2"),
        # A course without a design is begun in the Studio.
        Row(answers(302, 404, 404, 302, 404, 302, 302, 302), course(code="BRA-103")),
    ),
    "courses:outcome-add": (sent(course()),),
    "courses:outcome-edit": (sent(lambda places: ("MKC-101", Outcome.objects.order_by("-pk")[0].pk)),),
    "courses:outcome-remove": (sent(lambda places: ("MKC-101", Outcome.objects.order_by("-pk")[0].pk)),),
    "courses:here": (sent(course()),),
    "courses:board": (Row(ELSEWHERE_FOR_STAFF, course()),),
    "courses:card-lock": (sent(card()),),
    "courses:outcome-move": (sent(lambda places: ("MKC-101", Outcome.objects.order_by("-pk")[0].pk)),),
    "courses:outcome-verb": (Row(LECTURERS, course(), "text=Understand a message"),),
    "courses:outcome-align": (sent(course()),),
    # --- Assessment and environments ---
    "courses:assessment": (Row(STAFF, course()), Row(STAFF, course(), "design=2"), Row(STAFF, course(), "edit=no")),
    "courses:assessment-add": (sent(course()),),
    "courses:assessment-edit": (sent(card()),),
    "courses:environments": (Row(STAFF, course()), Row(STAFF, course(), "design=2"), Row(STAFF, course(), "answer=1")),
    "courses:environments-answer": (sent(course()),),
    "courses:link-add": (sent(course()),),
    "courses:link-edit": (sent(lambda places: ("MKC-101", Link.objects.order_by("-pk")[0].pk)),),
    "courses:link-remove": (sent(lambda places: ("MKC-101", Link.objects.order_by("-pk")[0].pk)),),
    "courses:placement-links": (Row(STAFF, card(), sent_by_outsider=404),),
    "courses:placement-link-remove": (sent(lambda places: (*card()(places), Link.objects.order_by("-pk")[0].pk)),),
    "courses:step-undo": (sent(course("outcomes")),),
    "courses:step-redo": (sent(course("assessment")),),
    "courses:storyboard": (Row(STAFF, course()), Row(STAFF, course(), "design=2")),
    "courses:storyboard-start": (sent(course()),),
    "courses:storyboard-cards": (Row(NOBODY, course(999_999)),),
    "courses:storyboard-add": (sent(course(999_999)),),
    "courses:storyboard-lead": (sent(course(999_999)),),
    # --- Review ---
    "courses:review": (
        Row(STAFF, course()),
        Row(STAFF, course(), "design=2"),
        Row(answers(302, 404, 404, 404, 404, 200, 200, 200), course(code="ACW-101")),
    ),
    "courses:review-ask": (sent(course()),),
    "courses:review-publish": (sent(course()),),
    "courses:versions": (
        Row(STAFF, course()),
        Row(answers(302, 404, 404, 200, 404, 200, 200, 200), course(code="BRA-103")),
    ),
    "courses:version-compare": (
        Row(STAFF, course(), "from=2&to=4"),
        Row(STAFF, course(), "from=2&to=4&view=board"),
        Row(answers(302, 403, 404, 404, 404, 404, 404, 404), course(), "from=2&to=99"),
        Row(NOBODY, course(), "from=x"),
    ),
    "courses:version-restore": (sent(course(2)),),
    "courses:review-withdraw": (sent(lambda places: ("ACW-101", ReviewRequest.objects.get(state="asked").pk)),),
    "courses:review-decide": (sent(lambda places: ("ACW-101", ReviewRequest.objects.get(state="asked").pk)),),
    "courses:comments": (Row(STAFF, course()), Row(STAFF, course(), "show=all&page=2")),
    "courses:people-named": (Row(STAFF, course()),),
    "courses:comment-add": (sent(course(4)),),
    "courses:comment-settle": (sent(lambda places: ("MKC-101", Comment.objects.filter(parent=None)[0].pk)),),
    # --- Runs ---
    "courses:runs": (Row(STAFF, course()),),
    "courses:run-new": (Row(LECTURERS, course(), sent_by_outsider=404),),
    "courses:run": (Row(STAFF, of_run),),
    "courses:run-publish": (Row(LECTURERS, of_run, sent_by_outsider=404),),
    "courses:run-shift": (
        Row(LECTURERS, of_run, "week=6", sent_by_outsider=404),
        Row(LECTURERS, of_run, "week=6&scope=onwards&number=1&unit=weeks&way=later"),
        Row(LECTURERS | {"lecturer": 422}, of_run, "week=6&scope=onwards&number=no&unit=weeks&way=later"),
        Row(LECTURERS | {"lecturer": 404}, of_run),
    ),
    "courses:run-changes": (Row(STAFF, of_run),),
    "courses:run-ready": (Row(STAFF, of_run),),
    "courses:design-ready": (Row(STAFF, course(2)), Row(STAFF, course(4))),
    "courses:publication-undo": (sent(course(1)),),
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
    # Asked by a script; without one, the list itself tells how far it is.
    "courses:feedback-releasing": (Row(answers(302, 403, 404, 303, 404, 403, 403, 403), at("Kick-off essay")),),
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
    "courses:time-report": (sent(at("Framing a message")),),
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
    "programmes:map": (Row(PROGRAMME, course(code="CE-1")), Row(PROGRAMME, course(code="CE-1"), "edit=1&remove=no")),
    "programmes:outcome-add": (sent(course(code="CE-1")),),
    "programmes:outcome-edit": (sent(programme_outcome),),
    "programmes:outcome-remove": (sent(programme_outcome),),
    "programmes:aims": (
        Row(PROGRAMME, course("MKC-101", code="CE-1"), sent_by_outsider=404),
        Row(NOBODY, course("MEC-101", code="CE-1")),
    ),
    "programmes:load": (Row(PROGRAMME, course(code="CE-1")),),
    "programmes:limits": (Row(PROGRAMME, course(code="CE-1")),),
    "programmes:limit": (
        Row(PROGRAMME, course("C02", code="CE-1"), sent_by_outsider=404),
        Row(NOBODY, course("C99", code="CE-1")),
    ),
    "programmes:ceiling-change": (sent(course(code="CE-1")),),
    # --- Institution ---
    "institution:settings": (Row(MAKERS_OF_POLICY),),
    "institution:limits": (Row(UNIT_RULES, unit_of_course),),
    "institution:limit": (
        Row(UNIT_RULES, lambda places: (*unit_of_course(places), "C02"), sent_by_outsider=404),
        Row(NOBODY, lambda places: (*unit_of_course(places), "C99")),
    ),
    "institution:unit-settings": (
        Row(answers(302, 404, 404, 403, 404, 403, 403, 200), unit_of_course, sent_by_outsider=404),
    ),
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
