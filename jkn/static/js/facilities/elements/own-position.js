// <own-position> around the search for facilities: a tap on *Pakai lokasi saya* asks the phone where it
// is, and sends that with the search, rounded to a hundred metres. It is kept in this page alone.

// Codes of GeolocationPositionError.
const WHY_NOT = {
  1: "Lokasi tidak diizinkan. Ketik saja nama faskes di atas.",
  2: "Lokasi HP belum ditemukan. Nyalakan lokasi, lalu coba lagi.",
  3: "Mencari lokasi terlalu lama. Coba lagi, atau ketik nama faskes.",
};
const WAIT = { timeout: 10000, maximumAge: 60000 };
const DECIMALS = 3;

class OwnPosition extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("#position");
    this.said = this.form.querySelector("[role=status]");
    this.form.hidden = !navigator.geolocation;
    this.form.addEventListener("submit", this, true);
    this.addEventListener("htmx:beforeRequest", this);
    this.addEventListener("htmx:afterRequest", this);
    this.addEventListener("htmx:afterSettle", this);
  }

  handleEvent(event) {
    const { type, detail, target } = event;
    if (type === "submit" && !this.goes) {
      event.preventDefault();
      event.stopImmediatePropagation();
      this.locate();
    } else if (type === "htmx:beforeRequest" && target.id === "search" && this.holds) {
      // Other words, the same place.
      event.preventDefault();
      event.stopPropagation();
      this.send();
    } else if (type === "htmx:afterRequest" && target === this.form) {
      this.said.textContent = "";
      if (detail.xhr.status === 422) this.hold("", "");
    } else if (type === "htmx:afterSettle" && target.id === "results") {
      document.getElementById("live").textContent = target.querySelector("h2").textContent;
    }
  }

  get holds() {
    return this.form.elements.latitude.value;
  }

  hold(latitude, longitude) {
    this.form.elements.latitude.value = latitude;
    this.form.elements.longitude.value = longitude;
  }

  locate() {
    this.said.textContent = "Mencari lokasi HP Anda…";
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        this.hold(coords.latitude.toFixed(DECIMALS), coords.longitude.toFixed(DECIMALS));
        this.send();
      },
      ({ code }) => (this.said.textContent = WHY_NOT[code]),
      WAIT,
    );
  }

  send() {
    this.goes = true;
    this.form.requestSubmit();
    this.goes = false;
  }
}

customElements.define("own-position", OwnPosition);
