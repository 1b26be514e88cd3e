"""What people write is shown as text, never obeyed."""

import re

import pytest

from blendedu.kit.markdown import to_html

ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe src=//evil.example></iframe>",
    "<style>body{display:none}</style>",
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox)",
    "[x](file:///etc/passwd)",
    "[x](/courses/delete)",
    "[x](//evil.example)",
    "![x](https://evil.example/pixel.png)",
    "![x](x 'onerror=alert(1)')",
    '[x](https://a.example "onmouseover=alert(1)")',
    "```html\n<script>alert(1)</script>\n```",
    "<div class='btn' id='main' style='position:fixed'>x</div>",
    "[x]: javascript:alert(1)\n[x]",
    "<https://a.example/'onclick=alert(1)>",
    "\x00<scr\x00ipt>alert(1)</script>",
]


@pytest.mark.parametrize("text", ATTACKS)
def test_nothing_written_becomes_code_or_points_where_it_may_not(text: str) -> None:
    html = to_html(text)

    tags = re.findall(r"<(/?)([a-zA-Z0-9]+)([^>]*)>", html)
    assert {name for _, name, _ in tags} <= {"p", "a", "pre", "code", "img", "em"} - {"img"}
    attributes = {
        attribute for _, _, rest in tags for attribute in re.findall(r"([\w-]+)=", re.sub(r'"[^"]*"', '""', rest))
    }
    assert attributes <= {"href", "rel", "title"}
    assert all(href.startswith(("http://", "https://", "mailto:")) for href in re.findall(r'href="([^"]*)"', html))


def test_links_tell_the_other_site_nothing_and_lend_it_nothing() -> None:
    assert to_html("[a](https://a.example)") == '<p><a href="https://a.example" rel="noopener nofollow">a</a></p>\n'


def test_raw_html_is_shown_as_it_was_typed() -> None:
    assert to_html("use <b> here") == "<p>use &lt;b&gt; here</p>\n"


def test_headings_begin_below_those_of_the_page() -> None:
    assert to_html("# One\n\n###### Six") == "<h3>One</h3>\n<h6>Six</h6>\n"


def test_lists_tables_and_code_stay() -> None:
    html = to_html("- a\n- b\n\n1. c\n\n|a|b|\n|-|-|\n|1|2|\n\n`x` ~~y~~ **z**")

    for kept in ("<ul>", "<ol>", "<table>", "<td>1</td>", "<code>x</code>", "<s>y</s>", "<strong>z</strong>"):
        assert kept in html


def test_alignment_of_a_table_brings_no_style() -> None:
    assert "style" not in to_html("|a|\n|:-:|\n|1|")
