// The button asks the phone at once, one question at a time.

class Button {
  constructor(passkeyForm) {
    this.of = passkeyForm;
  }

  async ask() {
    if (this.isAsking) return;
    this.isAsking = true;
    const { of } = this;
    if ((await of.ability) === "able") of.say(await this.answer());
    this.isAsking = false;
    of.autofill.begin();
  }

  // Sends what was signed. Returns what to say in the end.
  async answer() {
    const { of } = this;
    let options, end;
    try {
      of.say("Sebentar…");
      await of.autofill.end();
      options = await of.challenge.options();
      of.say("Ikuti petunjuk di HP Anda.");
      end = Date.now() + options.timeout;
      const sign = (signal) => phoneKeys.sign(options, { signal });
      of.send(await deadline.within(options.timeout, sign));
      return "";
    } catch (error) {
      if (error?.name === "Stale") return renewal.begin();
      const isKnown = "known" in of.dataset;
      return phoneKeys.whyNot(error, { isLate: Date.now() >= end, isKnown, isNew: options?.user });
    }
  }
}

globalThis.Button = Button;
