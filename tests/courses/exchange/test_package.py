"""A design with its files as one ZIP: what goes out comes back, what was made to do harm is refused."""

from __future__ import annotations

import hashlib
import io
import json
import tracemalloc
import uuid
import zipfile
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from django.urls import reverse
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from activities.models import Activity, Material
from blendedu.journal.models import Entry, Job
from courses.exchange import design_json, package, reading
from courses.exchange.package import DESIGN, MANIFEST
from courses.exchange.proposal import Kind, Refused
from courses.models import Design, DesignImport
from courses.outline import Outline, OutlineWeek
from courses.queries.outline import materials_of, outline_of
from courses.services import imports
from courses.services.plan import undo
from tests.courses.exchange.samples import activity
from tests.courses.studio.worlds import board, text_of
from tests.factories import NOW, ActivityFactory, CourseFactory, DesignFactory, PlacementFactory, UserFactory

pytestmark = pytest.mark.django_db

CLIP = (Path(__file__).parents[3] / "blendedu" / "demo" / "clips" / "framing-a-message.webm").read_bytes()
VTT = b"WEBVTT\n\n00:01.000 --> 00:04.000\nA frame decides.\n"
PDF = b"%PDF-1.7\n" + b"Chapter 2. " * 40


@pytest.fixture(autouse=True)
def _own_disk(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def on_disk(folder: str) -> list[bytes]:
    if not default_storage.exists(folder):
        return []
    names = default_storage.listdir(folder)[1]
    return sorted(default_storage.open(f"{folder}/{name}").read() for name in names)


def put(card: Any, kind: str, name: str, content: bytes, language: str = "") -> Material:
    made = Material(activity=card.activity, kind=kind, name=name, size=len(content), language=language)
    made.content_type = package.uploads.content_type_of(name)
    made.file.save(name, ContentFile(content), save=False)
    made.save()
    kinds = set(Material.objects.filter(activity=card.activity).values_list("kind", flat=True))
    card.activity.config = card.activity.type.with_files(card.activity.config, kinds, None)
    card.activity.save()
    return made


@pytest.fixture
def filled() -> Design:
    """A clip with captions, a reading with two files, and one without."""
    design = DesignFactory(course=CourseFactory(code="src-1", lecturer=UserFactory()), weeks=2)
    clip = PlacementFactory(design=design, activity=ActivityFactory(type_key="clip", title="Framing"))
    put(clip, "clip", "Framing a message.webm", CLIP)
    put(clip, "captions", "framing.en.vtt", VTT, "en")
    text = PlacementFactory(design=design, activity=ActivityFactory(type_key="reading", title="Chapter 2"))
    put(text, "text", "Chapter 2 – “Ink & paper”.pdf", PDF)
    put(text, "text", "notes.txt", b"Look at page 3.")
    PlacementFactory(design=design, activity__title="Talk")
    return Design.objects.select_related("course__unit").get(pk=design.pk)


def zip_of(design: Design) -> bytes:
    return b"".join(package.write(outline_of(design), materials_of(design)))


def upload(client: Client, content: bytes, name: str = "design.zip", code: str = "mkc-101") -> Any:
    return client.post(reverse("courses:design-import", args=[code]), {"file": SimpleUploadedFile(name, content)})


def take(client: Client, imported: DesignImport, **said: Any) -> Any:
    draft = Design.objects.filter(course=imported.course, state="draft").first()
    said = {"how": "add", "first_week": 1, "version": draft.plan_version} | said if draft else {"how": "new"}
    return client.post(reverse("courses:import-take", args=[imported.course.code, imported.pk]), said)


def without_keys(design: Design) -> Any:
    """What a design says, without what is of its course and of its database."""
    said = design_json.document(outline_of(design)) | {"about": None, "title": ""}
    numbers = {each["key"]: place for place, each in enumerate(said["activities"])}
    for name in ("weeks", "outcomes", "activities"):
        said[name] = [{key: value for key, value in each.items() if key != "key"} for each in said[name]]
    said["links"] = [(numbers[link["from"]], numbers[link["to"]], link["note"]) for link in said["links"]]
    return said


def bytes_of(design: Design) -> list[tuple[str, str, str, str, bytes]]:
    found = []
    for _key, each in materials_of(design):
        with default_storage.open(each.file.name) as file:
            found.append((each.kind, each.name, each.language, each.content_type, file.read()))
    return found


# --- Out and in again -----------------------------------------------------------------------------------------------


def test_a_zip_says_what_is_in_it(client: Client, filled: Design) -> None:
    client.force_login(filled.course.lecturers.get())

    answer = client.get(reverse("courses:design-export", args=["src-1", filled.number, "zip"]))

    assert answer.streaming
    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Disposition"].endswith('.zip"')
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        assert archive.testzip() is None
        manifest = json.loads(archive.read(MANIFEST))
        assert manifest["design"]["sha256"] == hashlib.sha256(archive.read(DESIGN)).hexdigest()
        assert [(row["name"], row["size"], row["language"]) for row in manifest["files"]] == [
            ("Framing a message.webm", len(CLIP), ""),
            ("framing.en.vtt", len(VTT), "en"),
            ("Chapter 2 – “Ink & paper”.pdf", len(PDF), ""),
            ("notes.txt", 15, ""),
        ]
        for row in manifest["files"]:
            assert row["sha256"] == hashlib.sha256(archive.read(row["path"])).hexdigest()
    assert zip_of(filled) == zip_of(filled)


def test_a_design_goes_to_another_course_with_its_files(client: Client, filled: Design) -> None:
    eva = UserFactory()
    CourseFactory(code="mkc-101", lecturer=eva)
    client.force_login(eva)

    page = client.get(upload(client, zip_of(filled))["Location"])
    assert "4 files come along" in text_of(page)
    assert "Framing a message.webm" in text_of(page)
    assert "Nothing had to be changed or left out." in text_of(page)
    assert Material.objects.count() == 4
    assert len(on_disk("imports")) == 1
    answer = take(client, DesignImport.objects.get())

    assert answer.status_code == 303
    taken = Design.objects.select_related("course__unit").get(course__code="mkc-101")
    assert without_keys(taken) == without_keys(filled)
    assert bytes_of(taken) == bytes_of(filled)
    assert Entry.objects.get(verb="import-taken").details["files"] == 4
    assert bytes_of(Design.objects.get(pk=filled.pk)) == bytes_of(filled)


def test_into_a_draft_it_is_one_step_and_undo_takes_it_out(client: Client, filled: Design) -> None:
    eva, design = board(cards=1)
    client.force_login(eva)
    upload(client, zip_of(filled))

    assert take(client, DesignImport.objects.get(), first_week=2).status_code == 303

    assert len(bytes_of(design)) == 4
    assert Activity.objects.filter(placements__design=design, title="Framing").get().config["source"] == "file"
    undo(Design.objects.select_related("course__unit").get(pk=design.pk), by=eva, at=NOW)
    assert bytes_of(design) == []
    assert design.placements.count() == 1


def test_the_zip_goes_from_the_disk_once_it_is_taken(
    client: Client, filled: Design, django_capture_on_commit_callbacks: Any
) -> None:
    eva, _design = board(cards=0)
    client.force_login(eva)
    upload(client, zip_of(filled))
    imported = DesignImport.objects.get()

    with django_capture_on_commit_callbacks(execute=True):
        take(client, imported)

    assert on_disk("imports") == []
    assert take(client, imported).status_code == 303  # to its report
    assert Material.objects.count() == 8


def test_what_nobody_takes_is_forgotten_with_its_files(client: Client, filled: Design) -> None:
    eva, _design = board(cards=0)
    client.force_login(eva)
    upload(client, zip_of(filled))
    job = Job.objects.get(kind="forget-import")
    assert job.due_at - job.created_at >= timedelta(days=13)

    imports.forget(DesignImport.objects.get().pk)
    imports.forget(job.ref)

    assert on_disk("imports") == []
    assert len(on_disk("material")) == 4


def test_a_refusal_leaves_no_file_behind(client: Client, filled: Design) -> None:
    eva, design = board(cards=0)
    client.force_login(eva)
    upload(client, zip_of(filled))
    before = on_disk("material")
    Design.objects.filter(pk=design.pk).update(plan_version=7)

    answer = take(client, DesignImport.objects.get(), version=0)

    assert answer.status_code == 409
    assert (on_disk("material"), design.placements.count(), Material.objects.count()) == (before, 0, 4)
    assert len(on_disk("imports")) == 1  # it can still be taken


def test_files_that_are_gone_from_the_disk_are_told(client: Client, filled: Design) -> None:
    eva, design = board(cards=0)
    client.force_login(eva)
    upload(client, zip_of(filled))
    for name in default_storage.listdir("imports")[1]:
        default_storage.delete(f"imports/{name}")

    answer = take(client, DesignImport.objects.get())

    assert answer.status_code == 422
    assert "are not here any more" in text_of(answer)
    assert design.placements.count() == 0


def test_a_file_that_is_gone_when_it_goes_out_is_named_on_the_way_in(filled: Design) -> None:
    lost = Material.objects.get(name="notes.txt")
    default_storage.delete(lost.file.name)

    opened = package.read(io.BytesIO(zip_of(filled)))

    assert [file.name for file in opened.files] == [
        "Framing a message.webm", "framing.en.vtt", "Chapter 2 – “Ink & paper”.pdf",
    ]  # fmt: skip
    assert [remark.text for remark in opened.proposal.remarks] == [
        "The file “notes.txt” of “Chapter 2” is named but not contained: put it there again."
    ]


def test_a_file_that_two_cards_share_lies_in_it_once_and_is_stored_once(client: Client, filled: Design) -> None:
    twin = PlacementFactory(design=filled, activity=ActivityFactory(type_key="reading", title="Again"))
    first = Material.objects.get(name="notes.txt")
    first.pk, first.activity = None, twin.activity
    first.save(force_insert=True)
    content = zip_of(filled)
    eva, _design = board(cards=0)
    client.force_login(eva)

    upload(client, content)
    take(client, DesignImport.objects.get())

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert len([name for name in archive.namelist() if name.startswith("files/")]) == 4
    assert Material.objects.count() == 10
    assert len(on_disk("material")) == 8


def test_a_large_file_is_never_in_memory_whole(filled: Design) -> None:
    large = 24 * 1024 * 1024
    card = filled.placements.select_related("activity").get(activity__title="Chapter 2")
    put(card, "text", "large.pdf", b"%PDF-1.7\n" + bytes(large))
    rows = materials_of(filled)
    outline = outline_of(filled)
    target = default_storage.path("out.zip")

    tracemalloc.start()
    with Path(target).open("wb") as out:
        for piece in package.write(outline, rows):
            out.write(piece)
    with Path(target).open("rb") as source:
        opened = package.read(source)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert len(opened.files) == 5
    assert most < large / 4


FILES = st.lists(
    st.tuples(
        st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=30),
        st.binary(max_size=2000),
    ),
    max_size=4,
)


@given(FILES)
@hypothesis_settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_a_file_holds_and_is_called_it_comes_back(files: list[tuple[str, bytes]]) -> None:
    card = activity("Read")
    materials = []
    for number, (name, content) in enumerate(files):
        clean = package.uploads.clean_name(f"{number} {name}.pdf")
        body = b"%PDF-" + content
        made = Material(kind="text", name=clean, size=len(body), language="")
        made.file.save(clean, ContentFile(body), save=False)
        materials.append((card.key, made))
    outline = Outline(weeks=(OutlineWeek(1),), activities=(card,))

    source = io.BytesIO(b"".join(package.write(outline, materials)))
    opened = package.read(source)

    assert opened.proposal.remarks == ()
    back = []
    for file in opened.files:
        with package.member_of(source, file.path) as member:
            back.append((file.name, member.read()))
    assert back == [(made.name, made.file.open().read()) for _key, made in materials]


# --- What others made -----------------------------------------------------------------------------------------------


def packed(
    files: dict[str, bytes] | None = None, *, manifest: dict[str, Any] | None = None, extra: Any = (), **row: Any
) -> bytes:
    """A package of one reading with one text, with something about it changed."""
    card = activity("Read", kind=row.pop("type_key", "reading"))
    design = design_json.write(Outline(weeks=(OutlineWeek(1),), activities=(card,))).encode()
    inside = {"files/0001.txt": b"Look at page 3."} if files is None else files
    rows = [
        {
            "activity": card.key, "kind": "text", "name": path.rsplit("/")[-1], "language": "", "path": path,
            "size": len(content), "sha256": hashlib.sha256(content).hexdigest(), **row,
        }
        for path, content in inside.items()
    ]  # fmt: skip
    said = {
        "format": "blendedu-package",
        "version": 1,
        "design": {"path": DESIGN, "size": len(design), "sha256": hashlib.sha256(design).hexdigest()},
        "files": rows,
        **(manifest or {}),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(DESIGN, design)
        archive.writestr(MANIFEST, json.dumps(said))
        for name, content in [*inside.items(), *extra]:
            archive.writestr(name, content)
    return out.getvalue()


PLAIN = packed()


def refused(content: bytes) -> str:
    with pytest.raises(Refused) as caught:
        package.read(io.BytesIO(content))
    return f"{caught.value.where}: {caught.value}"


def test_a_plain_package_is_read() -> None:
    opened = package.read(io.BytesIO(packed()))

    assert [(file.name, file.size, file.content_type) for file in opened.files] == [
        ("0001.txt", 15, "text/plain; charset=utf-8")
    ]


def linked() -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("files/0002.txt")
    info.external_attr = 0o120777 << 16
    return info


@pytest.mark.parametrize(
    "name", ["/etc/passwd", "../up.txt", "files/../../up.txt", "..\\up.txt", "C:/x.txt", "\\\\host\\x", linked()]
)
def test_a_name_that_leads_out_is_refused_whole(name: Any) -> None:
    assert "leads out of the ZIP" in refused(packed(extra=[(name, b"x")]))


def test_what_unpacks_to_far_more_is_refused_before_it_is_unpacked() -> None:
    assert "far more" in refused(packed(extra=[("bomb.txt", bytes(8 * 1024 * 1024))]))
    many = [(f"part-{number}", bytes(1024 * 1000)) for number in range(110)]
    assert "far more" in refused(packed(extra=many))


def test_members_made_of_the_same_bytes_are_refused() -> None:
    content = bytearray(packed(extra=[("a.txt", b"a" * 40)]))
    first = content.find(b"PK\x01\x02")
    places = [place for place in range(first, len(content)) if content[place : place + 4] == b"PK\x01\x02"]
    # The directory says that the last member begins where the one before it does.
    content[places[-1] + 42 : places[-1] + 46] = content[places[-2] + 42 : places[-2] + 46]

    assert "far more" in refused(bytes(content))


def test_a_size_that_is_a_lie_is_refused() -> None:
    content = packed({"files/0001.txt": b"x" * 5000})
    false = content.replace((5000).to_bytes(4, "little"), (50).to_bytes(4, "little"))

    assert refused(false)


def test_more_than_the_upload_limit_is_refused(client: Client) -> None:
    eva, _design = board(cards=0)
    client.force_login(eva)
    large = packed({"files/0001.txt": uuid.uuid4().hex.encode() * 70_000})
    with override_settings(BLENDEDU_UPLOAD_MAX_BYTES=1024 * 1024):
        assert "larger than 1 MB" in refused(large)
        answer = upload(client, large + bytes(1024 * 1024 + 200))
        page = text_of(answer)

    assert answer.status_code in {413, 422}
    assert "too large" in page or "larger than" in page
    assert not DesignImport.objects.exists()


def test_too_many_members_are_refused() -> None:
    assert "more than 2000 files" in refused(packed(extra=[(f"x{number}", b"") for number in range(2001)]))


def test_two_members_of_one_name_are_refused() -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        content = packed(extra=[(DESIGN, b"{}")])

    assert "same name" in refused(content)


@pytest.mark.parametrize(
    ("files", "row", "why"),
    [
        ({"files/a.exe": b"MZ"}, {}, "not a kind of file that is asked for"),
        ({"files/a.pdf": b"MZ\x00"}, {}, "not really a .pdf file"),
        ({"files/a.html": b"<!doctype html>"}, {}, "not a kind of file"),
        ({"files/a.txt": b"<script>alert(1)</script>"}, {}, "not really a .txt file"),
        ({"files/a.txt": b""}, {}, "is empty"),
        ({"files/a.txt": b"x"}, {"name": "a.exe"}, "not a kind of file"),
        ({"files/a.txt": b"x"}, {"sha256": "0" * 64}, "not as it was when it was exported"),
        ({"files/a.txt": b"x"}, {"sha256": None}, "not as it was when it was exported"),
        ({"files/a.txt": b"x"}, {"size": 2}, "not as it was when it was exported"),
        ({"files/a.vtt": b"WEBVTT\n"}, {"kind": "captions", "type_key": "clip"}, "holds no captions"),
        (
            {"files/a.vtt": b"WEBVTT\n" + Random(1).randbytes(1024 * 1024)},
            {"kind": "captions", "type_key": "clip"},
            "too large",
        ),
    ],
)
def test_a_file_that_is_broken_or_forbidden_is_named_and_nothing_is_read(
    files: dict[str, bytes], row: dict[str, Any], why: str
) -> None:
    assert why in refused(packed(files, **row))


@pytest.mark.parametrize(
    ("changed", "left"),
    [
        ({"extra": [("readme.html", b"<b>x</b>")]}, [("readme.html", "The manifest does not name this file")]),
        ({"extra": [("__MACOSX/._x", b"x")]}, [("__MACOSX/._x", "The manifest does not name this file")]),
        ({"path": "files/none.txt"}, [("files/0001.txt", "does not name"), ("files/none.txt", "not in the ZIP")]),
        ({"path": DESIGN}, [("design.json", "not in the ZIP"), ("files/0001.txt", "does not name")]),
        ({"activity": str(uuid.uuid4())}, [("files/0001.txt", "belongs to no activity")]),
        ({"kind": "clip"}, [("files/0001.txt", "takes no such file")]),
        ({"type_key": "quiz"}, [("files/0001.txt", "takes no such file")]),
    ],
)
def test_what_has_no_place_is_left_out_and_named(changed: dict[str, Any], left: list[tuple[str, str]]) -> None:
    extra = changed.pop("extra", ())

    opened = package.read(io.BytesIO(packed(extra=extra, **changed)))

    remarks = [remark for remark in opened.proposal.remarks if remark.kind == Kind.LEFT_OUT]
    assert [remark.where for remark in remarks] == [where for where, _why in left]
    assert all(why in remark.text for remark, (_where, why) in zip(remarks, left, strict=True))
    assert len(opened.files) == (1 if extra else 0)


@pytest.mark.parametrize(
    "manifest",
    [
        {"format": "other"},
        {"version": 2},
        {"version": True},
        {"files": "x"},
        {"files": ["x"]},
        {"design": {"path": DESIGN, "sha256": "0"}},
        {"design": None},
    ],
)
def test_a_manifest_that_cannot_be_read_is_refused(manifest: dict[str, Any]) -> None:
    assert refused(packed(manifest=manifest))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no zip at all", packed()[:-30], packed()[40:]])
def test_what_is_no_zip_is_refused_in_place(client: Client, content: bytes) -> None:
    eva, _design = board(cards=0)
    client.force_login(eva)

    answer = upload(client, content)

    assert answer.status_code == 422
    assert 'class="errorlist"' in text_of(answer)
    assert not DesignImport.objects.exists()
    assert on_disk("imports") == []


@given(st.data())
@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_zip_that_was_damaged_anywhere_is_read_or_refused(data: st.DataObject) -> None:
    content = bytearray(PLAIN)
    for _time in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))

    try:
        opened = package.read(io.BytesIO(bytes(content)))
    except Refused:
        return
    for file in opened.files:
        with package.member_of(io.BytesIO(bytes(content)), file.path) as member:
            assert member.read() == b"Look at page 3."


def test_a_zip_without_a_design_says_what_belongs_in_it() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("holiday.jpg", b"\xff\xd8\xff")

    assert "“manifest.json” and “design.json” belong in it" in refused(out.getvalue())


def test_who_may_not_look_gets_nothing(client: Client, filled: Design) -> None:
    stranger = UserFactory()
    client.force_login(stranger)

    assert client.get(reverse("courses:design-export", args=["src-1", filled.number, "zip"])).status_code == 404
    assert upload(client, zip_of(filled), code="src-1").status_code == 404


@pytest.mark.parametrize("count", [1, 12])
def test_an_export_asks_the_same_of_the_database_whatever_it_holds(
    client: Client, filled: Design, count: int, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        card = PlacementFactory(design=filled, activity=ActivityFactory(type_key="reading", title=f"More {number}"))
        put(card, "text", "more.txt", b"more")
    client.force_login(filled.course.lecturers.get())

    with django_assert_num_queries(2 + 7 + 2):  # person, design with rights; outline; its files
        answer = client.get(reverse("courses:design-export", args=["src-1", filled.number, "zip"]))
        assert b"".join(answer.streaming_content)


def test_the_report_of_an_import_reads_from_what_was_stored(client: Client, filled: Design) -> None:
    eva, _design = board(cards=0)
    client.force_login(eva)
    upload(client, zip_of(filled))

    stored = DesignImport.objects.get().proposal

    again = reading.proposal_of(json.loads(json.dumps(stored))).outline
    assert again is not None
    assert {file["activity"] for file in stored["files"]} <= {each.key for each in again.activities}
