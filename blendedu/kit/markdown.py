"""Text that people write, turned into HTML that is safe to show."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

TAGS = {
    *("p", "br", "hr", "em", "strong", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a"),
    *("h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"),
}
_reader = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
# SECURITY: no classes, ids or styles, so that written text can never look or behave like a part of the page; no
# relative addresses, so that it cannot point into the site by accident of where it is shown; no images, because an
# image of another host tells that host who is reading.
_cleaner = nh3.Cleaner(
    tags=TAGS,
    attributes={"a": {"href", "title"}, "ol": {"start"}},
    url_schemes={"http", "https", "mailto"},
    url_relative="deny",
    link_rel="noopener nofollow",
    strip_comments=True,
)


@lru_cache(maxsize=1024)
def to_html(text: str) -> str:
    """Clean HTML of a markdown text. Raw HTML in it is shown as it was typed, never obeyed."""
    tokens = _reader.parse(text)
    for token in tokens:
        _lower_heading(token)
    return str(_cleaner.clean(_reader.renderer.render(tokens, _reader.options, {})))


def _lower_heading(token: Token) -> None:
    """A page has one h1 and its own h2s: headings inside a text begin below them."""
    if token.type in {"heading_open", "heading_close"}:
        token.tag = f"h{min(int(token.tag[1]) + 2, 6)}"


@dataclass(frozen=True, slots=True)
class Run:
    """Words of a paragraph that look alike. `href` is empty where they link to nothing."""

    text: str
    strong: bool = False
    emphasis: bool = False
    code: bool = False
    href: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph of a text: `kind` is paragraph, heading, item, quote or code; `mark` stands before an item."""

    kind: str
    runs: tuple[Run, ...]
    depth: int = 0
    mark: str = ""


def to_blocks(text: str) -> tuple[Block, ...]:
    """A markdown text for paper, where no HTML helps. Links keep only addresses that a page would keep too."""
    blocks: list[Block] = []
    kind, lists, mark = "paragraph", list[int | None](), ""
    for token in _reader.parse(text):
        if token.type == "heading_open":
            kind = "heading"
        elif token.type == "heading_close":
            kind = "paragraph"
        elif token.type == "blockquote_open":
            kind = "quote"
        elif token.type == "blockquote_close":
            kind = "paragraph"
        elif token.type in {"bullet_list_open", "ordered_list_open"}:
            lists.append(int(token.attrGet("start") or 1) if token.type.startswith("ordered") else None)
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            lists.pop()
        elif token.type == "list_item_open":
            number = lists[-1]
            mark = "•" if number is None else f"{number}."
            lists[-1] = None if number is None else number + 1
        elif token.type in {"fence", "code_block"}:
            blocks.append(Block("code", (Run(token.content.rstrip("\n"), code=True),), len(lists)))
        elif token.type == "inline":
            blocks.append(Block("item" if lists else kind, _runs(token.children or []), len(lists), mark))
            mark = ""
    return tuple(blocks)


def _runs(tokens: Iterable[Token]) -> tuple[Run, ...]:
    runs, strong, emphasis, href = list[Run](), 0, 0, ""
    for token in tokens:
        strong += {"strong_open": 1, "strong_close": -1}.get(token.type, 0)
        emphasis += {"em_open": 1, "em_close": -1}.get(token.type, 0)
        if token.type == "link_open":
            address = str(token.attrGet("href") or "")
            href = address if address.startswith(("https://", "http://", "mailto:")) else ""
        elif token.type == "link_close":
            href = ""
        said = "\n" if token.type == "hardbreak" else " " if token.type == "softbreak" else token.content
        if said:
            runs.append(Run(said, strong > 0, emphasis > 0, token.type == "code_inline", href))
    return tuple(runs)
