"""What support staff may do in the administration of rows, and what they cannot give themselves."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from blendedu.people.models import User

pytestmark = pytest.mark.django_db

PASSWORD = "a long and quiet sentence"


@pytest.fixture
def support(client):
    """Somebody who keeps people, and is not over everything."""
    person = User.objects.create_user("support@example.org", PASSWORD, name="Support", is_staff=True)
    person.user_permissions.set(Permission.objects.filter(content_type__app_label="people"))
    client.force_login(person)
    return person


def change(client, person, **fields):
    given = {"name": person.name, "email": person.email, "mail_rhythm": "at_once", "is_active": "on"}
    inline = {"appointments-TOTAL_FORMS": "0", "appointments-INITIAL_FORMS": "0"}
    return client.post(reverse("admin:people_user_change", args=[person.pk]), {**given, **inline, **fields})


def test_support_staff_cannot_make_themselves_the_owner(client, support):
    change(client, support, is_staff="on", is_superuser="on")

    support.refresh_from_db()
    assert (support.is_staff, support.is_superuser) == (True, False)


def test_support_staff_cannot_take_the_account_of_an_owner(client, support):
    owner = User.objects.create_superuser("owner@example.org", PASSWORD, name="Owner")
    new = {"password1": "quite another sentence", "password2": "quite another sentence", "usable_password": "true"}

    change(client, owner, email="mine@example.org")
    client.post(reverse("admin:auth_user_password_change", args=[owner.pk]), new)
    client.post(reverse("admin:people_user_delete", args=[owner.pk]), {"post": "yes"})

    owner.refresh_from_db()
    assert (owner.email, owner.check_password(PASSWORD)) == ("owner@example.org", True)


def test_support_staff_keep_people(client, support):
    person = User.objects.create_user("jana@example.org", PASSWORD, name="Jana")

    response = change(client, person, name="Jana Smets")

    person.refresh_from_db()
    assert (response.status_code, person.name, person.is_active) == (302, "Jana Smets", True)


def test_address_that_support_staff_write_with_capitals_still_signs_in(client, support):
    person = User.objects.create_user("jana@example.org", PASSWORD, name="Jana")

    change(client, person, email="Jana.Smets@Example.org")

    person.refresh_from_db()
    signed_in = Client().post(reverse("account_login"), {"login": "jana.smets@example.org", "password": PASSWORD})
    assert (person.email, signed_in.status_code) == ("jana.smets@example.org", 302)


def test_owner_makes_owners(client):
    owner = User.objects.create_superuser("owner@example.org", PASSWORD, name="Owner")
    person = User.objects.create_user("jana@example.org", PASSWORD, name="Jana")
    client.force_login(owner)

    change(client, person, is_staff="on", is_superuser="on")

    person.refresh_from_db()
    assert person.is_superuser
