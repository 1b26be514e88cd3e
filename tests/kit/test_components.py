"""Components draw what they are given, in marks that a reader without eyes can follow."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory

from blendedu.kit import charts
from blendedu.kit.forms import MinutesField

COMPONENTS = sorted((Path(settings.BASE_DIR) / "templates" / "components").glob("*.html"))


class Outline(HTMLParser):
    """The tags of a page with their attributes, and whether every tag is closed."""

    VOID = {"input", "br", "hr", "img", "meta", "link", "rect", "use", "circle", "line", "path"}

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


class ActivityForm(forms.Form):
    title = forms.CharField(help_text="What students read.")
    minutes = MinutesField(required=False)
    agree = forms.BooleanField(label="Agreed")
    environment = forms.ChoiceField(widget=forms.RadioSelect, choices=[("digital", "Digital"), ("hybrid", "Hybrid")])


def drawn(component: str, **arguments: object) -> str:
    return render_to_string(f"components/{component}.html", arguments)


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.stem)
def test_every_component_states_its_arguments_and_compiles(path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]

    assert re.match(r"\{# .+ #\}", first)
    get_template(f"components/{path.name}")


def test_a_field_is_tied_to_its_label_help_and_errors() -> None:
    form = ActivityForm({"title": "", "minutes": "10,000"})

    page = Outline(drawn("fields", form=form))

    title = next(tag for tag in page.all("input") if tag.get("name") == "title")
    ids = {attributes["id"] for _, attributes in page.tags if attributes.get("id")}
    assert title["aria-invalid"] == "true"
    assert set((title["aria-describedby"] or "").split()) == {"id_title_helptext", "id_title_error"} <= ids
    assert {"for": "id_title"} in page.all("label")


def test_the_error_summary_leads_to_each_field() -> None:
    form = ActivityForm({"title": "", "minutes": "soon"})

    page = Outline(drawn("error_summary", form=form))

    assert [a["href"] for a in page.all("a")] == ["#id_title", "#id_minutes", "#id_agree", "#id_environment_0"]


def test_a_form_without_mistakes_has_no_summary() -> None:
    assert drawn("error_summary", form=ActivityForm()).strip() == ""


def test_radio_buttons_are_one_group_with_one_name() -> None:
    page = Outline(drawn("field", field=ActivityForm()["environment"]))

    assert len(page.all("fieldset")) == len(page.all("legend")) == 1


def test_a_rhythm_is_drawn_and_told_as_a_table() -> None:
    weeks = [
        charts.WeekLoad(1, {("digital", "async"): 88, ("physical", "sync"): 90}),
        charts.WeekLoad(2, {("digital", "async"): 166}, limit=120),
    ]

    html = drawn("rhythm", chart=charts.rhythm(weeks))

    page = Outline(html)
    assert [tag["class"] for tag in page.all("rect")] == [
        "shape env-physical",
        "shape env-digital async",
        "shape env-digital async",
    ]
    assert re.findall(r'<td class="end num">([^<]*)</td>', html) == [
        *("–", "1 h 30", "1 h 28", "–", "2 h 58"),
        *("–", "–", "2 h 46", "–", "2 h 46"),
    ]
    assert "over the limit" in html


def test_a_rhythm_without_minutes_says_what_to_do() -> None:
    html = drawn("rhythm", chart=charts.rhythm([charts.WeekLoad(1, {})]))

    assert "No activity has minutes yet." in html
    assert Outline(html).all("table") == []


def test_a_bar_says_its_shares() -> None:
    bar = charts.environment_blend({"digital": 2, "hybrid": 1})

    svg = Outline(drawn("blend_bar", blend=bar, label="Environment")).all("svg")[0]

    assert (svg["role"], svg["aria-label"]) == ("img", "Environment: Digital 67%, Hybrid 33%")


def test_numbers_in_a_drawing_keep_their_point_in_every_language(settings) -> None:
    from django.utils import translation

    settings.USE_THOUSAND_SEPARATOR = True
    with translation.override("nl"):
        html = drawn("blend_bar", blend=charts.environment_blend({"digital": 2, "hybrid": 1}), label="x")

    assert [tag["width"] for tag in Outline(html).all("rect")] == ["66.67%", "33.33%"]


def test_pages_keep_the_rest_of_the_address() -> None:
    page = Paginator(range(100), 10).page(5)
    request = RequestFactory().get("/courses/", {"q": "marketing", "page": "5"})

    html = render_to_string("components/pagination.html", {"page": page}, request=request)

    assert "?q=marketing&amp;page=6" in html
    assert re.findall(r">(\d+|…)<", html) == ["1", "…", "4", "5", "6", "…", "10"]


def test_a_single_page_has_no_pages() -> None:
    assert "nav" not in drawn("pagination", page=Paginator([1], 10).page(1))


def test_a_deadline_in_a_heat_table_is_said_too() -> None:
    cell = charts.heat_cells([420], darkest=660)[0]

    html = drawn("heat_cell", cell=cell, deadlines=2)

    assert '<td class="v-6">7 h<span class="dl" aria-hidden="true">▲▲</span>' in html
    assert ", 2 deadlines" in html


@pytest.mark.parametrize("component", ["avatar", "chip", "empty", "notice", "finding", "problem", "toast"])
def test_components_show_what_people_typed_as_text(component: str) -> None:
    attack = "<script>alert(1)</script>"

    html = drawn(component, name=attack, text=attack, title=attack, label=attack, url="/", tone="warn")

    assert "<script" not in html
    assert "&lt;script&gt;" in html


@pytest.mark.parametrize("name", ["400", "500", "403_csrf"])
def test_pages_for_bad_moments_need_nothing_but_themselves(name: str) -> None:
    page = Outline(render_to_string(f"{name}.html", {}).replace("<!doctype html>", ""))

    assert len(page.all("h1")) == 1
