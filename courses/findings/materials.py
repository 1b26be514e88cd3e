"""Are materials short enough, and open to everybody (rules C21 and C37)?"""

from __future__ import annotations

from fractions import Fraction

from courses.facts import PlannedActivity
from courses.findings.finding import Band, Case, Evidence, Finding, Rule, State, Strength, Unit, percent
from courses.words import Minutes, Param, gettext_noop

NO_CLIPS = gettext_noop("No clips are planned")


def clip_length(clip: PlannedActivity) -> Fraction | None:
    """The running time in minutes; the planned minutes stand in for it where it is not known."""
    if clip.clip_seconds is not None:
        return Fraction(clip.clip_seconds, 60)
    return None if clip.minutes is None else Fraction(clip.minutes)


def video_length(rule: Rule, case: Case) -> Finding:
    """Look at the longest clip: up to 6 minutes is good, up to 9 fine."""
    lengths = [(length, clip) for clip in case.placed if clip.is_clip and (length := clip_length(clip)) is not None]
    if not lengths:
        has_clips = any(activity.is_clip for activity in case.placed)
        return rule.silent(case, gettext_noop("No clip has minutes yet") if has_clips else NO_CLIPS)
    lengths.sort(key=lambda row: -row[0])
    longest, clip = lengths[0]
    too_long = [(length, each) for length, each in lengths if rule.state_of(case, length) is not State.OK]
    params: dict[str, Param] = {
        "all": len(lengths),
        "count": len(too_long),
        "title": clip.title,
        "good": Minutes(case.settings.good_clip_minutes),
        "good_count": sum(1 for length, _ in lengths if length <= case.settings.good_clip_minutes),
    }
    if not too_long:
        headline = gettext_noop("No clip is longer than {ok_to}")
        advice = gettext_noop("{good_count} of {all} take at most {good}.")
    elif len(too_long) == 1:
        headline = gettext_noop("“{title}” takes {value}")
        advice = gettext_noop(
            "In a large study, watching dropped after 6 minutes. Split it, or put a question in between."
        )
    else:
        headline = gettext_noop("{count} clips are longer than {ok_to}")
        advice = gettext_noop(
            "The longest is “{title}”: {value}. In a large study, watching dropped after 6 minutes. Split them, or put "
            "questions in between."
        )
    return rule.found(
        case,
        longest,
        headline=headline,
        advice=advice,
        params=params,
        placement_ids=[each.placement_id for _, each in too_long],
        weeks=sorted({each.week for _, each in too_long if each.week is not None}),
    )


def captions(rule: Rule, case: Case) -> Finding:
    """Measure the part of the clips that have captions."""
    clips = [activity for activity in case.placed if activity.is_clip]
    if not clips:
        return rule.silent(case, NO_CLIPS)
    silent = [clip for clip in clips if not clip.has_captions]
    params: dict[str, Param] = {
        "all": len(clips),
        "count": len(silent),
        "title": silent[0].title if silent else "",
    }
    if not silent:
        headline = gettext_noop("Every clip has captions")
        advice = gettext_noop("{all} of {all}.")
    elif len(silent) == 1:
        headline = gettext_noop("“{title}” has no captions")
        advice = gettext_noop("Add a caption file (WebVTT). Whoever cannot hear, or cannot listen now, needs it.")
    else:
        headline = gettext_noop("{count} of {all} clips have no captions")
        advice = gettext_noop(
            "Add a caption file (WebVTT) to each. Whoever cannot hear, or cannot listen now, needs it."
        )
    return rule.found(
        case,
        percent(len(clips) - len(silent), len(clips)),
        headline=headline,
        advice=advice,
        params=params,
        placement_ids=[clip.placement_id for clip in silent],
        weeks=sorted({clip.week for clip in silent if clip.week is not None}),
    )


RULES = (
    Rule(
        id="C21",
        name="video_length",
        measures=gettext_noop("Longest clip"),
        unit=Unit.MINUTES,
        band=Band.at_most(9, 15),
        evidence=Evidence.EVID,
        strength=Strength.CONTESTED,
        source=(
            "Guo, Kim & Rubin, How video production affects student engagement, 2014; Lagerstrom, Johanes & "
            "Ponsukcharoen, The myth of the six-minute rule, 2015"
        ),
        why=gettext_noop(
            "In 6.9 million viewing sessions students stayed with short clips. Another study found that they return to "
            "long ones, so it is a hint about watching, not about learning."
        ),
        judge=video_length,
    ),
    Rule(
        id="C37",
        name="captions_transcripts",
        measures=gettext_noop("Clips with captions"),
        unit=Unit.PERCENT,
        band=Band.at_least(100, 90),
        evidence=Evidence.NORM,
        strength=Strength.PLAIN,
        source="W3C, Web Content Accessibility Guidelines 2.2 (1.2.2 Captions, level A), 2023",
        why=gettext_noop(
            "Captions are required at the lowest level of the accessibility guidelines, and help many who hear well."
        ),
        judge=captions,
    ),
)
