"""Sessions, signing in, headers and where a page may send somebody."""

import re
import shutil
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from activities.models import Attempt
from blendedu.journal.models import Notice
from blendedu.journal.services.notices import mail_due, tell
from blendedu.kit.cache import ForgivingRedisCache
from blendedu.people.models import User
from tests.factories import (
    NOW,
    ActivityFactory,
    CourseFactory,
    GroupFactory,
    MembershipFactory,
    RunFactory,
    RunOfferFactory,
    UserFactory,
)
from tests.processes import OwnRedis, free_port

pytestmark = pytest.mark.django_db

PASSWORD = "a long and quiet sentence"


@pytest.fixture
def person():
    return User.objects.create_user("jana@example.org", PASSWORD, name="Jana Smets")


def sign_in(client, email="jana@example.org", password=PASSWORD, **more):
    return client.post(reverse("account_login"), {"login": email, "password": password, **more})


# --- Sessions ---------------------------------------------------------------------------------------------------------


def test_signing_in_gives_a_new_session_number(client, person):
    # V7.2.4: whoever planted a session number before signing in has nothing.
    client.get(reverse("account_login"))
    planted = client.session
    planted["planted"] = True
    planted.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = planted.session_key

    sign_in(client)

    assert client.session.session_key != planted.session_key
    assert client.get("/week/").status_code == 200
    stolen = Client()
    stolen.cookies[settings.SESSION_COOKIE_NAME] = planted.session_key
    assert stolen.get("/week/").status_code == 302


def test_signing_out_ends_the_session_on_the_server(client, person):
    sign_in(client)
    key = client.session.session_key

    client.post(reverse("account_logout"))

    stolen = Client()
    stolen.cookies[settings.SESSION_COOKIE_NAME] = key
    assert (stolen.get("/week/").status_code, Session.objects.filter(pk=key).exists()) == (302, False)


# Redis takes connections and answers nothing while somebody signs out; its copy of the session is there afterwards.
@pytest.mark.slow
@pytest.mark.skipif(shutil.which("redis-server") is None, reason="This needs a redis-server of its own.")
def test_signing_out_while_redis_is_away_ends_the_session(client, person, settings, tmp_path, monkeypatch):
    server = OwnRedis(tmp_path, free_port())
    settings.CACHES = {
        "default": {
            "BACKEND": "blendedu.kit.cache.ForgivingRedisCache",
            "LOCATION": server.url,
            "OPTIONS": {"serializer": "blendedu.kit.cache.Json", "socket_connect_timeout": 0.5, "socket_timeout": 0.5},
        }
    }
    monkeypatch.setattr(ForgivingRedisCache, "_away_until", 0.0)
    server.start()
    try:
        sign_in(client)
        client.get("/week/")
        key = client.session.session_key

        server.freeze()
        left = client.post(reverse("account_logout"))
        server.thaw()
        ForgivingRedisCache._away_until = 0.0

        copies = [each for each in server.client.keys("*") if key.encode() in each]
        stolen = Client()
        stolen.cookies[settings.SESSION_COOKIE_NAME] = key
        page, part = stolen.get("/week/"), stolen.get("/week/", headers={"HX-Request": "true"})
        assert (left.status_code, len(copies)) == (302, 1)  # Redis still says that they are signed in
        assert (page.status_code, part.status_code) == (302, 401)
        assert not [each for each in server.client.keys("*") if key.encode() in each]
    finally:
        server.kill()


@pytest.mark.parametrize("gone", ["ended", "expired"])
def test_session_that_is_over_in_the_database_is_over_whatever_the_cache_says(client, person, gone):
    sign_in(client)
    client.get("/week/")
    rows = Session.objects.filter(pk=client.session.session_key)
    if gone == "ended":
        rows.delete()
    else:
        rows.update(expire_date=timezone.now() - timedelta(seconds=1))

    response = client.get("/week/")

    assert response.status_code == 302
    assert response.cookies[settings.SESSION_COOKIE_NAME].value == ""
    assert (sign_in(client).status_code, client.get("/week/").status_code) == (302, 200)


# V7.4.2: the account, not only the page.
def test_account_that_is_closed_loses_its_sessions(client, person):
    sign_in(client)
    client.get("/week/")
    User.objects.filter(pk=person.pk).update(is_active=False)
    client.get("/week/")
    User.objects.filter(pk=person.pk).update(is_active=True)

    assert client.get("/week/").status_code == 302


def test_asking_whether_the_session_is_there_costs_no_query(client, person, django_assert_num_queries):
    sign_in(client)
    client.get(reverse("journal:bell"))

    # Who is asking, and how many notices are new. The session itself comes from the cache.
    with django_assert_num_queries(2):
        client.get(reverse("journal:bell"))


def test_another_password_ends_every_other_session(client, person):
    sign_in(client)
    elsewhere = Client()
    sign_in(elsewhere)
    new = "quite another long sentence"

    changed = client.post(
        reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new}
    )

    assert changed.status_code == 302
    assert (client.get("/week/").status_code, elsewhere.get("/week/").status_code) == (200, 302)


# --- Guessing -----------------------------------------------------------------------------------------------------


HERE, ELSEWHERE = "203.0.113.9", "198.51.100.7"


# F53: whoever guesses is stopped, and whoever is guessed at gets in.
def test_guesser_is_stopped_even_with_the_right_password_in_the_end(person):
    guesser = Client(REMOTE_ADDR=HERE)

    tries = [sign_in(guesser, password=f"wrong {number}") for number in range(12)]
    right = sign_in(guesser)

    assert {answer.status_code for answer in tries} <= {200, 429}
    assert (right.status_code, "_auth_user_id" in guesser.session) == (200, False)
    assert sign_in(Client(REMOTE_ADDR=ELSEWHERE)).status_code == 302


def test_neighbour_who_guesses_locks_nobody_out_of_the_browser_that_they_know(person):
    mine = Client(REMOTE_ADDR=HERE)
    sign_in(mine)
    mine.post(reverse("account_logout"))
    guesser = Client(REMOTE_ADDR=HERE)

    for number in range(80):
        sign_in(guesser, password=f"wrong {number}")

    assert sign_in(mine).status_code == 302


def test_known_browser_is_no_place_to_guess_from(person):
    mine = Client(REMOTE_ADDR=HERE)
    sign_in(mine)
    mine.post(reverse("account_logout"))

    for number in range(12):
        sign_in(mine, password=f"wrong {number}")

    assert sign_in(mine).status_code == 200


def test_browser_is_known_for_the_account_that_signed_in_there_only(person):
    mine = Client(REMOTE_ADDR=HERE)
    sign_in(mine)
    User.objects.create_user("bo@example.org", PASSWORD, name="Bo Li")
    guesser = Client(REMOTE_ADDR=HERE)
    guesser.cookies[settings.BLENDEDU_DEVICE_COOKIE] = mine.cookies[settings.BLENDEDU_DEVICE_COOKIE].value

    for number in range(12):
        sign_in(guesser, "bo@example.org", f"wrong {number}")

    assert sign_in(guesser, "bo@example.org").status_code == 200


def test_cookie_of_a_browser_names_nobody_and_no_script_reads_it(person):
    client = Client()
    sign_in(client)

    cookie = client.cookies[settings.BLENDEDU_DEVICE_COOKIE]

    assert "jana" not in cookie.value
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


@pytest.mark.parametrize("value", ["", "x", "x:y:z", "\u0000", "=" * 4000])
def test_odd_cookie_of_a_browser_is_as_good_as_none(person, value):
    client = Client()
    client.cookies[settings.BLENDEDU_DEVICE_COOKIE] = value

    assert sign_in(client).status_code == 302


# F33: everybody comes at once, from behind one address.
def test_lecture_hall_signs_in_from_behind_one_address():
    people = [User.objects.create_user(f"s{number}@example.org", PASSWORD, name="S") for number in range(60)]

    answers = [sign_in(Client(REMOTE_ADDR=HERE), each.email).status_code for each in people]

    assert answers == [302] * 60


def test_nobody_learns_from_signing_in_or_from_a_reset_who_has_an_account(person):
    def words(response):
        text = re.sub(r'(value|content)="[^"]*"', "", response.content.decode())
        return re.sub(r"(jana|nobody)@example\.org", "ADDRESS", text)

    wrong = [sign_in(Client(), email) for email in ("nobody@example.org",)]
    wrong += [sign_in(Client(), password="wrong wrong wrong")]
    resets = [
        Client().post(reverse("account_reset_password"), {"email": email}, follow=True)
        for email in ("jana@example.org", "nobody@example.org")
    ]

    assert words(wrong[0]) == words(wrong[1])
    assert words(resets[0]) == words(resets[1])


@pytest.mark.parametrize("email", ["jana@example.org", "nobody@example.org"])
def test_mail_server_that_is_away_is_said_the_same_to_everybody(person, settings, email):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # nobody listens there

    response = Client().post(reverse("account_reset_password"), {"email": email})

    assert response.status_code == 503
    assert "We cannot send mail at this moment" in response.content.decode()


def test_mail_to_set_a_password_is_from_the_institution_and_its_link_works_once(person, settings):
    client = Client()
    client.post(reverse("account_reset_password"), {"email": "jana@example.org"})
    (letter,) = mail.outbox
    link = re.search(r"http://testserver(/account/\S+)", letter.body)[1]
    new = {"password1": "quite another sentence", "password2": "quite another sentence"}

    first = client.post(client.get(link).headers["Location"], new)
    again = Client().get(link, follow=True)

    assert settings.BLENDEDU_INSTITUTION in letter.body
    assert (first.status_code, sign_in(Client(), password="quite another sentence").status_code) == (302, 302)
    assert 'type="password"' not in again.content.decode()


def test_who_forgot_the_password_gets_in_with_the_new_one_at_once(person):
    client = Client(REMOTE_ADDR=HERE)
    for number in range(12):
        sign_in(client, password=f"wrong {number}")
    client.post(reverse("account_reset_password"), {"email": "jana@example.org"})
    link = re.search(r"http://testserver(/account/\S+)", mail.outbox[0].body)[1]
    new = "quite another sentence"

    client.post(client.get(link).headers["Location"], {"password1": new, "password2": new})

    assert sign_in(client, password=new).status_code == 302


def test_stranger_who_asks_for_a_password_is_offered_no_account():
    Client().post(reverse("account_reset_password"), {"email": "nobody@example.org"})

    (letter,) = mail.outbox
    assert "signup" not in letter.body
    assert "There is no account with this address" in letter.body


def test_too_many_resets_are_refused_on_a_page():
    client = Client()

    answers = [client.post(reverse("account_reset_password"), {"email": "a@example.org"}) for _each in range(7)]

    assert answers[-1].status_code in {200, 429}
    assert len(mail.outbox) == 5


# --- Where a page may send somebody -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example",
        "//evil.example",
        "\\\\evil.example",
        "/\\evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "///evil.example",
        "http://testserver@evil.example/",
    ],
)
def test_signing_in_and_out_sends_nobody_to_another_host(client, person, target):
    login = reverse("account_login")

    inward = client.post(f"{login}?next={target}", {"login": "jana@example.org", "password": PASSWORD, "next": target})
    outward = client.post(reverse("account_logout"), {"next": target})

    for answer in (inward, outward):
        assert answer.status_code == 302
        assert re.match(r"/(?![/\\])", answer["Location"]), answer["Location"]


def test_notice_leads_to_a_page_of_ours(client, person):
    client.force_login(person)
    tell([person], cause="x:1", title="x", url="/week/", at=NOW)

    response = client.post(reverse("journal:notice-open", args=[Notice.objects.get().pk]))

    assert response["Location"] == "/week/"


# --- Headers ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/week/", "/inbox/"])
def test_pages_with_results_are_kept_by_no_cache(client, person, address):
    # V14.3.2: after signing out, "back" shows nobody's marks.
    client.force_login(person)

    response = client.get(address)

    assert {"no-store", "private"} <= set(re.split(r",\s*", response["Cache-Control"]))


def test_number_on_the_bell_of_one_person_is_not_that_of_the_next(client, person):
    other = UserFactory()
    tell([person, other], cause="x:1", title="x", at=NOW)
    client.force_login(person)
    tag = client.get(reverse("journal:bell"))["ETag"]
    client.force_login(other)

    response = client.get(reverse("journal:bell"), headers={"If-None-Match": tag})

    assert response.status_code == 200
    assert "Cookie" in response["Vary"]


def test_every_answer_has_the_policies(client, person):
    client.force_login(person)

    for response in (client.get("/week/"), client.get("/no/such/page/"), Client().get(reverse("account_login"))):
        policy = response["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "object-src 'none'" in policy
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Referrer-Policy"] == "same-origin"
        assert response["Content-Type"].endswith("charset=utf-8")


def test_number_of_a_request_that_a_client_sends_cannot_break_a_header(client):
    response = client.get("/healthz", headers={"X-Request-ID": "evil\r\nSet-Cookie: a=b"})

    assert re.fullmatch(r"[0-9a-f]{32}", response["X-Request-ID"])


@pytest.mark.parametrize("name", ['a"; filename=evil.html', "a\r\nSet-Cookie: x=y.pdf", "ü\u202e.pdf", "x.pdf" * 60])
def test_name_of_a_file_stays_inside_its_header(client, name):
    lecturer = UserFactory()
    run = RunFactory(course=CourseFactory(code="mkc", lecturer=lecturer))
    row = RunOfferFactory(run=run, activity=ActivityFactory(type_key="upload"))
    student = MembershipFactory(cohort=run.cohort, group=GroupFactory(cohort=run.cohort)).user
    attempt = Attempt.objects.create(offer=row.offer, user=student, state="submitted", started_at=NOW, submitted_at=NOW)
    file = attempt.files.create(
        file="attempts/x",
        name=name[:160],
        size=1,
        content_type="text/html",
        sha256="0",
        uploaded_by=student,
        uploaded_at=NOW,
    )
    file.file.storage.save("attempts/x", __import__("io").BytesIO(b"<script>"))
    client.force_login(lecturer)

    response = client.get(reverse("courses:attempt-file", args=["mkc", file.pk]))

    head = response["Content-Disposition"]
    assert (response.status_code, response["Content-Type"]) == (200, "application/octet-stream")
    assert head.startswith("attachment")
    assert not set(head) & set("\r\n")
    assert head.count('filename="') <= 1


def test_title_with_a_line_break_is_no_header_of_a_mail(person):
    tell([person], cause="x:1", title="Hello\r\nBcc: everybody@example.org", body="x", at=NOW)

    mail_due(at=NOW)

    (letter,) = mail.outbox
    assert "\n" not in letter.subject
    assert letter.recipients() == ["jana@example.org"]


def test_name_of_a_run_stays_inside_the_header_of_its_export(client):
    lecturer = UserFactory()
    run = RunFactory(course=CourseFactory(code="mkc", lecturer=lecturer), name='x"\r\nSet-Cookie: a=b; ü')
    client.force_login(lecturer)

    response = client.get(reverse("courses:gradebook-export", args=["mkc", run.pk]))

    assert re.fullmatch(r'attachment; filename="[a-z0-9-]+\.csv"', response["Content-Disposition"])
