// <resend-timer data-seconds="42"> around a button: says how long until it may be pressed. The
// server decides; without this element it answers a press that came too soon with the time.

class ResendTimer extends HTMLElement {
  connectedCallback() {
    this.button = this.querySelector("button");
    this.words = this.button.textContent;
    this.end = performance.now() + Number(this.dataset.seconds ?? 0) * 1000;
    this.tick();
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
  }

  tick() {
    const seconds = Math.ceil((this.end - performance.now()) / 1000);
    this.button.disabled = seconds > 0;
    this.button.textContent = seconds > 0 ? `${this.words} (tunggu ${seconds} detik)` : this.words;
    if (seconds > 0) this.timer = setTimeout(() => this.tick(), 1000);
  }
}

customElements.define("resend-timer", ResendTimer);
