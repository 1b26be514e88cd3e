"""Texts that want to be more than texts, and how to see that they are not."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

NASTY = [
    "<script>alert('canary')</script>",
    "<img src=x onerror=alert('canary')>",
    "<svg/onload=alert('canary')>",
    "<iframe src=javascript:alert('canary')></iframe>",
    "<a href='javascript:alert(1)'>canary</a>",
    "[canary](javascript:alert(1))",
    "[canary](data:text/html;base64,PHNjcmlwdD4=)",
    "![canary](https://evil.example/pixel.png)",
    '<p style="position:fixed" onclick="alert(1)">canary</p>',
    "</textarea><script>alert('canary')</script>",
    "\"><script>alert('canary')</script>",
    "{{ 7|add:7 }}{% load static %}canary",
    "<style>body{display:none}</style>canary",
    "<form action=https://evil.example><button>canary</button></form>",
]


class _Tags(HTMLParser):
    """What a browser would make of a page: the tags and attributes that could do harm."""

    def __init__(self) -> None:
        super().__init__()
        self.harm: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in {"iframe", "img", "style", "object", "embed", "base"} or (tag == "script" and "src" not in given):
            self.harm.append(tag)
        self.harm += [f"{tag} {name}" for name in given if name.startswith("on") or name in {"style", "srcdoc"}]
        for name in ("href", "src", "action", "formaction"):
            if re.match(r"\s*(?!https?:|mailto:)[a-z]+:", given.get(name) or "", re.IGNORECASE):
                self.harm.append(f"{tag} {name}")
        if tag == "form" and "evil" in (given.get("action") or ""):
            self.harm.append("form")


def is_harmless(response: Any) -> bool:
    """Whether nothing of the texts above became a tag or a link; the page itself was drawn."""
    tags = _Tags()
    tags.feed(response.content.decode())
    assert tags.harm == []
    return response.status_code < 500
