"""The words that tables are written in: what a column is called, and what a cell says, in four languages.

Without case, marks and spaces, as `bare` makes them. Keys of our own columns and values are words too.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from enum import StrEnum

from django.utils.translation import gettext_lazy

from courses.exchange.values import CHOICES


class Column(StrEnum):
    """What a column of a table can hold."""

    WEEK = "week"
    WEEK_TITLE = "week_title"
    MOMENT = "moment"
    TITLE = "title"
    TYPE = "type"
    MINUTES = "minutes"
    LEARNING_TYPE = "learning_type"
    SECOND_TYPE = "second_type"
    SECOND_SHARE = "second_share"
    ENVIRONMENT = "environment"
    TIMING = "timing"
    PLACE = "place"
    GROUPING = "grouping"
    GROUP_SIZE = "group_size"
    GUIDANCE = "guidance"
    ASSESSMENT = "assessment"
    ASSESSMENT_FORM = "assessment_form"
    WEIGHT = "weight"
    FEEDBACK_BY = "feedback_by"
    FEEDBACK_DAYS = "feedback_days"
    FEEDBACK_ELABORATED = "feedback_elaborated"
    REQUIRED = "required"
    OWN_CHOICE = "own_choice"
    ALTERNATIVE = "alternative"
    PURPOSE = "purpose"
    TOOL = "tool"
    OUTCOMES = "outcomes"
    BRIEF = "brief"


LABELS = {
    Column.WEEK: gettext_lazy("Week"),
    Column.WEEK_TITLE: gettext_lazy("Title of the week"),
    Column.MOMENT: gettext_lazy("Before, together or after"),
    Column.TITLE: gettext_lazy("Title"),
    Column.TYPE: gettext_lazy("Type"),
    Column.MINUTES: gettext_lazy("Time"),
    Column.LEARNING_TYPE: gettext_lazy("Learning type"),
    Column.SECOND_TYPE: gettext_lazy("Second learning type"),
    Column.SECOND_SHARE: gettext_lazy("Share of the second type"),
    Column.ENVIRONMENT: gettext_lazy("Environment"),
    Column.TIMING: gettext_lazy("Together or own time"),
    Column.PLACE: gettext_lazy("Place"),
    Column.GROUPING: gettext_lazy("Students work"),
    Column.GROUP_SIZE: gettext_lazy("Group size"),
    Column.GUIDANCE: gettext_lazy("Guidance"),
    Column.ASSESSMENT: gettext_lazy("Assessment"),
    Column.ASSESSMENT_FORM: gettext_lazy("Form of the assessment"),
    Column.WEIGHT: gettext_lazy("Weight"),
    Column.FEEDBACK_BY: gettext_lazy("Feedback by"),
    Column.FEEDBACK_DAYS: gettext_lazy("Feedback within days"),
    Column.FEEDBACK_ELABORATED: gettext_lazy("Feedback explains"),
    Column.REQUIRED: gettext_lazy("Required"),
    Column.OWN_CHOICE: gettext_lazy("Students choose form or subject"),
    Column.ALTERNATIVE: gettext_lazy("For who cannot be there"),
    Column.PURPOSE: gettext_lazy("Purpose"),
    Column.TOOL: gettext_lazy("Tool"),
    Column.OUTCOMES: gettext_lazy("Outcomes"),
    Column.BRIEF: gettext_lazy("What students do"),
}

# English, Dutch, German, French.
_HEADINGS = {
    Column.WEEK: (
        "week weeknumber weekno weeknr wk weken lesweek onderwijsweek woche kw wochennummer semaine lesson les"
    ),
    Column.WEEK_TITLE: (
        "weektitle titleoftheweek theme thema topic onderwerp weekthema themaderwoche sujet theme weektopic"
    ),
    Column.MOMENT: (
        "moment phase fase when wanneer voortijdensna beforetogetherafter beforeduringafter wann zeitpunkt phasen"
    ),
    Column.TITLE: (
        "title activity titel activiteit leeractiviteit werkvorm "
        "task taak opdracht aktivitat lernaktivitat aufgabe name "
        "naam bezeichnung titre activite learningactivity wat what was"
    ),
    Column.TYPE: "type activitytype soort activiteittype aktivitatstyp art kind format vorm typeactiviteit",
    Column.MINUTES: (
        "minutes minuten min time duration tijd duur "
        "studietijd tijdsduur zeit dauer workload studiebelasting sbu arbeitszeit "
        "duree temps hours uren stunden timeminutes tijdminuten minutesmin studytime lernzeit"
    ),
    Column.LEARNING_TYPE: (
        "learningtype leertype leeractiviteitstype lerntyp "
        "lernart typeoflearning ldtype laurillard learningactivitytype"
    ),
    Column.SECOND_TYPE: "secondlearningtype secondtype tweedeleertype zweiterlerntyp",
    Column.SECOND_SHARE: "shareofthesecondtype secondshare",
    Column.ENVIRONMENT: (
        "environment learningenvironment omgeving leeromgeving umgebung lernumgebung environnement setting"
    ),
    Column.TIMING: (
        "timing synchronous sync synchroon synchron synchronie togetherorowntime syncasync synchroonasynchroon"
    ),
    Column.PLACE: "place location plaats locatie waar where ort wo lieu room lokaal raum",
    Column.GROUPING: (
        "grouping studentswork groupering groep sozialform group werkwijze grouppe organisatie gruppierung"
    ),
    Column.GROUP_SIZE: "groupsize groepsgrootte gruppengrosse groepgrootte tailledugroupe",
    Column.GUIDANCE: (
        "guidance teacher docent begeleiding lehrperson begleitung lecturer dozent betreuung encadrement wie"
    ),
    Column.ASSESSMENT: "assessment toetsing toets beoordeling bewertung prufung evaluation evaluatie leistung",
    Column.ASSESSMENT_FORM: "formoftheassessment assessmentform toetsvorm prufungsform",
    Column.WEIGHT: "weight weging gewicht gewichtung ponderation percentage weightpercent",
    Column.FEEDBACK_BY: "feedbackby feedback feedbackdoor feedbackvon ruckmeldung terugkoppeling",
    Column.FEEDBACK_DAYS: "feedbackwithindays feedbackdays feedbackbinnendagen",
    Column.FEEDBACK_ELABORATED: "feedbackexplains feedbackelaborated",
    Column.REQUIRED: "required compulsory mandatory verplicht pflicht obligatorisch obligatoire",
    Column.OWN_CHOICE: "studentschooseformorsubject ownchoice",
    Column.ALTERNATIVE: "forwhocannotbethere alternative alternatief",
    Column.PURPOSE: "purpose doel zweck ziel but",
    Column.TOOL: "tool tools hulpmiddel middel werkzeug outil software leermiddel",
    Column.OUTCOMES: (
        "outcomes outcome learningoutcome learningoutcomes lo "
        "los leeruitkomst leeruitkomsten leerdoel leerdoelen lernziel "
        "lernziele lernergebnis lernergebnisse objectif objectifs learningobjective objectives"
    ),
    Column.BRIEF: (
        "brief whatstudentsdo description instruction instructions beschrijving omschrijving toelichting instructie "
        "beschreibung anleitung erlauterung notes opmerkingen bemerkungen consigne details"
    ),
}
COLUMN_OF: Mapping[str, Column] = {
    **{word: column for column, words in _HEADINGS.items() for word in words.split()},
    **{column.value.replace("_", ""): column for column in Column},
}

# What a cell may say for a value; our own keys are added below.
_CELLS: Mapping[str, Mapping[str, str]] = {
    "moment": {
        "before": "voor vooraf voorbereiding preparation prepare pre vorher vorbereitung avant thuisvoor beforeclass",
        "together": (
            "tijdens samen during inclass class session meeting "
            "contact les bijeenkomst wahrend gemeinsam prasenz pendant "
            "together together contactmoment meet lesson seminar"
        ),
        "after": "na nadien verwerking naverwerking follow followup post nachher nachbereitung apres afterclass",
    },
    "environment": {
        "digital": "online digitaal elo lms virtual virtueel numerique digitale web",
        "physical": (
            "campus fysiek klas klaslokaal classroom face2face f2f prasenz physisch vorort onsite oncampus lokaal"
        ),
        "workplace": "werkplek praktijk stage workplace placement arbeitsplatz praxis betrieb work field bedrijf",
        "hybrid": "hybride blended beide both",
    },
    "timing": {
        "sync": "together synchronous synchroon synchron samen live yes ja gelijktijdig contact gemeinsam",
        "async": (
            "owntime asynchronous asynchroon asynchron eigentijd eigen no nee nein zelfstandig selbststudium zelfstudie"
        ),
    },
    "place": {
        "campus": "oncampus school klas lokaal klaslokaal prasenz vorort",
        "online": "teams zoom digital digitaal virtual",
        "workplace": "attheworkplace werkplek praktijk stage arbeitsplatz betrieb",
        "anywhere": "home thuis huis any zuhause overal uberall vrij",
    },
    "grouping": {
        "alone": "individual individually individueel einzeln einzelarbeit alleen zelfstandig 1 seul",
        "pair": "pairs inpairs duo tweetallen tweetal partner partnerarbeit paar 2 binome",
        "group": "ingroups groups groep groepen groepswerk groepje gruppe gruppen gruppenarbeit team groupe",
        "class": "wholeclass plenary klas klassikaal plenair plenum hele klas ganzeklasse all allen",
    },
    "guidance": {
        "none": "ontheirown geen no nee zelfstandig ohne keine nein",
        "lecturer": "withthelecturer teacher docent yes ja dozent lehrperson tutor begeleid",
        "peer": "withpeers peers medestudenten medestudent mitstudierende",
        "mentor": "withamentor werkplekbegeleider praktijkbegeleider praxisanleiter",
    },
    "assessment": {
        "none": "notassessed no nee geen keine nein",
        "formative": "formatief formativ feedback oefentoets",
        "summative": "summatief summativ exam examen tentamen toets prufung klausur grade",
    },
    "feedback_by": {
        "none": "nofeedback no nee geen keine nein",
        "automatic": "automatisch auto system systeem",
        "lecturer": "teacher docent dozent lehrperson",
        "peer": "peers medestudenten medestudent mitstudierende",
    },
    "learning_type": {
        "acquisition": "readwatchlisten acquire verwerven kennisverwerving kennis erwerb aneignung read",
        "inquiry": "investigate onderzoeken onderzoek untersuchen recherche",
        "practice": "practise oefenen oefening uben ubung",
        "production": "produce produceren product maken produzieren",
        "discussion": "discuss discussie bespreken diskussion diskutieren",
        "collaboration": "collaborate samenwerken samenwerking zusammenarbeit kooperation",
    },
}
YES = frozenset("yes ja y j x true oui 1 waar wahr".split())
NO = frozenset("no nee nein n false non 0 onwaar falsch".split())
SHELF = frozenset("shelf plank none geen later tbd regal".split())


# Words in titles that say the type, as the word of quick add that says the same.
QUICK_WORDS = {
    "lees": "read", "lezen": "read", "hoofdstuk": "chapter", "artikel": "article", "tekst": "text", "boek": "book",
    "bekijk": "watch", "kijk": "watch", "kennisclip": "clip", "filmpje": "clip", "les": "class", "college": "lecture",
    "hoorcollege": "lecture", "werkcollege": "seminar", "bijeenkomst": "meeting", "bezoek": "visit",
    "werkplekbezoek": "visit", "toets": "quiz", "oefentoets": "quiz", "vragen": "questions", "discussie": "discussion",
    "bespreek": "discuss", "inleveren": "upload", "opdracht": "upload", "verslag": "report", "lesen": "read",
    "kapitel": "chapter", "buch": "book", "ansehen": "watch", "vorlesung": "lecture", "unterricht": "class",
    "treffen": "meeting", "besuch": "visit", "fragen": "questions", "diskussion": "discussion", "aufgabe": "upload",
    "bericht": "report", "lire": "read", "cours": "class", "visite": "visit", "discussion": "discussion",
}  # fmt: skip


def column_named(heading: str) -> Column | None:
    """The column that a heading names, in one of the languages or in the reader's."""
    word = bare(heading)
    return COLUMN_OF.get(word) or next((column for column, label in LABELS.items() if word == bare(str(label))), None)


def bare(word: str) -> str:
    """A word without case, marks, spaces and signs: "Leer-uitkomst(en)" is "leeruitkomsten"."""
    plain = unicodedata.normalize("NFKD", word.casefold())
    return "".join(sign for sign in plain if sign.isalnum())


def _values() -> Mapping[str, Mapping[str, str]]:
    names = {name: set(allowed) for name, allowed in CHOICES.items()} | {"moment": {"before", "together", "after"}}
    return {
        name: {word: value for value, words in _CELLS.get(name, {}).items() for word in words.split()}
        | {bare(value): value for value in allowed if value}
        for name, allowed in names.items()
    }


VALUE_OF = _values()
