"""What people and registries write is shown as text, whatever it looks like."""

import pytest

from tests.support.clients.page_client import PageClient
from tests.support.steps.sign_in_steps import sign_in, try_to_sign_in
from tests.support.world.factories import make_account, make_facility, make_family, make_participant

HOSTILE = [
    "{{ 7*7 }}{% raise %}",
    "<img src=x onerror=alert(1)>",
    '" hx-get="/keluar" hx-trigger="load',
    "</style></title><script>alert(1)</script>",
    "Budi\r\nSet-Cookie: x=1",
    "\u202eiduB\u200b",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_stored_text_is_shown_as_it_is(client: PageClient, text: str) -> None:
    family = make_family()
    facility = make_facility(name=text)
    own = make_participant(family, name=text, primary_facility_code=facility.code)
    relative = make_participant(family, name=text, nik=None)
    sign_in(client, make_account(own))
    # Every page is checked: no script, no handler, no attribute that we did not write.
    for path in ("/beranda", "/kartu", f"/kartu/{relative.id}"):
        client.get(path)
        assert client.status == 200
        assert "49" not in client.heading
        assert not [it for it in client.document.elements() if "onerror" in it.attrib]
        assert not [it for it in client.document.elements() if it.get("hx-get") == "/keluar"]


@pytest.mark.parametrize("text", HOSTILE[:4])
def test_what_was_typed_comes_back_as_it_was_typed(client: PageClient, text: str) -> None:
    try_to_sign_in(client, text)
    assert client.status == 422
    assert client.value("NIK atau nomor kartu") == text
