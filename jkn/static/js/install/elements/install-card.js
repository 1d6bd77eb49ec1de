// <install-card>: offers to put the app on the home screen, in the way this phone can.

const DISMISSED = "install-card-dismissed";
const QUIET_FOR_MS = 90 * 24 * 60 * 60 * 1000;

let offer = null;
addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  offer = event;
  document.dispatchEvent(new Event("install-possible"));
});

const wasDismissed = () => {
  try {
    return Date.now() - Number(localStorage.getItem(DISMISSED) ?? 0) < QUIET_FOR_MS;
  } catch {
    return false;
  }
};

const isInstalled = () =>
  matchMedia("(display-mode: standalone)").matches || navigator.standalone === true;

// iPhones never offer it themselves; the steps are pictured.
const isIos = () => /iPhone|iPad|iPod/.test(navigator.userAgent) && "standalone" in navigator;

class InstallCard extends HTMLElement {
  connectedCallback() {
    if (isInstalled() || wasDismissed()) return;
    this.querySelector("[data-action=install]")?.addEventListener("click", () => this.install());
    for (const button of this.querySelectorAll("[data-action=dismiss]")) {
      button.addEventListener("click", () => this.dismiss());
    }
    if (isIos()) this.reveal("ios");
    else if (offer) this.reveal("android");
    else document.addEventListener("install-possible", () => this.reveal("android"), { once: true });
  }

  reveal(way) {
    for (const part of this.querySelectorAll("[data-way]")) {
      part.hidden = part.dataset.way !== way;
    }
    this.hidden = false;
  }

  async install() {
    if (!offer) return;
    offer.prompt();
    await offer.userChoice;
    offer = null;
    this.hidden = true;
  }

  dismiss() {
    try {
      localStorage.setItem(DISMISSED, String(Date.now()));
    } catch {
      // Storage is off: the card comes back next time, which harms nobody.
    }
    this.hidden = true;
  }
}

customElements.define("install-card", InstallCard);
