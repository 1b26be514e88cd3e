"""What linters cannot see: rules of this house, each with a line that keeps it and a line that breaks it.

That every vendored file is in the manifest with its hash is kept by tests/ops/test_vendored.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
APPS = ("activities", "blendedu", "courses", "institution", "programmes")
PYTHON = tuple(f"{app}/**/*.py" for app in APPS)
TEMPLATES = ("templates/**/*.html", *(f"{app}/**/templates/**/*.html" for app in APPS))


def rooms(name: str) -> tuple[str, ...]:
    """Where a room of an app is: a module, or a package of the same name."""
    return tuple(pattern for app in APPS for pattern in (f"{app}/**/{name}.py", f"{app}/**/{name}/**/*.py"))


@dataclass(frozen=True)
class Rule:
    """A pattern that no line of these files may hold."""

    name: str
    says: str
    pattern: str
    files: tuple[str, ...]
    keeps: tuple[str, ...]
    breaks: tuple[str, ...]
    except_in: tuple[str, ...] = ()

    def is_broken_by(self, line: str) -> bool:
        return re.search(self.pattern, line) is not None

    def looked_at(self) -> Iterator[Path]:
        for pattern in self.files:
            for path in sorted(ROOT.glob(pattern)):
                place = path.relative_to(ROOT).as_posix()
                if "migrations" not in path.parts and not place.startswith(self.except_in or ("\0",)):
                    yield path


RULES = (
    Rule(
        "capabilities",
        "Ask what a type can do, never its name: the core must not change when a type is added.",
        # Whether two activities are of one type is no name.
        r"type_key\s*((==|!=)(?!\s*\w+\.type_key\b)|(not\s+)?in\b(?!_))|{%\s*(el)?if [^%]*\btype(_key)?\s*(==|!=)",
        (*PYTHON, *TEMPLATES),
        keeps=(
            "if activity.type.collects == Collects.ATTEMPTS:",
            "type_key=kind.key,",
            "if a.type_key == b.type_key:",
            "{% if handler.timed %}",
        ),
        breaks=('if activity.type_key == "quiz":', 'if a.type_key in {"quiz"}:', '{% if type == "quiz" %}'),
        # A form field of the sign-in library has a type too.
        except_in=("activities/types/", "templates/allauth/"),
    ),
    Rule(
        "views-ask",
        "A view fetches through access and reads through queries; it has no rows of its own.",
        r"\.objects\b",
        rooms("views"),
        keeps=("course = course_for(request.user, code, to=Can.LOOK)",),
        breaks=("course = Course.objects.get(code=code)",),
    ),
    Rule(
        "after-commit",
        "A worker that is told before the commit may find nothing: a service only ever tells it after.",
        r"\.(delay|apply_async|send_task)\(",
        rooms("services"),
        keeps=("tasks.grade_attempt.delay_on_commit(attempt.pk)", "transaction.on_commit(_wake_mail)"),
        breaks=("tasks.grade_attempt.delay(attempt.pk)", "run_job.apply_async((pk,))"),
        # The two functions that `on_commit` calls.
        except_in=("blendedu/journal/services/",),
    ),
    Rule(
        "no-inline",
        "The content policy stops inline styles and scripts: classes for looks, data- for behaviour.",
        r"(?<![-\w])(style|on[a-z]+)=[\"']|hx-on|<style\b|<script(?![^>]*\b(src=|type=\"application/json\"))",
        TEMPLATES,
        keeps=(
            '<button class="btn" data-on="x" hx-post="{% url \'x\' %}">',
            '<script type="module" src="{% static \'js/app.js\' %}"></script>',
        ),
        breaks=(
            '<p style="color:red">',
            '<a onclick="go()">',
            '<div hx-on:click="go()">',
            "<script>go()</script>",
            "<style>p{}</style>",
        ),
    ),
    Rule(
        "colours-are-tokens",
        "A colour has a name in tokens.css, in light and in dark, and nothing else names one.",
        r"#[0-9a-fA-F]{3,8}\b(?!\")|\b(rgb|hsl|oklch)a?\(",
        ("static/css/*.css",),
        keeps=("  color: var(--ink);", "  background: color-mix(in oklab, var(--warn) 12%, var(--paper));"),
        breaks=("  color: #b00;", "  background: rgb(0 0 0 / 10%);"),
        except_in=("static/css/tokens.css",),
    ),
    Rule(
        "time-is-given",
        "Time is an argument of a service: what is tested at noon holds at midnight.",
        r"timezone\.now\(\)|datetime\.now\(",
        rooms("services"),
        keeps=("def submit_attempt(attempt: Attempt, *, at: datetime) -> None:",),
        breaks=("    submitted_at=timezone.now()",),
        # How long a worker took is asked of the clock while it works.
        except_in=("blendedu/journal/services/",),
    ),
    Rule(
        "requests-stay-outside",
        "A service knows no request and answers no HTTP: it raises errors with names.",
        r"\brequest(\.\w|: \w|, |\):)|\bHttp[A-Z4]|PermissionDenied",
        rooms("services"),
        keeps=("raise AlreadySubmitted", "asked = ReviewRequest.objects.create(", '"""Take a request back."""'),
        breaks=("def submit(request):", "raise Http404"),
    ),
    Rule(
        "reasons",
        "Silencing a check has a reason, written beside it.",
        r"#\s*(type: ignore\[[\w, -]+\]|noqa: [A-Z]+\d+(, [A-Z]+\d+)*)\s*$",
        PYTHON,
        keeps=("x = y()  # type: ignore[arg-type]  # the form has checked it", "import x  # noqa: PLC0415 -- leaf"),
        breaks=("x = y()  # type: ignore[arg-type]", "import x  # noqa: PLC0415"),
    ),
    Rule(
        "nothing-left-to-do",
        "What is not finished is an issue with a number, not a remark in the code.",
        r"\b(TODO|FIXME|XXX)\b(?!.*#\d)",
        (*PYTHON, *TEMPLATES, "static/js/*.js", "static/css/*.css"),
        keeps=("# TODO #12: ask twice",),
        breaks=("# TODO: finish this",),
    ),
    Rule(
        "names-that-say-nothing",
        "A module is named for its subject, so that the next person guesses where a thing is.",
        r"^(from|import) (?!django|allauth)[\w.]*\b(utils|helpers|common|core|misc|managers)\b",
        PYTHON,
        keeps=(
            "from django.utils import timezone",
            "from django.core import mail",
            "from courses.balance import weigh",
        ),
        breaks=("from courses.utils import weigh", "from blendedu.common import tell"),
    ),
)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_rule_is_kept(rule: Rule) -> None:
    broken = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:120]}"
        for path in rule.looked_at()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if rule.is_broken_by(line)
    ]

    assert "\n".join(broken) == "", rule.says


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_rule_looks_at_something(rule: Rule) -> None:
    assert len(list(rule.looked_at())) > 3


@pytest.mark.parametrize(
    ("rule", "line"), [(rule, line) for rule in RULES for line in rule.keeps], ids=lambda each: str(each)[:40]
)
def test_a_good_line_passes(rule: Rule, line: str) -> None:
    assert not rule.is_broken_by(line)


@pytest.mark.parametrize(
    ("rule", "line"), [(rule, line) for rule in RULES for line in rule.breaks], ids=lambda each: str(each)[:40]
)
def test_a_bad_line_is_found(rule: Rule, line: str) -> None:
    assert rule.is_broken_by(line)


def test_no_module_has_a_name_that_says_nothing() -> None:
    empty = {"utils.py", "helpers.py", "common.py", "core.py", "misc.py", "managers.py", "signals.py"}

    found = [path.relative_to(ROOT) for pattern in PYTHON for path in ROOT.glob(pattern) if path.name in empty]

    assert found == []


def test_activities_have_no_addresses() -> None:
    # Every page of an activity is reached through its course, so that access is checked in one place.
    assert not (ROOT / "activities" / "urls.py").exists()
    assert not (ROOT / "activities" / "views.py").exists()
