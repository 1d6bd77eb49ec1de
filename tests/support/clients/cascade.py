"""Whether a page looks the same with its style sheet as it was written, in layers, and as it is
served, without them."""

from playwright.sync_api import Page

from jkn import assets

# What a rule can see of an element: itself, what it stands in, and what stands beside it. Of
# elements that look alike to every rule, one is compared: by all that is computed for it, and for
# what stands before and after it.
_COMPARED = """([written, known]) => {
  const own = (it) => it && it.tagName + [...it.attributes].filter(({ name }) =>
    !/^(id|name|href|for|value|d|datetime|action|content|src)$|describedby|hx-/.test(name))
    .map(({ name, value }) => name + value.slice(0, 40)).join();
  const place = (it) => [own(it), own(it.previousElementSibling), !it.nextElementSibling,
    ...["", "", ""].map(() => it && own((it = it.parentElement)))].join(" < ");
  const places = new Map();
  for (const it of document.querySelectorAll("*")) places.set(place(it), it);
  for (const it of known) places.delete(it);
  const computed = () => [...places.values()].flatMap((it) =>
    [null, "::before", "::after"].map((part) => {
      const style = getComputedStyle(it, part);
      if (part && style.content === "none") return ["content: none"];
      return [...style].map((name) => `${name}: ${style.getPropertyValue(name)}`);
    }));
  const served = document.querySelector("style[data-file], link[rel=stylesheet]").sheet;
  const asServed = computed();
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(written);
  const others = [...document.adoptedStyleSheets];
  served.disabled = true;
  document.adoptedStyleSheets = [sheet, ...others];
  const asWritten = computed();
  served.disabled = false;
  document.adoptedStyleSheets = others;
  const differs = asServed.map((it, at) => it.filter((one, nth) => one !== asWritten[at][nth]));
  return [
    [...places.keys()],
    [...places.values()].flatMap((it, at) => differs.slice(at * 3, at * 3 + 3).flat()
      .map((one) => `${it.outerHTML.slice(0, 60)} ${one}`)),
  ];
}"""


def differences(page: Page, known: set[str], written: str | None = None) -> list[str]:
    """What is computed otherwise for elements that are not `known` yet; they are then."""
    layered = assets.layered_stylesheet() if written is None else written
    places, found = page.evaluate(_COMPARED, [layered, sorted(known)])
    known.update(places)
    return list(found)
