"""The captcha of a form, as people know it."""

from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from tests.support.world.running_app import FIXED_CAPTCHA


@dataclass
class CaptchaPart:
    """One line while the browser checks by itself; otherwise a picture and a field."""

    page: Page

    @property
    def whole(self) -> Locator:
        """All of it."""
        return self.page.locator("#captcha")

    @property
    def digits(self) -> Locator:
        """The field for the digits."""
        return self.page.get_by_label("Ketik angka di gambar")

    @property
    def picture(self) -> Locator:
        """The picture with the digits."""
        return self.page.get_by_role("img", name="Lima angka yang harus diketik")

    @property
    def again(self) -> Locator:
        """The button that begins the check, where it does not begin by itself."""
        return self.page.get_by_role("button", name="Cek otomatis")

    @property
    def proof(self) -> Locator:
        """What the form sends when the browser has checked."""
        return self.page.locator("[name=captcha_proof]")

    def expect_script(self, *, is_there: bool = True) -> None:
        """Wait until its script is at work, or look that it is not."""
        expect(self.page.locator("auto-check[data-state]")).to_have_count(int(is_there))

    def ask_for_picture(self) -> "CaptchaPart":
        """Pakai gambar, unless it is there already."""
        if not self._is_picture_there():
            self.page.get_by_role("link", name="Pakai gambar").click()
        return self

    def answer(self, digits: str | None) -> None:
        """Type these into the picture's field. None: leave it to the browser, or type what is right
        where only the picture is there. Comes before the number, which would begin the check."""
        if digits is not None:
            self.ask_for_picture().digits.fill(digits)
        elif self._is_picture_there():
            self.digits.fill(FIXED_CAPTCHA)

    def _is_picture_there(self) -> bool:
        # Before its style sheet has come, everything of a page is visible.
        self.page.wait_for_load_state("load")
        return self.digits.is_visible()

    def expect_checked(self) -> None:
        """Wait until the browser has proved its work."""
        expect(self.whole).to_contain_text("Sudah diperiksa", timeout=30_000)
        expect(self.digits).to_be_hidden()
