"""What a journey asks of a person: pages opened, taps, characters typed."""

from playwright.sync_api import Frame, Page

# A tap into a field comes before what is typed there. The browser itself counts, and keeps the
# counts from page to page; without JavaScript nothing is counted.
_COUNT = """
(() => {
  const add = (what, more) =>
    sessionStorage.setItem(what, Number(sessionStorage.getItem(what) ?? 0) + more);
  addEventListener("click", (event) => {
    if (event.isTrusted && event.target.closest("a, button, input")) add("taps", 1);
  }, true);
  addEventListener("input", ({ target }) => {
    if (["radio", "checkbox"].includes(target.type)) return;
    if (target.lengthBefore === undefined) add("taps", 1);
    add("typed", target.value.length - (target.lengthBefore ?? 0));
    target.lengthBefore = target.value.length;
  }, true);
})();
"""


class JourneyMeter:
    """Counts on all pages that are opened from now on."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._pages = 0
        page.on("framenavigated", self._opened)
        page.add_init_script(_COUNT)

    def begin(self) -> None:
        """Forget what was counted so far, since it was no part of the journey."""
        self._page.evaluate("() => sessionStorage.clear()")
        self._pages = 0

    def line(self, name: str) -> str:
        """A row of `docs/journeys.md`."""
        taps, typed = self._page.evaluate(
            '() => ["taps", "typed"].map((it) => Number(sessionStorage.getItem(it) ?? 0))'
        )
        return f"| {name} | {self._pages} | {taps} | {typed} |"

    def _opened(self, frame: Frame) -> None:
        if frame == self._page.main_frame:
            self._pages += 1
