"""Which files are taken: extension, size and content must agree (OWASP ASVS 5.0, V5.2.1 and V5.2.2)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

MEGABYTE = 1024 * 1024
NAME_MAX = 120
EXTENSION_MAX = 12
HEAD = 512  # bytes of the file that are looked at


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file that a lecturer can ask for: its word, the extensions, and how such files begin."""

    key: str
    extensions: tuple[str, ...]
    heads: tuple[bytes, ...]  # empty: text, checked for being text
    offset: int = 0
    also: bytes = b""  # what stands after the eight bytes of a RIFF head, which pictures and sounds share


_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLE = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",)
KINDS: tuple[tuple[str, tuple[Kind, ...]], ...] = (
    ("pdf", (Kind("pdf", ("pdf",), (b"%PDF-",)),)),
    (
        "document",
        (
            Kind("document", ("docx", "odt"), _ZIP),
            Kind("document", ("doc",), _OLE),
            Kind("document", ("rtf",), (b"{\\rtf",)),
        ),
    ),
    (
        "presentation",
        (Kind("presentation", ("pptx", "odp"), _ZIP), Kind("presentation", ("ppt",), _OLE)),
    ),
    ("spreadsheet", (Kind("spreadsheet", ("xlsx", "ods"), _ZIP), Kind("spreadsheet", ("xls",), _OLE))),
    ("text", (Kind("text", ("txt", "md", "csv"), ()),)),
    (
        "image",
        (
            Kind("image", ("png",), (b"\x89PNG\r\n\x1a\n",)),
            Kind("image", ("jpg", "jpeg"), (b"\xff\xd8\xff",)),
            Kind("image", ("gif",), (b"GIF87a", b"GIF89a")),
            Kind("image", ("webp",), (b"RIFF",), also=b"WEBP"),
        ),
    ),
    (
        "video",
        (
            Kind("video", ("mp4", "m4v", "mov"), (b"ftyp",), offset=4),
            Kind("video", ("webm",), (b"\x1a\x45\xdf\xa3",)),
        ),
    ),
    (
        "sound",
        (
            Kind("sound", ("mp3",), (b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2")),
            Kind("sound", ("m4a",), (b"ftyp",), offset=4),
            Kind("sound", ("ogg",), (b"OggS",)),
            Kind("sound", ("wav",), (b"RIFF",), also=b"WAVE"),
        ),
    ),
    ("archive", (Kind("archive", ("zip",), _ZIP),)),
    ("captions", (Kind("captions", ("vtt",), (b"WEBVTT", b"\xef\xbb\xbfWEBVTT")),)),
)
KEYS = tuple(key for key, _kinds in KINDS if key != "captions")

_BY_EXTENSION = {extension: kind for _key, kinds in KINDS for kind in kinds for extension in kind.extensions}

# What a browser is told. Everything is served as an attachment, except what a clip's player needs.
CONTENT_TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "mp4": "video/mp4",
    "m4v": "video/mp4",
    "mov": "video/quicktime",
    "webm": "video/webm",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "ogg": "audio/ogg",
    "wav": "audio/wav",
    "txt": "text/plain; charset=utf-8",
    "md": "text/plain; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "vtt": "text/vtt; charset=utf-8",
    "zip": "application/zip",
}


class BadFile(ValueError):
    """The file is not taken. `reason` is a key of the messages in activities.words, `facts` what they tell."""

    def __init__(self, reason: str, **facts: object) -> None:
        self.reason = reason
        self.facts = facts
        super().__init__(f"{reason} {facts}")


def clean_name(name: str) -> str:
    """The last part of the name that a person gave, without anything that could be a path, a header or a trick."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/").split("/")[-1])
    name = "".join(sign for sign in name if unicodedata.category(sign)[0] != "C")
    name = re.sub(r"\s+", " ", name).strip(" .")
    if len(name) > NAME_MAX:
        stem, dot, extension = name.rpartition(".")
        if not dot or len(extension) > EXTENSION_MAX:
            return name[:NAME_MAX]
        name = f"{stem[: NAME_MAX - len(extension) - 1]}.{extension}"
    return name or "file"


def extension_of(name: str) -> str:
    """The extension in lower case, without the dot; empty when there is none."""
    _stem, dot, extension = name.rpartition(".")
    return extension.lower() if dot else ""


def content_type_of(name: str) -> str:
    """What to call the file to a browser; anything unknown is just bytes."""
    return CONTENT_TYPES.get(extension_of(name), "application/octet-stream")


def extensions_for(accepted: tuple[str, ...]) -> tuple[str, ...]:
    """All extensions of these kinds, for the file chooser and for messages."""
    return tuple(
        extension for key, kinds in KINDS if key in accepted for kind in kinds for extension in kind.extensions
    )


def check(name: str, size: int, head: bytes, *, accepted: tuple[str, ...], max_bytes: int) -> str:
    """The cleaned name of a file that can be taken.

    `head` is the first 512 bytes. Raises BadFile: empty, too_large, wrong_type, not_what_it_says.
    """
    name = clean_name(name)
    if size == 0:
        raise BadFile("empty", name=name)
    if size > max_bytes:
        raise BadFile("too_large", name=name, megabytes=max_bytes // MEGABYTE)
    kind = _BY_EXTENSION.get(extension_of(name))
    if kind is None or kind.key not in accepted:
        raise BadFile("wrong_type", name=name, extensions=", ".join(extensions_for(accepted)))
    begins = head[kind.offset :]
    agrees = any(begins.startswith(start) for start in kind.heads) if kind.heads else _is_text(head)
    if not agrees or not head[8:].startswith(kind.also):
        raise BadFile("not_what_it_says", name=name, extension=extension_of(name))
    return name


def _is_text(head: bytes) -> bool:
    if b"\x00" in head:
        return head.startswith((b"\xff\xfe", b"\xfe\xff"))
    # SECURITY: a page called notes.txt stays a page for a browser that guesses.
    return not re.match(rb"\s*<(!doctype|html|script|svg|\?xml)", head, re.IGNORECASE)
