// <auto-check> around a captcha: once the number is typed, the browser proves by a little work that
// it is no robot. The picture stays away until somebody asks for it, or the work fails or is slow.
// data-shows: "picture" or "line". data-state: waiting, working, sending, done, asked, slow, failed or
// unable; what is said of a state stands at [data-words].

// These change what somebody has to do, and are read aloud.
const SAID = /sending|done|slow|failed/;
const SLOW_MS = 3000;
// Younger than the five minutes for which the server takes it.
const FRESH_MS = 240000;
const NUMBER_DIGITS = 13;

class AutoCheck extends HTMLElement {
  async connectedCallback() {
    this.form = this.closest("form");
    this.answer = this.querySelector("[name=captcha_answer]");
    this.again = this.querySelector("button");
    // Browsers lend their cryptography to secure pages only.
    if (!globalThis.crypto?.subtle) return this.show("unable");
    this.again.addEventListener("click", () => this.start());
    this.querySelector(".captcha-line a").addEventListener("click", (event) => this.ask(event));
    this.form.addEventListener("submit", this, true);
    this.form.addEventListener("input", this);
    const isAsked = this.dataset.shows === "picture" || (await browserWork.mustBeAsked());
    this.show(isAsked ? "asked" : "waiting");
    if (this.number?.value) this.begin();
  }

  disconnectedCallback() {
    this.task?.abort();
    this.form.removeEventListener("submit", this, true);
    this.form.removeEventListener("input", this);
  }

  get number() {
    return this.form.elements.number ?? this.form.elements.nik;
  }

  // With a whole number; where none is asked for, with whatever is typed first.
  begin() {
    const { number } = this;
    const isWhole = !number || number.value.replace(/\D/g, "").length >= NUMBER_DIGITS;
    if (isWhole && this.state === "waiting") this.start();
  }

  // A form that is sent before the check is done goes by itself when it is.
  handleEvent(event) {
    if (event.type === "input") return this.begin();
    const { state } = this;
    const isFresh = state === "done" && Date.now() < this.freshUntil;
    if (this.answer.value || isFresh || state === "asked" || this.goes) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!/working|sending|slow/.test(state)) this.start();
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
      this.freshUntil = Date.now() + FRESH_MS;
      this.show("done", proof);
    } catch {
      if (signal.aborted) return;
      this.show("failed");
    } finally {
      clearTimeout(slow);
    }
    if (!this.sendsWhenDone) return;
    // Also without a proof: the answer says what is wrong, or that there is no network.
    this.goes = true;
    this.form.requestSubmit();
    this.goes = false;
  }

  show(state, proof = "") {
    // Nothing goes away under the finger of somebody who is typing the digits.
    const isTyping = this.answer.value || this.answer === document.activeElement;
    const isLine = /waiting|working|sending/.test(state);
    this.state = this.dataset.state = state;
    this.dataset.shows = isLine || (state === "done" && !isTyping) ? "line" : "picture";
    this.querySelector("[name=captcha_proof]").value = proof;
    this.again.hidden = !/asked|failed/.test(state);
    for (const it of this.querySelectorAll("[data-words]")) {
      const words = it.dataset[state];
      if (!words) continue;
      it.textContent = words;
      if (SAID.test(state)) document.getElementById("live").textContent = words;
    }
  }
}

customElements.define("auto-check", AutoCheck);
