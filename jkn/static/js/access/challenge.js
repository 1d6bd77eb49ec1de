// The challenge for a phone: fetched once for keyboard and button, and kept until it is answered or
// too old for its use.

const LIFE_MS = 300000;
// How long it must still live, so that somebody who is asked now can answer in time.
const DIALOG_MS = 120000;
const NETWORK_MS = 15000;

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

  async ask(signal) {
    const body = new FormData(this.form);
    const [answer, text] = await deadline
      .within(NETWORK_MS, async (late) => {
        const asking = { method: "POST", body, redirect: "manual", signal: signal ?? late };
        const it = await fetch(this.url, asking);
        return [it, await it.text()];
      })
      .catch(({ name }) => named(name === "late" ? "Slow" : "Offline"));
    if (!answer.ok) named([0, 400, 403].includes(answer.status) ? "Stale" : "Busy");
    try {
      return phoneKeys.read(text);
    } catch {
      // Not our server's words: a network that wants to be paid first, say.
      return named("Offline");
    }
  }
}

globalThis.Challenge = Challenge;
