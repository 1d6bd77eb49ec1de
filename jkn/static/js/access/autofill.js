// The keyboard offers the key where a number or a password is typed, in a field that says so. The
// challenge is renewed before it is too old to be answered.

const FIELDS = "[autocomplete~=webauthn]";
// How long an offered challenge must still live, while nobody looks at it yet.
const OFFER_MS = 60000;
// How long a browser may take to end what it was asked.
const END_MS = 3000;

class Autofill {
  constructor(passkeyForm) {
    this.of = passkeyForm;
  }

  async begin() {
    const { of, waiting } = this;
    if (!document.querySelector(FIELDS) || (await of.ability) !== "able") return;
    if (!(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
    await this.end();
    // No second request meanwhile, nor after the answer.
    if (!of.isConnected || of.button.isAsking || of.form.elements.credential.value) return;
    if (this.waiting !== waiting) return;
    this.waiting = new AbortController();
    this.asked = this.offer(this.waiting.signal);
  }

  async offer(signal) {
    const { of } = this;
    try {
      const options = await of.challenge.options(signal, OFFER_MS);
      this.timer = setTimeout(() => this.begin(), of.challenge.msLeft - OFFER_MS + 100);
      of.send(await phoneKeys.sign(options, { mediation: "conditional", signal }));
    } catch {
      // Silent: nobody asked for it.
    }
  }

  // Timers stand still while a phone sleeps.
  handleEvent() {
    if (!document.hidden && this.of.challenge.msLeft < OFFER_MS) this.begin();
  }

  // Until the browser has ended it, too, it refuses to be asked anything else.
  async end() {
    clearTimeout(this.timer);
    this.waiting?.abort();
    await deadline.within(END_MS, () => this.asked).catch(() => {});
  }
}

globalThis.Autofill = Autofill;
