"""The main pages of the product, in the demo world: what the pictures and the tests in a browser look at."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from activities.models import Attempt
from courses.models import Design, Placement, Run, RunOffer
from institution.models import PolicyRule

LECTURER, STUDENT, COACH = "lecturer@example.org", "student@example.org", "coach@example.org"
DIRECTOR, ADMINISTRATOR = "director@example.org", "administrator@example.org"
AT_A_QUIZ, NEWCOMER = "lin.chen@example.org", "henrik.lindqvist@example.org"


@dataclass(frozen=True, slots=True)
class Page:
    """A page to look at, and as whom; nobody is signed in where `who` is empty."""

    name: str
    who: str
    address: str
    status: int = 200


def all_pages() -> list[Page]:
    """The main pages of every persona, and the states that are easily forgotten."""
    return [*_of_nobody(), *_of_students(), *_of_lecturers(), *_of_others(), *_states()]


def _of_nobody() -> list[Page]:
    return [
        Page("sign-in", "", reverse("account_login")),
        Page("password-forgotten", "", reverse("account_reset_password")),
    ]


def _of_students() -> list[Page]:
    activities = {
        "clip": "Framing a message",
        "reading": "Exercises of chapter 2",
        "chapter": "Read: Chapter 2",
        "quiz": "Quiz: Chapter 2",
        "quiz-result": "Quiz: Basics",
        "upload-feedback": "Kick-off essay",
        "upload-group": "Team charter",
        "discussion": "Introduce yourself to your buddy",
        "shareboard": "Find and share an example",
        "session": "Case study: relaunch a local brand",
        "session-online": "Discuss the reviews (online)",
        "closed": "Final quiz",
    }
    return [
        Page("week", STUDENT, reverse("courses:week")),
        Page("inbox", STUDENT, reverse("journal:inbox")),
        Page("student-courses", STUDENT, reverse("courses:list")),
        Page("student-course", STUDENT, _of_course("overview")),
        *(Page(f"activity-{name}", STUDENT, _activity(title)) for name, title in activities.items()),
        Page("activity-quiz-running", AT_A_QUIZ, _activity("Quiz: Chapter 2")),
        Page("password-change", STUDENT, reverse("account_change_password")),
    ]


def _of_lecturers() -> list[Page]:
    run = Run.objects.get(course__code="MKC-101")
    draft = Design.objects.get(course__code="MKC-101", state=Design.State.DRAFT)
    visit = Placement.objects.get(design=draft, activity__title="Shadow a campaign team")
    film = Placement.objects.get(design=draft, activity__title="Framing a message")
    quiz = Placement.objects.get(design=draft, activity__title="Quiz: Chapter 2")
    essay = Attempt.objects.filter(offer__activity__title="Kick-off essay")
    waiting = essay.filter(state=Attempt.State.SUBMITTED).order_by("pk")[0]
    addresses = {
        "courses": reverse("courses:list"),
        "course": _of_course("overview"),
        "studio": _of_course("studio"),
        "studio-by-environment": _of_course("studio") + "?lens=environment",
        "studio-by-learning-type": _of_course("studio") + "?lens=type",
        "studio-timeline": _of_course("studio") + "?lens=timeline",
        "studio-table": _of_course("studio") + "?lens=table",
        "studio-filtered": _of_course("studio") + "?lens=table&env=digital&q=quiz",
        "studio-gap": _of_course("studio") + "?gap=assessed",
        "studio-approved": _of_course("studio") + "?design=2",
        "studio-card": _of_course("placement", visit.pk),
        "studio-move": _of_course("placement-move", visit.pk),
        "studio-add": _of_course("placement-add") + "?week=2&moment=before",
        "studio-add-quiz": _of_course("placement-add") + "?week=2&moment=before&type=quiz",
        "studio-balance": _of_course("balance-explain") + "?dimension=environment&value=physical",
        "studio-finding": _of_course("finding", "C13"),
        "studio-files": _of_course("materials", film.pk),
        "studio-questions": _of_course("questions", quiz.pk),
        "studio-question": _of_course("questions", quiz.pk) + "?edit=c4",
        "studio-questions-paste": _of_course("questions-paste", quiz.pk),
        "studio-questions-preview": _of_course("questions-preview", quiz.pk),
        "outcomes": _of_course("outcomes"),
        "findings": _of_course("findings"),
        "findings-answered": _of_course("findings") + "?state=answered",
        "findings-kept": _of_course("findings") + "?state=kept",
        "limits": _of_course("limits"),
        "limit": _of_course("limit", "C02"),
        "outcomes-assessment": _of_course("assessment"),
        "outcomes-assessment-row": _of_course("assessment") + f"?edit={quiz.pk}",
        "outcomes-environments": _of_course("environments"),
        "outcomes-environments-answer": _of_course("environments") + "?answer=1",
        "outcomes-links": _of_course("placement-links", visit.pk),
        "outcomes-aims": reverse("programmes:aims", args=["CE-1", "MKC-101"]),
        "outcomes-map": reverse("programmes:map", args=["CE-1"]),
        "review": _of_course("review"),
        "comments": _of_course("comments") + "?show=open",
        "storyboard-begin": _of_course("storyboard"),
        "versions": _of_course("versions"),
        "version-compare": _of_course("version-compare") + "?from=2&to=4",
        "version-compare-board": _of_course("version-compare") + "?from=2&to=4&view=board",
        "runs": _of_course("runs"),
        "run-new": _of_course("run-new"),
        "run": _of_course("run", run.pk),
        "run-publish": _of_course("run-publish", run.pk),
        "run-shift": _of_course("run-shift", run.pk) + "?week=6&scope=onwards&number=1&unit=weeks&way=later",
        "run-changes": _of_course("run-changes", run.pk),
        "run-ready": _of_course("run-ready", run.pk),
        "design-ready": _of_course("design-ready", 2),
        "run-members": _of_course("run-members", run.pk),
        "run-groups": _of_course("run-groups", run.pk),
        "run-draw": _of_course("groups-deal", run.pk) + "?by=size&number=4&seed=7",
        "run-offer": _of_course("run-offer", _offer("Kick-off essay")),
        "gradebook": _of_course("gradebook", run.pk),
        "feedback": _of_course("feedback", _offer("Kick-off essay")),
        "feedback-attempt": _of_course("feedback-attempt", waiting.pk),
        "lecturer-session": _activity("Kick-off and expectations"),
        "lecturer-policy": reverse("institution:policy"),
    }
    return [Page(name, LECTURER, address) for name, address in addresses.items()]


def _of_others() -> list[Page]:
    rule = PolicyRule.objects.get(title__startswith="At most 24", live=True)
    load = reverse("programmes:load", args=["CE-1"])
    monday = Run.objects.get(course__code="MKC-101").weeks.get(number=4).monday
    return [
        Page("review-asked", COACH, reverse("courses:review", args=["ACW-101"])),
        Page("review-difference", COACH, _of_course("review")),
        Page("programmes", DIRECTOR, reverse("programmes:list")),
        Page("programme", DIRECTOR, reverse("programmes:overview", args=["CE-1"])),
        Page("programme-load", DIRECTOR, load),
        Page("programme-limits", DIRECTOR, reverse("programmes:limits", args=["CE-1"])),
        Page("programme-limit", DIRECTOR, reverse("programmes:limit", args=["CE-1", "C02"])),
        Page("programme-load-week", DIRECTOR, f"{load}?week={monday:%Y-%m-%d}"),
        Page("policy", ADMINISTRATOR, reverse("institution:policy")),
        Page("unit-limits", ADMINISTRATOR, reverse("institution:limits", args=[rule.unit_id])),
        Page("unit-limit", ADMINISTRATOR, reverse("institution:limit", args=[rule.unit_id, "C26"])),
        Page("policy-rule", ADMINISTRATOR, reverse("institution:rule", args=[rule.pk])),
        Page("policy-new", ADMINISTRATOR, reverse("institution:rule-new")),
        Page("policy-edit", ADMINISTRATOR, reverse("institution:rule-edit", args=[rule.pk])),
    ]


def _states() -> list[Page]:
    return [
        Page("empty-inbox", NEWCOMER, reverse("journal:inbox")),
        Page("empty-week", LECTURER, reverse("courses:week")),
        Page("empty-course", LECTURER, reverse("courses:overview", args=["BRA-103"])),
        Page("empty-studio", LECTURER, reverse("courses:studio", args=["BRA-103"])),
        Page("empty-limits", LECTURER, reverse("courses:limits", args=["BRA-103"]) + "?show=set"),
        Page("empty-runs", LECTURER, reverse("courses:runs", args=["BRA-103"])),
        Page("error-404", STUDENT, reverse("courses:overview", args=["no-such-course"]), status=404),
        Page("error-403", STUDENT, _of_course("studio"), status=403),
    ]


def _of_course(name: str, *more: object) -> str:
    return reverse(f"courses:{name}", args=["MKC-101", *more])


def _offer(title: str) -> int:
    return RunOffer.objects.get(run__course__code="MKC-101", offer__activity__title=title).pk


def _activity(title: str) -> str:
    return _of_course("activity", _offer(title))
