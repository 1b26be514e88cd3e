"""Text that people write, turned into HTML that is safe to show."""

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
