"""PDF files for printing and for reading aloud: tagged, with fonts of our own, in black and white.

A document is a Typst file of ours; what it shows comes as data and is never read as code. Every file keeps PDF/UA-1
(ISO 14289-1, 2014): Typst refuses to write one that does not.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typst

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

HERE = Path(__file__).parent
ROOT = HERE.parents[2]  # what a document may import from: its own folder and this one


def pdf(document: Path, data: Mapping[str, Any], *, at: datetime) -> bytes:  # Any: what JSON can say
    """Write a document with its data; `at` is the moment that the file says it was made, with its zone."""
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[HERE / "fonts"])
    compiler = typst.Compiler(document, root=ROOT, font_paths=fonts, sys_inputs={"data": json.dumps(data)})
    written = compiler.compile(format="pdf", pdf_standards="ua-1", timestamp=int(at.timestamp()))
    assert isinstance(written, bytes)
    return written
