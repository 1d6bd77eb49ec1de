// <auto-check> around what a captcha asks to type: the browser proves by a few seconds of work
// that it is no robot, for people who can neither read nor hear the digits.

const WORDS = {
  idle: "Tidak bisa membaca gambar?",
  working: "Memeriksa otomatis…",
  done: "Sudah diperiksa",
  failed: "Pemeriksaan gagal. Coba lagi, atau ketik angka di gambar.",
};

class AutoCheck extends HTMLElement {
  connectedCallback() {
    // Browsers lend their cryptography to secure pages only.
    if (!globalThis.crypto?.subtle) return;
    this.button = this.querySelector("button");
    this.button.hidden = false;
    this.button.addEventListener("click", () => (this.task ? this.stop() : this.start()));
    this.querySelector("[data-without-script]").hidden = true;
    this.form = this.closest("form");
    this.form.addEventListener("submit", this, true);
  }

  disconnectedCallback() {
    this.task?.abort();
    this.form?.removeEventListener("submit", this, true);
  }

  // A form that is sent before the check is done goes by itself when it is.
  handleEvent(event) {
    if (this.dataset.state !== "working") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.sendsWhenDone = true;
  }

  async start() {
    const { signal } = (this.task = new AbortController());
    this.sendsWhenDone = false;
    this.show("working");
    try {
      const { challenge, worker } = await (await fetch(this.dataset.url, { signal })).json();
      const solution = await this.solve(challenge.parameters, new Worker(worker), signal);
      this.show("done", btoa(JSON.stringify({ challenge, solution })));
      if (this.sendsWhenDone) this.form.requestSubmit();
    } catch {
      if (!signal.aborted) this.stop("failed");
    }
  }

  stop(state = "idle") {
    this.task.abort();
    this.task = null;
    this.show(state);
  }

  solve(parameters, worker, signal) {
    signal.addEventListener("abort", () => worker.terminate());
    return new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = reject;
      worker.postMessage(parameters);
    }).finally(() => worker.terminate());
  }

  show(state, proof = "") {
    this.dataset.state = state;
    this.querySelector("[name=captcha_proof]").value = proof;
    this.querySelector("[data-typed]").hidden = Boolean(this.task);
    this.querySelector("[data-words]").textContent = WORDS[state];
    this.button.querySelector("span").textContent = this.task ? "Batal" : "Periksa otomatis";
    document.getElementById("live").textContent = WORDS[state];
  }
}

customElements.define("auto-check", AutoCheck);
