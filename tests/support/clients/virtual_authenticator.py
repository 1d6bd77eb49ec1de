"""Chromium's virtual authenticator as the phone's lock: real ceremonies with keys of its own."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import CDPSession, Page


class VirtualAuthenticator:
    """The lock of one page. `recognises`: whether the person can unlock the phone.
    `answers_by_itself`: whether they do so as soon as they are asked; with autofill, at once."""

    def __init__(
        self, page: Page, *, recognises: bool = True, answers_by_itself: bool = True
    ) -> None:
        self._cdp: CDPSession = page.context.new_cdp_session(page)
        self._cdp.send("WebAuthn.enable", {"enableUI": False})
        options = {
            "protocol": "ctap2",
            "ctap2Version": "ctap2_1",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": recognises,
            "automaticPresenceSimulation": answers_by_itself,
        }
        added = self._cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        self._id = {"authenticatorId": added["authenticatorId"]}

    def credentials(self) -> list[dict[str, Any]]:
        """The keys that it holds."""
        found: list[dict[str, Any]] = self._cdp.send("WebAuthn.getCredentials", self._id)[
            "credentials"
        ]
        return found

    def take(self, credential: dict[str, Any]) -> None:
        """Add a key of another phone, as when it is synchronised by its owner's cloud."""
        self._cdp.send("WebAuthn.addCredential", {**self._id, "credential": credential})

    def recognise(self, *, whether: bool) -> None:
        """Set whether the person can unlock the phone from now on."""
        self._cdp.send("WebAuthn.setUserVerified", {**self._id, "isUserVerified": whether})

    def answer_by_itself(self, *, whether: bool) -> None:
        """Set whether the person answers as soon as they are asked from now on."""
        self._cdp.send("WebAuthn.setAutomaticPresenceSimulation", {**self._id, "enabled": whether})

    def forget_all(self) -> None:
        """Delete all keys, as when a phone is set up anew."""
        self._cdp.send("WebAuthn.clearCredentials", self._id)

    def take_away(self) -> None:
        """Remove the lock, as when its owner switches it off."""
        self._cdp.send("WebAuthn.removeVirtualAuthenticator", self._id)
