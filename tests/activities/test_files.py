"""Which files are taken, what captions must be, how long a recording is, and what is swept away."""

from __future__ import annotations

import io
import os
import struct
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from activities import captions, recordings, uploads
from activities.models import Material
from activities.services.leftovers import sweep_leftovers
from activities.words import in_bytes, why_not
from tests.factories import NOW, ActivityFactory

CLIPS = Path(__file__).parents[2] / "blendedu" / "demo" / "clips"
ALL = uploads.KEYS


# --- Names and content ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("essay.pdf", "essay.pdf"),
        ("../../etc/passwd", "passwd"),
        (r"C:\Users\me\essay.pdf", "essay.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "aSet-Cookie: x=1.pdf"),
        ("\u202efdp.exe", "fdp.exe"),
        ("  many   spaces .pdf. ", "many spaces .pdf"),
        ("e\u0301.pdf", "é.pdf"),
        ("", "file"),
        ("...", "file"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
        ("a." + "x" * 300, "a." + "x" * 118),
        ("نور.pdf", "نور.pdf"),
    ],
)
def test_a_name_keeps_what_is_a_name(given, kept):
    assert uploads.clean_name(given) == kept


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("a.pdf", b"%PDF-1.4"),
        ("a.DOCX", b"PK\x03\x04rest"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        ("a.jpeg", b"\xff\xd8\xff\xe0"),
        ("a.webp", b"RIFF\x00\x00\x00\x00WEBPVP8 "),
        ("a.wav", b"RIFF\x00\x00\x00\x00WAVEfmt "),
        ("a.mp4", b"\x00\x00\x00\x18ftypmp42"),
        ("a.webm", b"\x1a\x45\xdf\xa3"),
        ("a.md", "# Naïve".encode()),
        ("a.txt", "\ufeffx".encode("utf-16")),
    ],
)
def test_a_file_whose_content_agrees_with_its_name_is_taken(name, head):
    assert uploads.check(name, 100, head, accepted=ALL, max_bytes=1000) == name


@pytest.mark.parametrize(
    ("name", "head", "reason"),
    [
        ("a.pdf", b"<html>", "not_what_it_says"),
        ("a.png", b"<svg xmlns=", "not_what_it_says"),
        ("a.webp", b"RIFF\x00\x00\x00\x00WAVEfmt ", "not_what_it_says"),
        ("a.mp4", b"ftypmp42", "not_what_it_says"),
        ("a.txt", b"  <!DOCTYPE html>", "not_what_it_says"),
        ("a.csv", b"\x00\x01\x02", "not_what_it_says"),
        ("a.svg", b"<svg/>", "wrong_type"),
        ("a.html", b"<p>", "wrong_type"),
        ("a", b"%PDF-", "wrong_type"),
        (".pdf", b"%PDF-", "wrong_type"),
        ("a.vtt", b"WEBVTT", "wrong_type"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(name, head, reason):
    with pytest.raises(uploads.BadFile) as refused:
        uploads.check(name, 100, head, accepted=ALL, max_bytes=1000)

    assert refused.value.reason == reason
    assert "“" in why_not(refused.value)


# --- Captions ---------------------------------------------------------------------------------------------------------

GOOD = "WEBVTT\n\n1\n00:00.400 --> 00:03.585 align:start\nA frame decides.\n\n00:00:04.000 --> 01:00:06.000\nNext.\n"


@pytest.mark.parametrize(
    "content",
    [
        GOOD,
        GOOD.replace("\n", "\r\n"),
        "\ufeff" + GOOD,
        GOOD.replace("WEBVTT", "WEBVTT - Framing a message"),
        GOOD.replace("WEBVTT\n", "WEBVTT\n\nNOTE written by hand -->\n\nSTYLE\n::cue {}\n"),
    ],
)
def test_captions_that_can_be_shown_are_counted(content):
    assert captions.check("a.vtt", content.encode()) == 2


def test_the_captions_of_the_demo_can_be_shown():
    assert [captions.check(file.name, file.read_bytes()) for file in CLIPS.glob("*.vtt")] != []


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (GOOD.encode("utf-16"), "captions_encoding"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\nCaf\xe9".encode("latin-1"), "captions_encoding"),
        (b"1\n00:00:01,000 --> 00:00:02,000\nSubRip\n", "captions_start"),
        (b"WEBVTTX\n\n00:01.000 --> 00:02.000\nx", "captions_start"),
        (b"<html>", "captions_start"),
        (b"WEBVTT\n\nNothing timed\n", "captions_none"),
        (b"WEBVTT\n\n00:01,000 --> 00:02,000\nx", "captions_line"),
        (b"WEBVTT\n\n00:02.000 --> 00:01.000\nx", "captions_order"),
        (b"WEBVTT\n\n00:05.000 --> 00:06.000\nx\n\n00:01.000 --> 00:02.000\ny", "captions_order"),
        (GOOD.encode() + b" " * captions.BYTES_MAX, "too_large"),
    ],
)
def test_captions_that_cannot_be_shown_are_refused_with_the_reason(content, reason):
    with pytest.raises(uploads.BadFile) as refused:
        captions.check("a.vtt", content)

    assert refused.value.reason == reason
    assert "a.vtt" in why_not(refused.value)


# --- Recordings -------------------------------------------------------------------------------------------------------


def box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(body), kind) + body


def mp4(seconds: float, *, long: bool = False) -> bytes:
    head = box(b"ftyp", b"mp42" + b"\0" * 8) + box(b"free", b"\0" * 900)
    body = (
        b"\1\0\0\0" + struct.pack(">QQIQ", 0, 0, 600, int(seconds * 600))
        if long
        else (b"\0\0\0\0" + struct.pack(">IIII", 0, 0, 1000, int(seconds * 1000)))
    )
    return head + box(b"moov", box(b"mvhd", body + b"\0" * 80))


@pytest.mark.parametrize("long", [False, True])
def test_the_length_of_an_mp4_is_read_from_its_head(long):
    assert recordings.seconds_of(io.BytesIO(mp4(190.4, long=long))) == 190


def test_the_length_of_a_webm_is_read_from_its_head():
    with (CLIPS / "framing-a-message.webm").open("rb") as file:
        assert recordings.seconds_of(file) == 12
        assert file.tell() == 0


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-1.7",
        b"\x1a\x45\xdf\xa3",
        b"\x1a\x45\xdf\xa3" + b"\x00" * 50,
        b"\x1a\x45\xdf\xa3" + b"\xff" * 500,
        box(b"ftyp", b"mp42"),
        box(b"ftyp", b"mp42") + b"\0\0\0\1moov",
        box(b"ftyp", b"mp42") + b"\0\0\0\4free" + b"\0" * 50,
        mp4(0),
        mp4(10)[:-90],
        bytes(range(256)) * 8,
    ],
)
def test_a_head_that_does_not_say_its_length_is_no_reason_to_fail(content):
    assert recordings.seconds_of(io.BytesIO(content)) is None


# --- What nothing names any more --------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_files_that_no_row_names_go_after_two_days_and_shared_ones_stay(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    shared = Material.objects.create(
        activity=ActivityFactory(type_key="clip"), kind="clip", file=ContentFile(b"x", name="a"), name="a", size=1
    )
    stored = shared.file.name
    Material.objects.create(activity=ActivityFactory(type_key="clip"), kind="clip", file=stored, name="a", size=1)
    for folder in ("material", "attempts", "posts"):
        default_storage.save(f"{folder}/nobody", ContentFile(b"y"))
    for path in tmp_path.rglob("*"):
        os.utime(path, (NOW.timestamp(), NOW.timestamp()))
    shared.delete()

    too_early = sweep_leftovers(at=NOW + timedelta(days=1))
    swept = [sweep_leftovers(at=NOW + timedelta(days=3)) for _again in range(2)]

    assert (too_early, swept) == (0, [3, 0])
    assert default_storage.exists(stored)


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (1023, "1023 bytes"),
        (1024, "1 KB"),
        (77_855, "76 KB"),
        (2_500, "2.4 KB"),
        (1_048_576, "1 MB"),
        (1_047_000, "1 MB"),
        (2_516_582, "2.4 MB"),
        (20 * 1024 * 1024, "20 MB"),
        (5 * 1024**3, "5120 MB"),
    ],
)
def test_a_size_is_as_short_as_it_is_still_true(size, shown):
    assert in_bytes(size) == shown
