"""Small real files, made here, so that what students handed in can be opened."""

from __future__ import annotations

from collections.abc import Sequence

LINE = 18  # points from line to line


def pdf(title: str, lines: Sequence[str]) -> bytes:
    """A valid PDF of one page."""
    words = [f"BT /F1 16 Tf 56 780 Td ({_escaped(title)}) Tj ET"]
    words += [f"BT /F1 11 Tf 56 {748 - LINE * place} Td ({_escaped(line)}) Tj ET" for place, line in enumerate(lines)]
    drawn = "\n".join(words).encode("cp1252", "replace")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (en-GB) >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
            b"/Resources << /Font << /F1 5 0 R >> >> >>"
        ),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    return bytes(out)


def text(title: str, lines: Sequence[str]) -> bytes:
    """The same as plain text."""
    return "\n".join([title, "=" * len(title), "", *lines, ""]).encode()


def _escaped(words: str) -> str:
    return words.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
