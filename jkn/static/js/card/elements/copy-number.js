// <copy-number data-number="0001340648885"> around a hidden button: one tap copies the number, where
// the browser can. The button says so to the eye, and the page's live region to the ear.

class CopyNumber extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector("button");
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", () => this.copy(button));
  }

  async copy(button) {
    let words = "Nomor kartu sudah disalin";
    try {
      await navigator.clipboard.writeText(this.dataset.number);
    } catch {
      words = "Belum bisa disalin. Tekan lama nomornya.";
    }
    button.textContent = words;
    document.getElementById("live").textContent = words;
  }
}

customElements.define("copy-number", CopyNumber);
