"""The pages around signing in wear the product's look and need no inline script or style."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from blendedu.people.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def els() -> User:
    return User.objects.create_user("els@meridian.example", "a good password", name="Els Vos")


def faults(html: str) -> list[str]:
    """What a strict policy would refuse, or a reader stumble over."""
    found = re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>|<style|\sstyle=|\son\w+=", html)
    found += [] if len(re.findall(r"<h1\b", html)) == 1 else ["not one h1"]
    found += [] if re.search(r'<html lang="en-gb"', html) else ["no language"]
    ids = re.findall(r'\sid="([^"]+)"', html)
    return found + [one for one in set(ids) if ids.count(one) > 1]


@pytest.mark.parametrize("name", ["account_login", "account_reset_password", "account_reset_password_done"])
def test_whoever_is_signed_out_sees_a_page_without_faults(client: Client, name: str) -> None:
    response = client.get(reverse(name))

    assert (response.status_code, faults(response.content.decode())) == (200, [])


@pytest.mark.parametrize("name", ["account_logout", "account_email", "account_change_password", "mfa_index"])
def test_whoever_is_signed_in_sees_a_page_without_faults(client: Client, els: User, name: str) -> None:
    client.force_login(els)

    response = client.get(reverse(name))

    assert (response.status_code, faults(response.content.decode())) == (200, [])


@pytest.mark.parametrize("name", ["account_login", "account_reset_password"])
def test_an_address_is_called_the_same_as_in_the_menu(client: Client, name: str) -> None:
    html = client.get(reverse(name)).content.decode()

    assert re.findall(r"<label[^>]*>(E-?mail[^<]*)</label>", html) == ["E-mail address"]
    assert "placeholder" not in html


def test_the_way_to_a_new_password_stands_after_the_button(client: Client) -> None:
    html = client.get(reverse("account_login")).content.decode()

    assert html.count(reverse("account_reset_password")) == 1
    assert html.index('type="submit"') < html.index(reverse("account_reset_password"))


def test_the_page_of_two_steps_has_the_name_that_leads_to_it(client: Client, els: User) -> None:
    client.force_login(els)

    html = client.get(reverse("mfa_index")).content.decode()

    assert re.search(r"<h1[^>]*>\s*Two-step sign-in\s*</h1>", html)


def test_a_wrong_password_is_said_above_the_form_and_keeps_the_address(client: Client, els: User) -> None:
    response = client.post(reverse("account_login"), {"login": els.email, "password": "wrong"})

    html = response.content.decode()
    assert 'class="errorsummary"' in html
    assert f'value="{els.email}"' in html
    assert faults(html) == []


def test_the_right_password_opens_the_front_door(client: Client, els: User) -> None:
    response = client.post(reverse("account_login"), {"login": els.email, "password": "a good password"})

    assert (response.status_code, response["Location"]) == (302, "/")


def test_a_page_that_is_not_there_keeps_the_frame(client: Client, els: User) -> None:
    client.force_login(els)

    response = client.get("/nothing/here/")

    html = response.content.decode()
    assert (response.status_code, faults(html)) == (404, [])
    assert "This page is not here" in html


def test_an_old_form_is_refused_with_what_to_do(els: User) -> None:
    careful = Client(enforce_csrf_checks=True)

    response = careful.post(reverse("account_login"), {"login": els.email, "password": "a good password"})

    assert (response.status_code, faults(response.content.decode())) == (403, [])
    assert "This page was too old to be sent" in response.content.decode()


def test_a_fragment_costs_the_frame_nothing(client: Client, els: User, django_assert_num_queries) -> None:
    from django.template.loader import render_to_string
    from django.test import RequestFactory

    request = RequestFactory().get("/")
    request.user = els

    with django_assert_num_queries(0):
        render_to_string("components/chip.html", {"text": "x"}, request=request)
