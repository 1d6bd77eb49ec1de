// The keyboard offers the key where a number is typed. The challenge is renewed before it is too
// old to be answered.

// How long an offered challenge must still live, while nobody looks at it yet.
const OFFER_MS = 60000;

class Autofill {
  constructor(passkeyForm) {
    this.of = passkeyForm;
  }

  async begin() {
    const { of } = this;
    if (!("autofill" in of.dataset) || (await of.ability) !== "able") return;
    if (!(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
    // No second request meanwhile, nor after the answer.
    if (of.isAsking || of.form.elements.credential.value || !of.isConnected) return;
    this.end();
    const { signal } = (this.waiting = new AbortController());
    try {
      const options = await of.challenge.options(signal, OFFER_MS);
      this.timer = setTimeout(() => this.begin(), of.challenge.msLeft - OFFER_MS + 100);
      await of.sign(options, { mediation: "conditional", signal });
    } catch {
      // Silent: nobody asked for it.
    }
  }

  // Timers stand still while a phone sleeps.
  handleEvent() {
    if (!document.hidden && this.of.challenge.msLeft < OFFER_MS) this.begin();
  }

  end() {
    clearTimeout(this.timer);
    this.waiting?.abort();
  }
}

globalThis.Autofill = Autofill;
