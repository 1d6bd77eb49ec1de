// The challenge for a phone: fetched once for keyboard and button, and kept until it is answered or
// too old for its use.

const LIFE_MS = 300000;
// How long it must still live, so that somebody who is asked now can answer in time.
const DIALOG_MS = 120000;

// Stale: the page is from before somebody signed in or out.
const named = (name) => {
  throw { name };
};

class Challenge {
  constructor(url, form) {
    Object.assign(this, { url, form });
  }

  // By the clock: timers stand still while a phone sleeps.
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
    // Older browsers call a timeout an abort; code that aborts does not look at the error.
    const [answer, text] = await fetch(this.url, asking)
      .then(async (it) => [it, await it.text()])
      .catch(({ name }) => named(/Abort|Timeout/.test(name) ? "Slow" : "Offline"));
    if (answer.ok) return phoneKeys.read(text);
    return named([0, 400, 403].includes(answer.status) ? "Stale" : "Busy");
  }
}

globalThis.Challenge = Challenge;
