"""One answer for both ways of asking."""

import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from django.test.utils import override_settings
from django_htmx.middleware import HtmxDetails

from blendedu.kit.fragment import fragment

BOARD = "{% partialdef board inline %}<ul id=board>{{ n }}</ul>{% endpartialdef %}"
PAGES = {"page.html": "{% load partials %}<main>" + BOARD + "</main>"}
WHOLE, PART = "<main><ul id=board>3</ul></main>", "<ul id=board>3</ul>"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [("template_partials.loader.Loader", [("django.template.loaders.locmem.Loader", PAGES)])],
            "builtins": ["template_partials.templatetags.partials"],
        },
    }
]


@pytest.fixture(autouse=True)
def _pages():
    with override_settings(TEMPLATES=TEMPLATES):
        yield


def asked(**headers: str) -> HttpRequest:
    request = RequestFactory().post("/", headers=headers)
    request.htmx = HtmxDetails(request)
    return request


def answer(request: HttpRequest, **options) -> tuple[int, str]:
    response = fragment(request, "page.html", "board", {"n": 3}, **options)
    return response.status_code, response.content.decode()


def test_htmx_gets_the_part() -> None:
    assert answer(asked(hx_request="true"), page="/plan/") == (200, PART)


def test_htmx_gets_the_part_with_its_status() -> None:
    assert answer(asked(hx_request="true"), status=409) == (409, PART)


def test_everyone_else_is_sent_to_the_page_and_asks_again_with_get() -> None:
    response = fragment(asked(), "page.html", "board", {"n": 3}, page="/plan/")

    assert (response.status_code, response["Location"]) == (303, "/plan/")


def test_a_refused_form_without_htmx_is_the_whole_page_with_its_status() -> None:
    assert answer(asked(), status=422, page="/plan/") == (422, WHOLE)


@pytest.mark.parametrize("header", ["hx_boosted", "hx_history_restore_request"])
def test_a_boosted_link_or_a_restored_page_is_whole(header: str) -> None:
    assert answer(asked(**{"hx_request": "true", header: "true"})) == (200, WHOLE)


def test_caches_keep_both_answers_apart() -> None:
    assert "HX-Request" in fragment(asked(), "page.html", "board", {}, page="/")["Vary"]
