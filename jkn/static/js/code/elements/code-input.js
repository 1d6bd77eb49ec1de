// <code-input> around a field for a code: Android reads the code out of the SMS (WebOTP), when
// the SMS names this address, and the form goes by itself.

class CodeInput extends HTMLElement {
  connectedCallback() {
    if (!("sms" in this.dataset) || !("OTPCredential" in globalThis)) return;
    this.waiting = new AbortController();
    this.fill();
  }

  disconnectedCallback() {
    this.waiting?.abort();
  }

  async fill() {
    try {
      const { code } = await navigator.credentials.get({
        otp: { transport: ["sms"] },
        signal: this.waiting.signal,
      });
      const input = this.querySelector("input");
      // What the person types meanwhile is theirs.
      if (input.value) return;
      input.value = code;
      input.form.requestSubmit();
    } catch {
      // No SMS, or a refusal: the person types it.
    }
  }
}

customElements.define("code-input", CodeInput);
