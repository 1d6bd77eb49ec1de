// <guide-search> around the lists of Bantuan: leaves the rows that fit best to what is typed. It asks
// nobody: people type a NIK into anything that looks like a search.

// Too common to say what somebody looks for.
const PALE = new Set(
  "saya aku anda yang di ke dari dan atau tidak tak gak ga nggak enggak bisa mau cara bagaimana gimana apa kenapa kok ada itu ini untuk sudah udah belum".split(" "),
);

// Doubled letters count once, since they are what is misspelt most: pasword, massuk.
const wordsOf = (text) =>
  text
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word && !PALE.has(word))
    .map((word) => word.replace(/(.)\1+/g, "$1"));

// Parts of words, and words with endings: "finger", "passwordnya".
const fits = (known, typed) =>
  known.includes(typed) || (known.length > 3 && typed.startsWith(known));

class GuideSearch extends HTMLElement {
  connectedCallback() {
    const field = this.querySelector("[role=search]");
    this.said = field.querySelector("[role=status]");
    this.guides = [...this.querySelectorAll("[data-words]")];
    this.known = this.guides.map((row) => wordsOf(`${row.textContent} ${row.dataset.words}`));
    const input = field.querySelector("input");
    input.addEventListener("input", () => this.find(wordsOf(input.value)));
    // Enter closes the keyboard, which covers what was found.
    input.addEventListener("change", () => input.blur());
  }

  find(typed) {
    const hits = this.known.map(
      (words) => typed.filter((it) => words.some((word) => fits(word, it))).length,
    );
    const best = Math.max(...hits);
    // Where nothing fits, everything stays: the next step is never an empty page.
    this.guides.forEach((row, at) => (row.hidden = hits[at] < best));
    for (const section of this.querySelectorAll("section")) {
      section.hidden = !section.querySelector("[data-words]:not([hidden])");
    }
    const found = hits.filter((it) => it === best).length;
    if (!typed.length) this.said.textContent = "";
    else if (!best) this.said.textContent = "Tidak ada yang cocok. Coba kata lain, atau hubungi 165.";
    else this.said.textContent = `${found} bantuan cocok`;
  }
}

customElements.define("guide-search", GuideSearch);
