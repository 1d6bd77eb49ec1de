"""Manifest, service worker and offline page."""

import io
import json

import pytest
from flask import Flask
from PIL import Image

from tests.support.clients.page_client import PageClient
from tests.support.steps.sign_in_steps import sign_in
from tests.support.world.factories import make_account


def test_the_manifest_is_complete_and_every_picture_is_as_large_as_it_says(app: Flask) -> None:
    answer = app.test_client().get("/manifest.webmanifest")
    assert answer.mimetype == "application/manifest+json"
    manifest = json.loads(answer.text)
    assert manifest["lang"] == "id"
    assert manifest["display"] == "standalone"
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable", "monochrome"}
    assert len(manifest["screenshots"]) == 4
    assert len(manifest["shortcuts"]) == 4
    for picture in manifest["icons"] + manifest["screenshots"]:
        file = app.test_client().get(picture["src"])
        assert file.mimetype == picture["type"]
        size = Image.open(io.BytesIO(file.data)).size
        assert f"{size[0]}x{size[1]}" == picture["sizes"]
        file.close()


def test_every_shortcut_leads_to_a_page(client: PageClient) -> None:
    manifest = json.loads(client.app.test_client().get("/manifest.webmanifest").text)
    sign_in(client, make_account())
    for shortcut in manifest["shortcuts"]:
        assert client.get(shortcut["url"]).status == 200


def test_the_service_worker_keeps_only_files_that_exist(app: Flask) -> None:
    script = app.test_client().get("/sw.js")
    assert script.mimetype == "text/javascript"
    assert script.headers["Cache-Control"] == "public, max-age=3600"
    kept = json.loads(script.text.split("const FILES = ")[1].split(";")[0])
    assert kept
    for url in kept:
        assert url.startswith("/static/")
        answer = app.test_client().get(url)
        assert answer.status_code == 200
        answer.close()


def test_the_offline_page_is_the_same_for_everybody(client: PageClient) -> None:
    before = client.get("/luring").html
    sign_in(client, make_account())
    client.get("/profil").submit("Huruf besar")
    client.get("/tampilan/mode-gelap").submit("Simpan", {"Warna layar": "Gelap Selalu gelap"})
    assert client.get("/luring").html == before
    assert "csrf" not in before


def test_the_picture_of_the_captcha_is_for_this_browser_only(client: PageClient) -> None:
    client.get("/masuk")
    address = next(it.get("src", "") for it in client.document.elements("img"))
    assert client.get(address).status == 200
    assert client.response is not None
    assert client.response.mimetype == "image/webp"
    assert client.another().get(address).status == 404


@pytest.mark.parametrize("body", [b"{}", b"\xff\x00", b"3276051703840001", b""])
def test_reports_of_browsers_are_taken_without_a_token_and_never_answered(
    app: Flask, body: bytes
) -> None:
    answer = app.test_client().post(
        "/laporan-csp", data=body, content_type="application/reports+json"
    )
    assert (answer.status_code, answer.data) == (204, b"")
