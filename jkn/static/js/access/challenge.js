// What the server asks of a phone: fetched once, for the keyboard and for the button, until it is
// answered or too old for what it is needed for.

const LIFE_MS = 300000;
// What it must have left of it, so that somebody who is asked now can answer in time.
const DIALOG_MS = 120000;

// Stale: the page is from before somebody signed in or out.
const named = (name) => {
  throw { name };
};

class Challenge {
  constructor(url, form) {
    Object.assign(this, { url, form });
  }

  // By the clock: everything else stands still while a phone sleeps.
  get msLeft() {
    return (this.end ?? 0) - Date.now();
  }

  async options(signal, msNeeded = DIALOG_MS) {
    if (this.msLeft < msNeeded) {
      const end = Date.now() + LIFE_MS;
      this.asked = await this.ask(signal);
      this.end = end;
    }
    return this.asked;
  }

  async ask(signal = AbortSignal.timeout?.(15000)) {
    const asking = { method: "POST", body: new FormData(this.form), redirect: "manual", signal };
    // Older browsers say of a timeout that it was aborted; whoever aborts does not ask why.
    const [answer, text] = await fetch(this.url, asking)
      .then(async (it) => [it, await it.text()])
      .catch(({ name }) => named(/Abort|Timeout/.test(name) ? "Slow" : "Offline"));
    if (answer.ok) return phoneKeys.read(text);
    return named([0, 400, 403].includes(answer.status) ? "Stale" : "Busy");
  }
}

globalThis.Challenge = Challenge;
