// <session-watch data-url="/sesi" data-seconds="1800">: two minutes before the session ends it
// loads itself anew; the answer holds a dialog, or more seconds if another tab was used.
// Neither asking nor closing the dialog prolongs anything.

const WARN_AT = 120;
const ASK_EVERY = 20;
const SPOKEN_AT = [20, 60, 120];

const inWords = (left) =>
  [[Math.floor(left / 60), "menit"], [left % 60, "detik"]]
    .filter(([number]) => number)
    .map((part) => part.join(" "))
    .join(" ");

class SessionWatch extends HTMLElement {
  connectedCallback() {
    this.dialog = this.querySelector("dialog");
    this.lasts(this.dataset.seconds);
    this.addEventListener("htmx:beforeSwap", this);
    this.addEventListener("htmx:responseError", this);
    // Timers stand still while a phone sleeps.
    document.addEventListener("visibilitychange", this);
    this.tick();
    this.dialog?.showModal();
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
    document.removeEventListener("visibilitychange", this);
  }

  handleEvent({ detail }) {
    if (!detail?.xhr) this.tick();
    // Closed before it is replaced, it gives the focus back.
    else if (detail.xhr.status < 500) this.dialog.close();
  }

  lasts(seconds) {
    this.end = Date.now() + seconds * 1000;
  }

  tick() {
    clearTimeout(this.timer);
    const left = Math.ceil((this.end - Date.now()) / 1000);
    // Even without an answer, nothing private stays visible.
    if (left <= 0) document.documentElement.hidden = true;
    else if (this.dialog) this.say(left);
    if (left <= 0 || (this.dialog ? left % ASK_EVERY === 0 : left <= WARN_AT)) this.ask();
    const wait = this.dialog ? 1 : Math.max(left - WARN_AT, 5);
    this.timer = setTimeout(() => this.tick(), wait * 1000);
  }

  say(left) {
    this.querySelector("[data-left]").textContent = inWords(left);
    const spoken = `Anda otomatis keluar ${inWords(SPOKEN_AT.find((it) => left <= it) ?? left)} lagi.`;
    const live = this.querySelector("[role=status]");
    if (live.textContent !== spoken) live.textContent = spoken;
  }

  async ask() {
    const options = { headers: { "HX-Request": "true" }, signal: AbortSignal.timeout?.(15000) };
    try {
      const answer = await fetch(this.dataset.url, options);
      if (answer.status === 200) return this.take(await answer.text());
      // Signed out: the page itself says where to go on.
      if (answer.ok) return location.reload();
    } catch {
      // It asks again later.
    }
    if (this.end <= Date.now()) location.reload();
  }

  take(html) {
    const next = document.createRange().createContextualFragment(html).firstElementChild;
    document.documentElement.hidden = false;
    if (this.dialog && next.querySelector("dialog")) return this.lasts(next.dataset.seconds);
    this.dialog?.close();
    this.replaceWith(next);
    htmx.process(next);
  }
}

customElements.define("session-watch", SessionWatch);
