"""A design with the files of its activities, as one ZIP. docs/formats/design-zip.md describes the format.

Going out it is made while it is sent, piece by piece; coming in every member is measured, named and counted before
anything of it is kept. SECURITY: somebody else made it. No member is ever unpacked under a name of its own.
"""

from __future__ import annotations

import hashlib
import json
import re
import stat
import zipfile
import zlib
from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import IO, TYPE_CHECKING, Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from activities import captions, registry, uploads
from activities.models import Material
from activities.words import in_bytes, why_not
from courses.exchange import design_json
from courses.exchange.proposal import Proposal, Refused, Report, shown
from courses.queries.materials import ACCEPTED, MOST, extensions_for

if TYPE_CHECKING:
    from courses.outline import Outline

FORMAT = "blendedu-package"
VERSION = 1
MANIFEST, DESIGN = "manifest.json", "design.json"
MANIFEST_MAX = 2 * 1024 * 1024
DESIGN_MAX = 5 * 1024 * 1024
MEMBERS_MAX = 2000
RATIO_MAX = 120  # what unpacks to more than this many times its size is made to do harm
RATIO_FROM = 1024 * 1024  # smaller members may be as dense as they like
CHUNK = 256 * 1024
_PATH = re.compile(r"files/[a-z0-9-]{1,40}(?:\.[a-z0-9]{1,12})?")
_EPOCH = (1980, 1, 1, 0, 0, 0)  # a ZIP knows no time before; the same design gives the same file


@dataclass(frozen=True, slots=True)
class Packed:
    """A file of an activity, by the key of its card. `path` is where it lies in the ZIP."""

    activity: str
    kind: str
    name: str
    size: int
    content_type: str
    language: str
    path: str

    def to_json(self) -> dict[str, Any]:  # Any: JSON
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Opened:
    """What a package holds; `files` are those that can be taken."""

    proposal: Proposal
    files: tuple[Packed, ...] = ()


# --- Out ----------------------------------------------------------------------------------------------------------


class _Sink:
    """What a ZIP is written into while it is sent: bytes wait here until somebody takes them."""

    def __init__(self) -> None:
        self._waiting: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._waiting.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def taken(self) -> bytes:
        taken, self._waiting = b"".join(self._waiting), []
        return taken


def write(outline: Outline, materials: Iterable[tuple[str, Material]]) -> Iterator[bytes]:
    """The package, piece by piece; `materials` are pairs of a card's key and one of its files. Reads as it goes.

    A file that several activities share lies in it once. One that is gone from the disk is named as missing.
    """
    # COST: one piece of a file is in memory at a time, however large the design is.
    sink = _Sink()
    with zipfile.ZipFile(sink, "w") as archive:  # type: ignore[call-overload]  # it only ever writes
        design = design_json.write(outline).encode()
        yield from _member(archive, sink, DESIGN, [design], packed=True)
        files: list[dict[str, Any]] = []  # Any: JSON
        missing: list[dict[str, Any]] = []  # Any: JSON
        written: dict[str, tuple[str, int, str]] = {}
        for key, material in materials:
            said = {"activity": key, "kind": material.kind, "name": material.name, "language": material.language}
            place = material.file.name or ""
            if place not in written:
                path = f"files/{len(written) + 1:04}.{uploads.extension_of(material.name) or 'bin'}"
                try:
                    with default_storage.open(place) as source:
                        size, digest = yield from _file(archive, sink, path, source)
                except FileNotFoundError:
                    missing.append(said)
                    continue
                written[place] = path, size, digest
            path, size, digest = written[place]
            files.append({**said, "content_type": material.content_type, "path": path, "size": size, "sha256": digest})
        manifest = {
            "format": FORMAT,
            "version": VERSION,
            "design": {"path": DESIGN, "size": len(design), "sha256": hashlib.sha256(design).hexdigest()},
            "files": files,
            "missing": missing,
        }
        said_of_it = (json.dumps(manifest, ensure_ascii=False, indent=1) + "\n").encode()
        yield from _member(archive, sink, MANIFEST, [said_of_it], packed=True)
    yield sink.taken()


def _file(
    archive: zipfile.ZipFile, sink: _Sink, path: str, source: IO[bytes]
) -> Generator[bytes, None, tuple[int, str]]:
    digest, size = hashlib.sha256(), 0

    def pieces() -> Iterator[bytes]:
        nonlocal size
        while piece := source.read(CHUNK):
            digest.update(piece)
            size += len(piece)
            yield piece

    # Clips are packed already, and a text gains little; so nothing is packed twice.
    yield from _member(archive, sink, path, pieces(), packed=False)
    return size, digest.hexdigest()


def _member(
    archive: zipfile.ZipFile, sink: _Sink, path: str, pieces: Iterable[bytes], *, packed: bool
) -> Iterator[bytes]:
    info = zipfile.ZipInfo(path, _EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    info.external_attr = 0o600 << 16
    with archive.open(info, "w") as member:
        for piece in pieces:
            member.write(piece)
            yield sink.taken()
    yield sink.taken()


# --- In -----------------------------------------------------------------------------------------------------------


def read(source: IO[bytes]) -> Opened:
    """Look through a whole package and keep nothing of it. Raises Refused with what is wrong, in words for people."""
    with _opened(source) as archive:
        members = _checked(archive)
        manifest = _manifest(archive, members)
        said = _json(archive, members, DESIGN, DESIGN_MAX, manifest.get("design"))
        rows = manifest.get("files", [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise Refused(_("The list of files in this package cannot be read."), MANIFEST)
        contained = {_described(row) for row in rows}
        proposal = design_json.read_document(said, contained=contained)
        if proposal.outline is None:
            return Opened(proposal)
        report = Report()
        files = tuple(_taken(archive, members, rows, proposal.outline, report))
        for name in members.keys() - {MANIFEST, DESIGN} - {str(row.get("path")) for row in rows}:
            report.left_out(shown(name), _("The manifest does not name this file, so it is left out."))
    more = sorted(report.remarks, key=lambda remark: remark.where)
    return Opened(Proposal(proposal.outline, (*proposal.remarks, *more)), files)


@contextmanager
def member_of(source: IO[bytes], path: str) -> Iterator[IO[bytes]]:
    """A file in a package that was looked through before."""
    with zipfile.ZipFile(source) as archive, archive.open(path) as member:
        yield member


@contextmanager
def _opened(source: IO[bytes]) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(source) as archive:
            yield archive
    except (
        zipfile.BadZipFile, zlib.error, ValueError, OSError, EOFError, NotImplementedError, RuntimeError, KeyError
    ):  # fmt: skip
        raise Refused(_("This ZIP is damaged, or is none. Export the design again.")) from None


def _checked(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The members by name. What is made to do harm is refused before one byte of it is unpacked."""
    parts = [part for part in archive.infolist() if not part.is_dir()]
    most = settings.BLENDEDU_UPLOAD_MAX_BYTES
    if len(parts) > MEMBERS_MAX:
        raise Refused(_("This ZIP holds more than %(most)s files; a design holds fewer.") % {"most": MEMBERS_MAX})
    for part in archive.infolist():
        if _is_unsafe(part):
            raise Refused(_("“%(name)s” leads out of the ZIP; nothing of it is read.") % {"name": shown(part.filename)})
        if part.flag_bits & 0x1:
            raise Refused(_("This ZIP is locked with a password. Make one without."))
    if any(times > 1 for times in Counter(part.filename for part in parts).values()):
        raise Refused(_("Two files in this ZIP have the same name; nothing of it is read."))
    for part in parts:
        if part.file_size > most:
            told = {"name": shown(part.filename), "most": in_bytes(most)}
            raise Refused(_("“%(name)s” is larger than %(most)s, the most that a file may be.") % told)
    if _overlap(parts) or sum(part.file_size for part in parts) > 2 * most or any(map(_is_dense, parts)):
        raise Refused(_("This ZIP unpacks to far more than it is; it is not opened."))
    return {part.filename: part for part in parts}


def _is_unsafe(part: zipfile.ZipInfo) -> bool:
    name = part.orig_filename.replace("\\", "/")
    return (
        name.startswith("/")
        or ".." in name.split("/")
        or ":" in name
        or "\x00" in name
        or stat.S_ISLNK(part.external_attr >> 16)
    )


def _is_dense(part: zipfile.ZipInfo) -> bool:
    return part.file_size > RATIO_FROM and part.file_size > RATIO_MAX * max(part.compress_size, 1)


def _overlap(parts: Iterable[zipfile.ZipInfo]) -> bool:
    """Whether two members are made of the same bytes, so that few of them unpack to many."""
    end = 0
    for part in sorted(parts, key=lambda part: part.header_offset):
        if part.header_offset < end:
            return True
        end = part.header_offset + part.compress_size
    return False


def _manifest(archive: zipfile.ZipFile, members: Mapping[str, zipfile.ZipInfo]) -> dict[str, Any]:  # Any: JSON
    if MANIFEST not in members or DESIGN not in members:
        told = {"manifest": MANIFEST, "design": DESIGN}
        raise Refused(_("This ZIP holds no design of BlendEdu: “%(manifest)s” and “%(design)s” belong in it.") % told)
    said = _json(archive, members, MANIFEST, MANIFEST_MAX, None)
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        raise Refused(_("This ZIP holds no design of BlendEdu."), MANIFEST)
    version = said.get("version")
    if version != VERSION or isinstance(version, bool):
        versions = {"theirs": shown(version), "ours": VERSION}
        raise Refused(
            _("This is version %(theirs)s of the format; version %(ours)s is read here.") % versions, MANIFEST
        )
    return said


def _json(
    archive: zipfile.ZipFile,
    members: Mapping[str, zipfile.ZipInfo],
    path: str,
    most: int,
    told: Any,  # Any: JSON
) -> Any:  # Any: JSON
    if members[path].file_size > most:
        raise Refused(_("This is larger than a design can be."), path)
    source = archive.read(members[path])
    if path == DESIGN and (not isinstance(told, dict) or told.get("sha256") != hashlib.sha256(source).hexdigest()):
        raise _broken(path)
    try:
        return design_json.parsed(source)
    except Refused as refused:
        raise Refused(str(refused), f"{path} {refused.where}".strip()) from None


def _broken(path: str) -> Refused:
    return Refused(_("“%(name)s” is not as it was when it was exported. Export it again.") % {"name": shown(path)})


def _described(row: Mapping[str, Any]) -> tuple[str, str, str, str]:  # Any: JSON
    activity, kind, name, language = (str(row.get(each, "")) for each in ("activity", "kind", "name", "language"))
    return activity, kind, name, language


def _taken(
    archive: zipfile.ZipFile,
    members: Mapping[str, zipfile.ZipInfo],
    rows: Iterable[Mapping[str, Any]],  # Any: JSON
    outline: Outline,
    report: Report,
) -> Iterator[Packed]:
    """The files that an activity of the design can have; the others are named."""
    types = {each.key: registry.get(each.values["type_key"]) for each in outline.activities}
    titles = {each.key: each.title for each in outline.activities}
    count: Counter[tuple[str, str, str]] = Counter()
    looked_through: dict[tuple[str, str, str], tuple[str, int]] = {}
    for row in rows:
        activity, kind, name, language = _described(row)
        path = row.get("path")
        if not isinstance(path, str) or not _PATH.fullmatch(path) or path not in members:
            report.left_out(shown(path or name), _("The manifest names this file, and it is not in the ZIP."))
            continue
        if activity not in types:
            report.left_out(path, _("“%(name)s” belongs to no activity of this design.") % {"name": shown(name)})
            continue
        if kind not in types[activity].takes_files:
            told = {"name": shown(name), "title": shown(titles[activity])}
            report.left_out(path, _("“%(title)s” takes no such file as “%(name)s”.") % told)
            continue
        place = (activity, kind, language if kind == Material.Kind.CAPTIONS else "")
        count[place] += 1
        if count[place] > (1 if kind == Material.Kind.CAPTIONS else MOST[kind]):
            told = {"name": shown(name), "title": shown(titles[activity])}
            report.left_out(path, _("“%(title)s” has its files of this kind already; “%(name)s” is left out.") % told)
            continue
        if (path, kind, name) not in looked_through:
            looked_through[path, kind, name] = _look_through(archive, members[path], row, kind, name)
        clean, size = looked_through[path, kind, name]
        yield Packed(activity, kind, clean, size, uploads.content_type_of(clean), _language(language), path)


def _look_through(
    archive: zipfile.ZipFile,
    part: zipfile.ZipInfo,
    row: Mapping[str, Any],  # Any: JSON
    kind: str,
    name: str,
) -> tuple[str, int]:
    """Read a file once, piece by piece: its size, its digest, and whether it is what its name says."""
    most = captions.BYTES_MAX if kind == Material.Kind.CAPTIONS else settings.BLENDEDU_UPLOAD_MAX_BYTES
    digest, size, head = hashlib.sha256(), 0, b""
    whole: list[bytes] = []
    with archive.open(part) as member:
        while piece := member.read(CHUNK):
            head = head or piece[: uploads.HEAD]
            digest.update(piece)
            size += len(piece)
            if size > most:
                break  # it is refused below, by its size
            if kind == Material.Kind.CAPTIONS:
                whole.append(piece)
    try:
        clean = uploads.check(name, size, head, accepted=ACCEPTED[kind], max_bytes=most)
        if uploads.extension_of(clean) not in extensions_for(kind):
            raise uploads.BadFile("wrong_type", name=clean, extensions=", ".join(extensions_for(kind)))
        if kind == Material.Kind.CAPTIONS:
            captions.check(clean, b"".join(whole))
    except uploads.BadFile as bad:
        raise Refused(why_not(bad), part.filename) from None
    if digest.hexdigest() != row.get("sha256") or size != row.get("size"):
        raise _broken(name or part.filename)
    return clean, size


def _language(text: str) -> str:
    return text[:12] if re.fullmatch(r"[A-Za-z0-9-]{0,12}", text) else ""
