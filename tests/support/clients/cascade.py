"""Whether a page looks the same with its style sheet as it was written, in layers, and as it is
served, without them."""

from playwright.sync_api import Page

from jkn import assets

# What a rule can see of an element: itself, what it stands in, and what stands beside it. Of
# elements that look alike to every rule, one is compared: by all that is computed for it, and for
# what stands before and after it.
_PLACES = """() => {
  const own = (it) => it && it.tagName + [...it.attributes].filter(({ name }) =>
    !/^(id|name|href|for|value|d|datetime|action|content|src)$|describedby|hx-/.test(name))
    .map(({ name, value }) => name + value.slice(0, 40)).join();
  const place = (it) => [own(it), own(it.previousElementSibling), !it.nextElementSibling,
    ...["", "", ""].map(() => it && own((it = it.parentElement)))].join(" < ");
  const places = new Map();
  for (const it of document.querySelectorAll("*")) places.set(place(it), it);
  return places;
}"""
_COMPARED = """([places, written, wanted]) => {
  const compared = wanted.map((it) => places.get(it));
  // Reading the names takes five times as long as reading the values; they are the same for all.
  const names = [...getComputedStyle(document.documentElement)];
  const absent = names.map(() => "none");
  const computed = () => compared.flatMap((it) => [null, "::before", "::after"].map((part) => {
    const style = getComputedStyle(it, part);
    const isAbsent = part && style.content === "none";
    return isAbsent ? absent : names.map((name) => style.getPropertyValue(name));
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
  const differs = asServed.map((it, at) => names.flatMap((name, nth) =>
    it[nth] === asWritten[at][nth] ? [] : [`${name}: ${it[nth]}`]));
  return compared.flatMap((it, at) => differs.slice(at * 3, at * 3 + 3).flat()
    .map((one) => `${it.outerHTML.slice(0, 60)} ${one}`));
}"""


def differences(page: Page, known: set[str], written: str | None = None) -> list[str]:
    """What is computed otherwise for elements that are not `known` yet; they are then."""
    places = page.evaluate_handle(_PLACES)
    wanted = sorted(set(places.evaluate("it => [...it.keys()]")) - known)
    found = []
    if wanted:
        layered = assets.layered_stylesheet() if written is None else written
        found = page.evaluate(_COMPARED, [places, layered, wanted])
    places.dispose()
    known.update(wanted)
    return list(found)
