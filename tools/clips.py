"""Make the knowledge clips of the demo world: slides with a spoken voice, and captions timed by that voice.

Run at development time, with ffmpeg, espeak-ng and a browser of the Chromium family at hand:

    python -m tools.clips

The clips are committed (blendedu/demo/clips), so nobody who runs the product needs these tools. Change a text below,
run it, commit both.
"""

import html
import subprocess
import tempfile
import wave
from dataclasses import dataclass
from pathlib import Path

from tools.browser import find

ROOT = Path(__file__).resolve().parent.parent
CLIPS = ROOT / "blendedu" / "demo" / "clips"
FONT = ROOT / "static" / "fonts" / "atkinson-hyperlegible-next-latin-wght-normal.woff2"
TOKENS = ROOT / "static" / "css" / "tokens.css"

WIDTH, HEIGHT, FRAMES = 640, 360, 10
BEFORE, BETWEEN, AFTER = 0.4, 0.4, 0.8  # seconds of silence around what is said
LARGEST = 150_000
SHORTEST, LONGEST = 8, 12


@dataclass(frozen=True)
class Clip:
    """A title on the slide, and the sentences that appear under it as they are spoken."""

    name: str
    title: str
    sentences: tuple[str, ...]


ALL = (
    Clip(
        "who-is-the-message-for",
        "Who is the message for?",
        (
            "A campaign begins with people, not with words.",
            "Ask who should act, and what keeps them from it.",
            "Only then decide what to say, and where.",
        ),
    ),
    Clip(
        "segmenting-an-audience",
        "Segmenting an audience",
        (
            "A segment is a group with the same needs.",
            "Split by behaviour first, and by age last.",
            "Keep a segment only if you would speak to it differently.",
        ),
    ),
    Clip(
        "framing-a-message",
        "Framing a message",
        (
            "A frame decides which part of the facts is seen.",
            "Nine in ten succeed. One in ten fails.",
            "Say the same fact in two frames, and test both.",
        ),
    ),
    Clip(
        "giving-useful-feedback",
        "Giving useful feedback",
        (
            "Say what works, and point to the place.",
            "Say what is still missing for the goal.",
            "End with one next step that can be taken today.",
        ),
    ),
)


def run(*command: str | Path) -> str:
    done = subprocess.run(  # noqa: S603 -- fixed commands, at development time only
        [str(part) for part in command], check=False, capture_output=True, text=True
    )
    if done.returncode:
        raise SystemExit(f"{command[0]} failed:\n{done.stderr}")
    return done.stdout


def spoken(sentence: str, place: Path) -> float:
    """Say a sentence into a file; how many seconds it takes."""
    run("espeak-ng", "-v", "en-gb", "-s", "170", "-p", "42", "-w", place, sentence)
    with wave.open(str(place)) as sound:
        return float(sound.getnframes() / sound.getframerate())


def slide(clip: Clip, shown: int, place: Path) -> None:
    """Draw the slide with so many of its sentences, in the font and the colours of the product."""
    lines = "".join(
        f'<li class="{"new" if number == shown - 1 else ""}">{html.escape(sentence)}</li>'
        for number, sentence in enumerate(clip.sentences[:shown])
    )
    style = f"""
        {TOKENS.read_text(encoding="utf-8")}
        @font-face {{ font-family: Clip; src: url("{FONT.as_uri()}"); font-weight: 200 800; }}
        :root {{ color-scheme: light; }}
        body {{ margin: 0; width: {WIDTH}px; height: {HEIGHT}px; box-sizing: border-box; padding: 44px 48px;
                background: var(--paper); color: var(--ink); font-family: Clip, sans-serif; overflow: hidden; }}
        h1 {{ font-size: 38px; font-weight: 700; line-height: 1.1; margin: 0 0 26px; }}
        ol {{ list-style: none; margin: 0; padding: 0; display: grid; gap: 14px; }}
        li {{ font-size: 23px; line-height: 1.3; padding-inline-start: 16px; border-inline-start: 4px solid var(--line);
              color: var(--ink-2); }}
        li.new {{ color: var(--ink); border-color: var(--digital); }}
    """
    page = place.with_suffix(".html")
    page.write_text(
        f'<!doctype html><html lang="en"><meta charset="utf-8"><style>{style}</style>'
        f"<h1>{html.escape(clip.title)}</h1><ol>{lines}</ol></html>",
        encoding="utf-8",
    )
    browser = find()
    if browser is None:
        raise SystemExit("No browser of the Chromium family was found.")
    size = f"--window-size={WIDTH},{HEIGHT}"
    # The window of a headless browser can be smaller than asked for; the picture is cut to size when it is filmed.
    run(browser, "--headless", "--no-sandbox", "--hide-scrollbars", size, f"--screenshot={place}", page.as_uri())


def at(seconds: float) -> str:
    return f"00:{int(seconds // 60):02}:{seconds % 60:06.3f}"


def make(clip: Clip, folder: Path) -> None:
    """Speak, draw, film and caption one clip."""
    clock, sounds, pictures, cues = BEFORE, [], [], [(0, BEFORE)]
    for number, sentence in enumerate(clip.sentences, start=1):
        voice = folder / f"{clip.name}-{number}.wav"
        seconds = spoken(sentence, voice)
        sounds.append((voice, clock))
        cues.append((number, seconds + (BETWEEN if number < len(clip.sentences) else AFTER)))
        pictures.append(f"{at(clock)} --> {at(clock + seconds)}\n{sentence}\n")
        clock += cues[-1][1]

    film = ["ffconcat version 1.0"]
    for shown, seconds in cues:
        picture = folder / f"{clip.name}-{shown}.png"
        slide(clip, shown, picture)
        film += [f"file '{picture}'", f"duration {seconds:.3f}"]
    film.append(film[-2])  # the list needs its last picture twice, or the last one is not held
    plan = folder / f"{clip.name}.ffconcat"
    plan.write_text("\n".join(film), encoding="utf-8")

    video = CLIPS / f"{clip.name}.webm"
    inputs: list[str | Path] = []
    for voice, _start in sounds:
        inputs += ["-i", voice]
    delayed = "".join(
        f"[{number}:a]adelay={start * 1000:.0f}[a{number}];" for number, (_voice, start) in enumerate(sounds, start=1)
    )
    mixed = "".join(f"[a{number}]" for number in range(1, len(sounds) + 1))
    cut = f"[0:v]fps={FRAMES},crop={WIDTH}:{HEIGHT}:0:0,format=yuv420p[picture]"
    run(
        *("ffmpeg", "-v", "error", "-y", "-f", "concat", "-safe", "0", "-i", plan),
        *inputs,
        *("-filter_complex", f"{delayed}{mixed}amix=inputs={len(sounds)}:normalize=0,apad[sound];{cut}"),
        *("-map", "[picture]", "-map", "[sound]"),
        *("-t", f"{clock:.3f}", "-c:v", "libvpx-vp9", "-crf", "38", "-b:v", "0", "-g", str(FRAMES * 4)),
        *("-c:a", "libopus", "-b:a", "28k", "-ac", "1", "-map_metadata", "-1", "-cues_to_front", "1"),
        *("-metadata", f"title={clip.title}", "-fflags", "+bitexact", video),
    )
    captions = CLIPS / f"{clip.name}.en.vtt"
    captions.write_text("WEBVTT\n\n" + "\n".join(pictures), encoding="utf-8")


def check(clip: Clip) -> None:
    """Refuse a clip that is too long, too short or too heavy for a demo."""
    video = CLIPS / f"{clip.name}.webm"
    lasts = float(run("ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", video))
    size = video.stat().st_size
    print(f"{video.relative_to(ROOT)}: {lasts:.1f} s, {size / 1000:.0f} kB")
    if not SHORTEST <= lasts <= LONGEST or size > LARGEST:
        raise SystemExit("This clip is too long, too short or too heavy.")


def main() -> None:
    CLIPS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for clip in ALL:
            make(clip, Path(folder))
            check(clip)


if __name__ == "__main__":
    main()
