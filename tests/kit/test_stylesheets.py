"""The look stays small, in tokens, and within what a strict policy allows."""

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
STYLES = sorted((ROOT / "static" / "css").glob("*.css"))
TEMPLATES = sorted(
    path
    for folder in ("templates", "blendedu", "courses", "activities", "programmes", "institution")
    for path in (ROOT / folder).rglob("*.html")
)
ICONS = set(re.findall(r'<symbol id="([\w-]+)"', (ROOT / "static/icons/sprite.svg").read_text(encoding="utf-8")))


def without_comments(css: str) -> str:
    return re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)


FRAME = {"tokens.css", "base.css", "layout.css", "components.css", "charts.css"}


def test_the_styles_of_every_page_stay_small() -> None:
    assert sum(path.stat().st_size for path in STYLES if path.name in FRAME) < 40_000


def test_the_table_of_style_sheets_names_each_of_them_and_no_other() -> None:
    table = re.findall(
        r"^\| `([\w-]+\.css)` \|", (ROOT / "templates/README.md").read_text(encoding="utf-8"), re.MULTILINE
    )

    assert sorted(table) == [path.name for path in STYLES]


@pytest.mark.parametrize("path", [path for path in STYLES if path.name not in FRAME], ids=lambda path: path.name)
def test_the_styles_of_one_subject_stay_small(path: Path) -> None:
    assert path.stat().st_size < 12_000


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_only_tokens_name_a_colour(path: Path) -> None:
    if path.name == "tokens.css":
        return

    css = without_comments(path.read_text(encoding="utf-8"))

    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl|oklch)a?\(|!important", css) == []


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_every_token_that_is_used_exists(path: Path) -> None:
    css = "".join(style.read_text(encoding="utf-8") for style in STYLES)
    defined = set(re.findall(r"(--[\w-]+)\s*:", css))

    used = set(re.findall(r"var\((--[\w-]+)\)", path.read_text(encoding="utf-8")))

    assert used - defined == set()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_templates_ask_only_for_icons_that_exist(path: Path) -> None:
    asked = set(re.findall(r"""\{% icon ["']([\w-]+)["']""", path.read_text(encoding="utf-8")))
    asked |= set(re.findall(r"""\bicon=["']([\w-]+)["']""", path.read_text(encoding="utf-8")))

    assert asked - ICONS == set()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_templates_ask_only_for_static_files_that_exist(path: Path) -> None:
    asked = re.findall(r"""\{% static ["']([^"'{]+)["']""", path.read_text(encoding="utf-8"))

    assert [name for name in asked if not (ROOT / "static" / name).exists()] == []
