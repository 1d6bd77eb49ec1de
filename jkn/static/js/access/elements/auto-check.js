// <auto-check> around a captcha: once the number is typed, the browser proves by a little work that
// it is no robot. The picture stays away until somebody asks for it, or the work fails or is slow.
// data-shows: "picture" or "line". data-state: one of WORDS, or "unable".

const WORDS = {
  waiting: "Cek otomatis",
  working: "Sedang memeriksa…",
  sending: "Sedang memeriksa, lalu langsung dikirim…",
  done: "Sudah diperiksa",
  asked: "Tidak bisa membaca gambar?",
  slow: "Masih memeriksa. Anda juga boleh mengetik angka di gambar.",
  failed: "Pemeriksaan gagal. Ketik angka di gambar, atau coba lagi.",
};
const SLOW_MS = 3000;
// Younger than the five minutes for which the server takes it.
const FRESH_MS = 240000;
const NUMBER_DIGITS = 13;

class AutoCheck extends HTMLElement {
  connectedCallback() {
    this.form = this.closest("form");
    this.answer = this.querySelector("[name=captcha_answer]");
    // Browsers lend their cryptography to secure pages only.
    if (!globalThis.crypto?.subtle) return this.show("unable");
    this.querySelector("[data-without-script]").hidden = true;
    this.again.addEventListener("click", () => this.start());
    this.querySelector("[data-ask]").addEventListener("click", (event) => this.ask(event));
    this.form.addEventListener("submit", this, true);
    this.form.addEventListener("input", this);
    this.show(this.dataset.shows === "picture" ? "asked" : "waiting");
    this.prepare();
  }

  disconnectedCallback() {
    this.task?.abort();
    this.form.removeEventListener("submit", this, true);
    this.form.removeEventListener("input", this);
  }

  get again() {
    return this.querySelector("button");
  }

  async prepare() {
    this.mayBegin = !(await browserWork.mustBeAsked());
    if (!this.mayBegin && this.state === "waiting") this.show("asked");
    if (this.number?.value) this.begin();
  }

  get number() {
    return this.form.elements.number ?? this.form.elements.nik;
  }

  // With a whole number; where none is asked for, with whatever is typed first.
  begin() {
    const { number } = this;
    const isWhole = !number || number.value.replace(/\D/g, "").length >= NUMBER_DIGITS;
    if (isWhole && this.mayBegin && this.state === "waiting") this.start();
  }

  // A form that is sent before the check is done goes by itself when it is.
  handleEvent(event) {
    if (event.type === "input") return this.begin();
    const isUnderWay = ["working", "sending", "slow"].includes(this.state);
    const isOld = this.state === "done" && Date.now() - this.doneAt > FRESH_MS;
    if (this.answer.value || !(isUnderWay || isOld || this.state === "waiting")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!isUnderWay) this.start();
    this.sendsWhenDone = true;
    if (this.state === "working") this.show("sending");
  }

  ask(event) {
    event.preventDefault();
    this.task?.abort();
    this.show("asked");
    this.answer.focus();
  }

  async start() {
    this.task?.abort();
    this.task = new AbortController();
    const { signal } = this.task;
    this.sendsWhenDone = false;
    this.show("working");
    const slow = setTimeout(() => signal.aborted || this.show("slow"), SLOW_MS);
    try {
      const proof = await browserWork.proof(this.dataset.url, signal);
      this.doneAt = Date.now();
      this.show("done", proof);
      if (this.sendsWhenDone) this.form.requestSubmit();
    } catch {
      if (signal.aborted) return;
      this.show("failed");
      if (this.sendsWhenDone) this.answer.focus();
    } finally {
      clearTimeout(slow);
    }
  }

  show(state, proof = "") {
    // Nothing goes away under the finger of somebody who is typing the digits.
    const isTyping = this.answer.value || this.answer === document.activeElement;
    const isLine = ["waiting", "working", "sending"].includes(state);
    this.state = this.dataset.state = state;
    this.dataset.shows = isLine || (state === "done" && !isTyping) ? "line" : "picture";
    this.querySelector("[name=captcha_proof]").value = proof;
    this.again.hidden = !["asked", "failed"].includes(state);
    if (!WORDS[state]) return;
    for (const words of this.querySelectorAll("[data-words]")) words.textContent = WORDS[state];
    if (!["waiting", "working", "asked"].includes(state)) this.say(WORDS[state]);
  }

  say(words) {
    document.getElementById("live").textContent = words;
  }
}

customElements.define("auto-check", AutoCheck);
