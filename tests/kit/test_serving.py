"""Stored files are sent whole or in part, and never run by a browser."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.db.models import FileField, Model
from django.db.models.fields.files import FieldFile
from django.http import Http404
from django.test import RequestFactory

from blendedu.kit.serving import serve

CONTENT = bytes(range(256)) * 4


@pytest.fixture
def stored(tmp_path):
    storage = FileSystemStorage(tmp_path)
    name = storage.save("clips/0a1b2c", ContentFile(CONTENT))
    field = FileField(storage=storage)
    field.set_attributes_from_name("file")
    return FieldFile(Model.__new__(Model), field, name)


def ask(stored, *, name="Clip.webm", content_type="video/webm", inline=True, keep=True, **headers):
    request = RequestFactory().get("/", headers={key.replace("_", "-"): value for key, value in headers.items()})
    return serve(request, stored, name=name, content_type=content_type, inline=inline, keep=keep)


def body(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_the_whole_file_says_that_parts_can_be_asked_for(stored):
    answer = ask(stored)

    assert (answer.status_code, body(answer), answer["Content-Length"]) == (200, CONTENT, "1024")
    assert (answer["Accept-Ranges"], answer["ETag"], answer["Content-Type"]) == ("bytes", '"0a1b2c"', "video/webm")
    assert answer["Content-Disposition"] == 'inline; filename="Clip.webm"'
    assert answer["Cache-Control"] == "private, max-age=2592000, immutable"


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [
        ("bytes=0-", 0, 1024),
        ("bytes=0-0", 0, 1),
        ("bytes=100-199", 100, 200),
        ("bytes=1000-9999", 1000, 1024),
        ("bytes=1023-", 1023, 1024),
        ("bytes=-24", 1000, 1024),
        ("bytes=-9999", 0, 1024),
        ("bytes = 5 - 6", 5, 7),
    ],
)
def test_a_part_is_sent_as_a_player_asks_for_it(stored, asked, start, stop):
    answer = ask(stored, range=asked)

    assert (answer.status_code, body(answer)) == (206, CONTENT[start:stop])
    assert answer["Content-Range"] == f"bytes {start}-{stop - 1}/1024"
    assert answer["Content-Length"] == str(stop - start)


@pytest.mark.parametrize("asked", ["bytes=1024-", "bytes=9999-10000", "bytes=-0"])
def test_a_part_that_the_file_does_not_have_is_refused_with_its_size(stored, asked):
    answer = ask(stored, range=asked)

    assert (answer.status_code, answer["Content-Range"], body(answer)) == (416, "bytes */1024", b"")


@pytest.mark.parametrize(
    "asked", ["", "bytes", "bytes=-", "bytes=9-3", "bytes=0-1,3-4", "items=0-1", "bytes=a-b", "bytes=²-"]
)
def test_what_cannot_be_read_as_a_part_gets_the_whole_file(stored, asked):
    answer = ask(stored, range=asked)

    assert (answer.status_code, body(answer)) == (200, CONTENT)


def test_a_part_of_another_version_is_not_sent(stored):
    assert ask(stored, range="bytes=0-9", if_range='"other"').status_code == 200
    assert ask(stored, range="bytes=0-9", if_range='"0a1b2c"').status_code == 206


@pytest.mark.parametrize(
    ("content_type", "sent"),
    [
        ("text/html", "application/octet-stream"),
        ("image/svg+xml", "application/octet-stream"),
        ("application/xhtml+xml", "application/octet-stream"),
        ("application/javascript", "application/octet-stream"),
        ("application/pdf", "application/pdf"),
        ("image/png", "image/png"),
        ("", "application/octet-stream"),
    ],
)
def test_only_films_sounds_and_captions_are_shown_and_nothing_is_run(stored, content_type, sent):
    answer = ask(stored, content_type=content_type)

    assert answer["Content-Type"] == sent
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"


def test_names_are_written_so_that_no_header_can_be_added(stored):
    answer = ask(stored, name='Pöster "1".pdf', inline=False)

    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''P%C3%B6ster%20%221%22.pdf"


def test_what_is_not_to_be_kept_is_not_stored_by_browsers(stored):
    assert ask(stored, keep=False)["Cache-Control"] == "private, no-store"


def test_a_file_that_is_gone_is_not_found(stored):
    stored.storage.delete(stored.name)

    with pytest.raises(Http404):
        ask(stored)
