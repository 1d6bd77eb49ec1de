"""*Dekat desa atau kode pos mana?* in Chromium, with JavaScript and without."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect


class PlacePage:
    """Without JavaScript each answer comes by *Lanjut*."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def text(self) -> Locator:
        """Where the name is typed."""
        return self.page.get_by_label("Desa, kelurahan, atau kode pos")

    @property
    def is_live(self) -> bool:
        """Whether scripts run here."""
        return bool(self.page.evaluate("() => Boolean(customElements.get('session-watch'))"))

    def open(self) -> PlacePage:
        """From the search for facilities."""
        self.page.goto("/faskes")
        self.page.get_by_role("link", name="Dekat desa atau kode pos").click()
        self.page.wait_for_url("**/faskes/wilayah*")
        return self

    def find(self, words: str) -> PlacePage:
        """Type a name, and wait for what was found."""
        self.text.fill(words)
        if self.is_live:
            expect(self.page.locator("#region-count")).not_to_be_empty()
        else:
            self.submit()
            self.page.locator("[aria-invalid=true]").first.wait_for()
        return self

    def pick(self, name: str) -> PlacePage:
        """Choose one of those that were found."""
        self.page.get_by_role("radio", name=name).first.check()
        return self

    def from_the_province(self) -> PlacePage:
        """Leave the search."""
        self.pick("Pilih dari provinsi")
        return self._go_on("Provinsi")

    def choose(self, label: str, choice: str) -> PlacePage:
        """Choose in a select, and wait until it is taken."""
        select = self.page.get_by_label(label, exact=True)
        self.settle()
        select.select_option(label=choice)
        if not self.is_live:
            self.submit()
        expect(select.locator("option").first).to_have_text("Ganti pilihan")
        return self

    def settle(self) -> None:
        """What has just come listens a moment later, which nobody can outrun by hand."""
        expect(self.page.locator(".htmx-added, .htmx-settling")).to_have_count(0)

    def submit(self) -> PlacePage:
        """Press *Lanjut*."""
        self.page.get_by_role("button", name="Lanjut").click()
        return self

    def _go_on(self, label: str) -> PlacePage:
        if not self.is_live:
            self.submit()
        self.page.get_by_label(label, exact=True).wait_for()
        return self
