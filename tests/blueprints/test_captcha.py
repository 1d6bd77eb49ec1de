"""The captcha on its form: the sound, the automatic check, sent twice, sent from elsewhere."""

from typing import Any

import pytest

from jkn.database import session
from jkn.models import SignInSession
from tests.support.calls.sign_in_calls import count, recorded
from tests.support.clients.captcha_listener import heard
from tests.support.clients.captcha_solver import proof_of
from tests.support.clients.forms import Submission, fill
from tests.support.clients.page_client import PageClient
from tests.support.steps.sign_in_steps import send_sign_in, sign_in, try_to_sign_in
from tests.support.world.clock import Clock
from tests.support.world.factories import PASSWORD, make_account

LAPSED = "Cek otomatis sudah lewat waktu. Ketik angka di gambar"
WRONG = "Angka tidak cocok"


def events() -> list[str]:
    return [kind for kind, _, _ in recorded()]


def link(client: PageClient, name: str) -> str:
    found = [it for it in client.document.elements("a") if client.document.name_of(it) == name]
    return found[0].get("href", "")


def challenge(client: PageClient) -> dict[str, Any]:
    """What the page's element asks the server for."""
    (element,) = client.document.elements("auto-check")
    page = client.url
    answer = client.get(element.get("data-url", "")).response
    client.url = page
    assert answer is not None
    assert answer.json is not None
    return dict(answer.json["challenge"])


def filled(client: PageClient, number: str, **hidden: str) -> Submission:
    """The form with these hidden fields set, as a script would."""
    values = {"NIK atau nomor kartu": number, "Kata sandi": PASSWORD}
    submission = fill(client.document, "MASUK", values)
    submission.fields = [(name, hidden.get(name, value)) for name, value in submission.fields]
    return submission


def send_proof(client: PageClient, number: str, proof: str) -> PageClient:
    return client.send(filled(client, number, captcha_proof=proof))


def test_dengarkan_leads_to_the_spoken_digits(as_browser: PageClient) -> None:
    as_browser.get(link(as_browser.get("/masuk"), "Dengarkan"))
    response = as_browser.response
    assert response is not None
    assert (response.status_code, response.mimetype) == (200, "audio/wav")
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Accept-Ranges"] == "bytes"
    assert heard(response.data) == "12345"


def test_a_sound_may_be_fetched_in_ranges(as_browser: PageClient) -> None:
    """iPhones ask for the first two bytes before they play anything."""
    address = link(as_browser.get("/masuk"), "Dengarkan")
    whole = as_browser.get(address).response
    assert whole is not None
    parts = b""
    for wanted in ("bytes=0-1", "bytes=2-9999", "bytes=10000-"):
        part = as_browser.get(address, Range=wanted).response
        assert part is not None
        assert part.status_code == 206
        assert part.headers["Content-Range"].endswith(f"/{len(whole.data)}")
        parts += part.data
    assert parts == whole.data


def test_picture_and_sound_are_for_the_same_browser_only(as_browser: PageClient) -> None:
    address = link(as_browser.get("/masuk"), "Dengarkan")
    picture = next(it.get("src", "") for it in as_browser.document.elements("img"))
    for wanted in (address, picture):
        assert as_browser.another().get(wanted).status == 404
        assert as_browser.another(with_cookies=True).get(wanted).status == 200


def test_a_stale_sound_is_gone(as_browser: PageClient, clock: Clock) -> None:
    address = link(as_browser.get("/masuk"), "Dengarkan")
    clock.advance(minutes=5, seconds=1)
    assert as_browser.get(address).status == 404


def test_without_javascript_the_page_says_where_help_is(as_browser: PageClient) -> None:
    as_browser.get("/masuk")
    assert "Tidak jelas? Tekan Dengarkan." in as_browser.text
    assert "Ada kesulitan? Hubungi 165" in as_browser.text
    named = as_browser.document.name_of
    (button,) = [it for it in as_browser.document.elements("button") if named(it) == "Cek otomatis"]
    assert "hidden" in button.attrib


def test_a_challenge_is_kept_by_nobody(as_browser: PageClient) -> None:
    as_browser.get("/captcha/masuk/otomatis")
    response = as_browser.response
    assert response is not None
    assert response.mimetype == "application/json"
    assert response.headers["Cache-Control"] == "no-store"


def test_a_proof_opens_without_digits(client: PageClient) -> None:
    account = make_account()
    client.get("/masuk")
    send_proof(client, account.nik, proof_of(challenge(client)))
    assert client.url == "/beranda"
    assert events() == ["authn_login_success"]


def test_a_proof_opens_one_try_only(client: PageClient) -> None:
    nik = make_account().nik
    client.get("/masuk")
    proof = proof_of(challenge(client))
    send_proof(client, "3276054502850099", proof)
    assert "Nomor atau kata sandi tidak cocok" in client.text
    send_proof(client, nik, proof)
    assert client.status == 422
    assert LAPSED in client.error("Ketik angka di gambar")
    assert events() == ["authn_login_fail", "authn_captcha_fail"]
    assert count(SignInSession) == 0


def test_a_proof_of_another_browser_is_refused(client: PageClient) -> None:
    nik = make_account().nik
    proof = proof_of(challenge(client.another().get("/masuk")))
    send_proof(client.get("/masuk"), nik, proof)
    assert LAPSED in client.error("Ketik angka di gambar")
    assert count(SignInSession) == 0


def test_a_proof_older_than_five_minutes_is_refused(client: PageClient, clock: Clock) -> None:
    nik = make_account().nik
    proof = proof_of(challenge(client.get("/masuk")))
    clock.advance(minutes=5, seconds=1)
    send_proof(client, nik, proof)
    assert LAPSED in client.error("Ketik angka di gambar")
    send_proof(client, nik, proof_of(challenge(client)))
    assert client.url == "/beranda"


def test_a_proof_does_not_age_with_the_page(client: PageClient, clock: Clock) -> None:
    """A person who fills the form slowly has five minutes from the check, not from the picture."""
    nik = make_account().nik
    client.get("/masuk")
    clock.advance(minutes=20)
    send_proof(client, nik, proof_of(challenge(client)))
    assert client.url == "/beranda"


@pytest.mark.parametrize("proof", ["x", "AAAA", "eyJjaGFsbGVuZ2UiOiAxfQ=="])
def test_a_made_up_proof_is_a_wrong_captcha(client: PageClient, proof: str) -> None:
    send_proof(client.get("/masuk"), make_account().nik, proof)
    assert LAPSED in client.error("Ketik angka di gambar")
    assert events() == ["authn_captcha_fail"]


def test_a_wrong_proof_with_htmx_swaps_nothing_but_the_captcha(as_htmx: PageClient) -> None:
    send_proof(as_htmx.get("/masuk"), make_account().nik, "x")
    assert as_htmx.response is not None
    assert as_htmx.response.headers["HX-Retarget"] == "#captcha"
    assert as_htmx.value("Kata sandi") == ""
    assert "<form" not in as_htmx.html


def test_a_proof_is_never_sent_back(as_browser: PageClient) -> None:
    as_browser.get("/masuk")
    proof = proof_of(challenge(as_browser))
    send_proof(as_browser, "12345", proof)
    assert as_browser.status == 422
    assert proof not in as_browser.html
    assert 'name="captcha_proof">' in as_browser.html


def test_neither_digits_nor_proof_asks_for_digits(client: PageClient) -> None:
    send_proof(client.get("/masuk"), make_account().nik, "")
    assert client.errors == {"captcha_answer": "Ketik 5 angka di gambar"}
    assert events() == []


@pytest.mark.parametrize("name", ["captcha_answer", "captcha_token", "captcha_proof"])
def test_a_form_without_one_of_the_fields_is_answered_with_words(
    client: PageClient, name: str
) -> None:
    submission = filled(client.get("/masuk"), make_account().nik, captcha_answer="12345")
    submission.fields = [it for it in submission.fields if it[0] != name]
    client.send(submission)
    if name == "captcha_proof":
        assert client.url == "/beranda"
    else:
        assert client.status == 422
        assert client.error("Ketik angka di gambar")


@pytest.mark.parametrize("name", ["captcha_answer", "captcha_token", "captcha_proof"])
def test_a_field_that_comes_twice_is_refused(as_browser: PageClient, name: str) -> None:
    submission = filled(as_browser.get("/masuk"), make_account().nik, captcha_answer="12345")
    submission.fields.append((name, "12345"))
    assert as_browser.send(submission).status == 400
    assert count(SignInSession) == 0


@pytest.mark.parametrize(
    "body",
    [
        {"captcha_answer": "12345"},
        {"captcha_answer": 12345, "captcha_token": ["a"], "captcha_proof": {"a": 1}},
        ["captcha_answer"],
        "captcha_answer",
    ],
    ids=str,
)
def test_a_json_body_is_no_form(as_browser: PageClient, body: object) -> None:
    as_browser.get("/masuk")
    token = dict(filled(as_browser, "1").fields)["csrf_token"]
    answer = as_browser.app.test_client(use_cookies=False).post(
        "/masuk",
        json=body,
        headers={"X-CSRFToken": token, "Cookie": as_browser.cookies.header()},
    )
    assert answer.status_code == 415
    assert "Isian tidak bisa kami baca" in answer.text
    assert events() == []


def test_an_answer_serves_one_try_only(client: PageClient) -> None:
    account = make_account()
    try_to_sign_in(client, account.nik, "bukan kata sandinya")
    session.rollback()
    assert send_sign_in(client, account.nik).url == "/beranda"


def test_signing_in_makes_captchas_drawn_before_it_worthless(as_browser: PageClient) -> None:
    """Signing in begins a new session cookie, to which no captcha drawn before is bound."""
    address = link(as_browser.get("/masuk"), "Dengarkan")
    sign_in(as_browser, make_account())
    assert as_browser.get(address).status == 404
