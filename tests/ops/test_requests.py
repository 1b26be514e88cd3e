"""What holds for every request, whatever the page."""

import pytest
from django.test import Client
from django.urls import reverse


def test_every_response_has_a_number_and_keeps_the_one_it_was_given(client: Client) -> None:
    given = client.get("/healthz", headers={"X-Request-ID": "abc-12345678"})
    made = client.get("/healthz")

    assert given["X-Request-ID"] == "abc-12345678"
    assert len(made["X-Request-ID"]) == 32


def test_a_number_that_could_write_a_line_into_the_log_is_replaced(client: Client) -> None:
    response = client.get("/healthz", headers={"X-Request-ID": "1\nlevel=error"})

    assert len(response["X-Request-ID"]) == 32


@pytest.mark.parametrize(
    "directive",
    [
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    ],
)
def test_pages_run_only_what_this_site_serves(client: Client, directive: str) -> None:
    policy = client.get("/healthz")["Content-Security-Policy"]

    assert directive in policy.split("; ")
    assert "unsafe" not in policy


def test_a_body_larger_than_any_upload_is_refused_before_it_is_read(client: Client, settings) -> None:
    settings.BLENDEDU_UPLOAD_MAX_BYTES = 1000

    response = client.post("/healthz", b"x" * 2_000_000, content_type="application/octet-stream")

    assert response.status_code == 413
    assert response.content.decode().startswith("This is larger than 1000")


def test_a_page_asks_who_you_are_before_it_shows_anything(client: Client) -> None:
    response = client.get(reverse("home"))

    assert response.status_code == 302
    assert response["Location"] == reverse("account_login") + "?next=/"


def test_a_fragment_is_never_replaced_by_the_sign_in_page(client: Client) -> None:
    response = client.get(reverse("home"), headers={"HX-Request": "true"})

    assert response.status_code == 401
    assert response["HX-Trigger"] == '{"signedOut": {"login": "' + reverse("account_login") + '"}}'


@pytest.mark.django_db
def test_nobody_signs_up_by_themselves(client: Client) -> None:
    response = client.post(
        reverse("account_signup"),
        {"email": "eve@example.org", "password1": "a long password", "password2": "a long password"},
    )

    assert response.status_code == 200
    assert response.templates[0].name == "account/signup_closed.html"


def test_the_staff_pages_have_no_door_of_their_own(client: Client) -> None:
    response = client.get(reverse("admin:login"))

    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))
