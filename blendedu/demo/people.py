"""The institution and its people: units, terms, appointments, cohorts and groups."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext as _

from blendedu.demo import PASSWORD, Account
from blendedu.people.models import Appointment, Cohort, Group, Holiday, Membership, Term, Unit, User
from courses.calendar import monday_of

WEEK = timedelta(weeks=1)
TERM_WEEKS = 20
BREAK_AFTER = 7  # the week without lessons comes after the seven weeks of the module

# Staff by a short name that the other modules of this package use: (name, address, appointments as role and unit).
STAFF = {
    "lecturer": ("Emma Vos", "lecturer", (("lecturer", "business"),)),
    "coach": ("Sanne de Wit", "coach", (("coach", "business"),)),
    "director": ("Ruben Dijkstra", "director", (("director", "business"),)),
    "administrator": ("Anouk Dekker", "administrator", (("administrator", "meridian"),)),
    "colleague": ("Chidi Okafor", "chidi.okafor", (("lecturer", "business"),)),
    "psychologist": ("Marijke van Aerschot", "marijke.vanaerschot", (("lecturer", "business"),)),
    "engineer": ("Henrik Lindqvist", "henrik.lindqvist", (("lecturer", "engineering"),)),
    "nurse": ("Folasade Adeyemi-Bright", "folasade.adeyemi", (("lecturer", "health"),)),
    "second_coach": ("Tomasz Zieliński", "tomasz.zielinski", (("coach", "engineering"), ("coach", "health"))),
}

UNITS = (
    ("meridian", "", settings.BLENDEDU_INSTITUTION),
    ("business", "meridian", "Business School"),
    ("commerce", "business", "Department of Commercial Economics"),
    ("engineering", "meridian", "Faculty of Engineering and Technology"),
    ("health", "meridian", "Faculty of Health and Society"),
)

# Six groups of four. Names are as names are: long ones, apostrophes, other scripts.
GROUPS = {
    "Teal": ("Joost Smit", "Amina Rahman", "Lin Chen", "Siobhán O'Connor"),
    "Amber": ("Priya Raghunathan", "Mateusz Wiśniewski", "Fatima El Amrani", "Noah de Boer"),
    "Coral": ("Yusuf Yıldırım", "Charlotte van den Bergh-Oosterwijk", "Kwame Mensah", "Inês Figueiredo"),
    "Indigo": ("نور الهاشمي", "Tuğçe Demir", "Lars Jørgensen", "Mia Janssens"),
    "Olive": ("Dieu-Merci Kabongo wa Tshibanda", "Nguyễn Thị Minh Khai", "Sofia Papadopoulou", "Bram Verhoeven"),
    "Plum": (
        "Oluwaseun Adébáyọ̀",
        "Giulia D'Angelo",
        "Maria Magdalena Wilhelmina van Schimmelpenninck-van Oyen",
        "Ravi Chandrasekharan-Iyer",
    ),
}
ADDRESSES = {
    "Joost Smit": "student",
    "نور الهاشمي": "noor.alhashimi",
    "Nguyễn Thị Minh Khai": "khai.nguyen",
    "Dieu-Merci Kabongo wa Tshibanda": "dieumerci.kabongo",
    "Maria Magdalena Wilhelmina van Schimmelpenninck-van Oyen": "maria.vanschimmelpenninck",
    "Oluwaseun Adébáyọ̀": "oluwaseun.adebayo",
}
# A cohort of another faculty: strangers to everything in the Business School.
OUTSIDERS = (
    "Elif Kaya",
    "Jonas Peeters",
    "Zoë Willems",
    "Karim Benali",
    "Hanna Nowak",
    "Daan Visser",
    "Aiko Tanaka",
    "Lucas Moreau",
)


@dataclass
class People:
    """Everybody, by the short names of this package."""

    units: dict[str, Unit] = field(default_factory=dict)
    staff: dict[str, User] = field(default_factory=dict)
    students: dict[str, User] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    terms: tuple[Term, ...] = ()
    cohort: Cohort = field(default_factory=Cohort)
    outsiders: Cohort = field(default_factory=Cohort)

    def __getitem__(self, name: str) -> User:
        """A member of staff by short name, or a student by name."""
        return self.staff.get(name) or self.students[name]


def build(*, at: datetime, today: date) -> People:
    """Make the institution. Its first term began on the Monday of last week."""
    people = People()
    _build_units(people)
    _build_terms(people, starts_on=monday_of(today) - WEEK)
    _build_staff(people, at=at)
    _build_students(people, at=at)
    return people


def personas() -> list[Account]:
    """Who can be signed in as, in the order in which the product is told."""
    roles = {
        "lecturer@example.org": _("Lecturer"),
        "student@example.org": _("Student"),
        "coach@example.org": _("DigiCoach"),
        "director@example.org": _("Programme director"),
        "administrator@example.org": _("Administrator"),
    }
    if not settings.BLENDEDU_DEMO:
        return []
    names = dict(User.objects.filter(is_demo=True, email__in=roles).values_list("email", "name"))
    return [Account(role, names[email], email) for email, role in roles.items() if email in names]


def _build_units(people: People) -> None:
    for key, parent, name in UNITS:
        above = people.units.get(parent)
        unit = Unit.objects.create(name=name, parent=above, path=f"/{key}/")
        unit.path = f"{above.path if above else '/'}{unit.pk}/"
        unit.save(update_fields=["path"])
        people.units[key] = unit
    Unit.objects.filter(pk=people.units["meridian"].pk).update(teaching_hour=45, small_change_percent=10)


def _build_terms(people: People, *, starts_on: date) -> None:
    root = people.units["meridian"]
    second = starts_on + (TERM_WEEKS + 2) * WEEK
    terms = [
        Term.objects.create(
            unit=root, name=name, starts_on=begins, ends_on=begins + TERM_WEEKS * WEEK - timedelta(days=1)
        )
        for name, begins in (("Semester 1", starts_on), ("Semester 2", second))
    ]
    pauses = []
    for term in terms:
        reading_week = term.starts_on + BREAK_AFTER * WEEK
        long_break = term.starts_on + 13 * WEEK
        founders = term.starts_on + 2 * WEEK + timedelta(days=4)
        pauses += [
            Holiday(term=term, name="Founders' Day", starts_on=founders, ends_on=founders),
            Holiday(term=term, name="Reading week", starts_on=reading_week, ends_on=reading_week + timedelta(days=6)),
            Holiday(term=term, name="Mid-term break", starts_on=long_break, ends_on=long_break + timedelta(days=13)),
        ]
    Holiday.objects.bulk_create(pauses)
    people.terms = tuple(terms)


def _build_staff(people: People, *, at: datetime) -> None:
    made = _users([(name, address) for name, address, _appointments in STAFF.values()], at=at)
    people.staff = dict(zip(STAFF, made, strict=True))
    Appointment.objects.bulk_create(
        Appointment(user=people.staff[key], role=role, unit=people.units[unit])
        for key, (_name, _address, appointments) in STAFF.items()
        for role, unit in appointments
    )


def _build_students(people: People, *, at: datetime) -> None:
    people.cohort = Cohort.objects.create(unit=people.units["commerce"], name="CE year 1, group A")
    people.outsiders = Cohort.objects.create(unit=people.units["engineering"], name="Mechanics year 1")
    names = [name for members in GROUPS.values() for name in members]
    made = _users([(name, ADDRESSES.get(name) or _address(name)) for name in (*names, *OUTSIDERS)], at=at)
    people.students = {user.name: user for user in made}
    people.groups = {name: Group.objects.create(cohort=people.cohort, name=name) for name in GROUPS}
    rows = [
        Membership(cohort=people.cohort, user=people.students[name], group=people.groups[group])
        for group, members in GROUPS.items()
        for name in members
    ]
    rows += [Membership(cohort=people.outsiders, user=people.students[name]) for name in OUTSIDERS]
    for number, row in enumerate(rows, start=1):
        row.student_number = f"s{482000 + 37 * number}"
    Membership.objects.bulk_create(rows)


def _users(rows: list[tuple[str, str]], *, at: datetime) -> list[User]:
    # COST: a password is hashed slowly on purpose. Everybody here has the same one, which everybody knows: one hash.
    password = make_password(PASSWORD)
    return User.objects.bulk_create(
        User(
            email=f"{address}@example.org",
            name=name,
            password=password,
            is_demo=True,
            date_joined=at - timedelta(days=60),
        )
        for name, address in rows
    )


def _address(name: str) -> str:
    """A plain address from a name: Yusuf Yıldırım is yusuf.yildirim."""
    plain = name.lower().translate(str.maketrans("ıøł", "iol")).replace("'", "")
    first, *rest = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode().split()
    return f"{first}.{''.join(rest)}"
