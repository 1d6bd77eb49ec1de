// <passkey-form data-options="/…/tantangan"> around a form: has the phone sign what the server asks,
// fills the field `credential` and sends the form. The keyboard offers it, too (autofill.js).
// data-known: this phone is known to have a key. Parts marked data-when="able" show where it fits.

class PasskeyForm extends HTMLElement {
  async connectedCallback() {
    this.querySelector("[data-late]")?.remove();
    this.ability = phoneKeys.abilityOf();
    this.autofill ??= new Autofill(this);
    this.button ??= new Button(this);
    if (this.dataset.options) {
      this.addEventListener("submit", this, true);
      this.addEventListener("htmx:afterRequest", this);
      document.addEventListener("visibilitychange", this.autofill);
      if (this.form) this.connectedMoveCallback();
      // Refused: the part that had the focus was replaced.
      else if (this.querySelector(".error")) this.querySelector("button").focus();
    }
    this.form = this.querySelector("form");
    this.challenge ??= new Challenge(this.dataset.options, this.form);
    const ability = await this.ability;
    for (const part of this.querySelectorAll("[data-when]")) {
      part.hidden = !part.dataset.when.split(" ").includes(ability);
    }
    renewal.tell(this.querySelector("[data-says]"));
    this.autofill.begin();
  }

  // Moved by hx-preserve into an answer about something else.
  connectedMoveCallback() {
    this.querySelector(".error")?.remove();
  }

  disconnectedCallback() {
    document.removeEventListener("visibilitychange", this.autofill);
    this.autofill.end();
  }

  handleEvent(event) {
    const { credential } = this.form.elements;
    if (event.type !== "submit") {
      const { successful, xhr } = event.detail;
      // An answer that got lost was perhaps a right one: the next tap sends the very same again.
      if (xhr.status && xhr.status < 500) credential.value = "";
      // After a sign-in the page is left, which htmx does not call a success.
      if (!successful && !xhr.getResponseHeader("HX-Redirect")) this.autofill.begin();
    } else if (!credential.value) {
      // Once it is signed, it is a form like any other.
      event.preventDefault();
      event.stopPropagation();
      this.button.ask();
    }
  }

  send(signed) {
    this.form.elements.credential.value = signed;
    this.challenge.end = 0;
    this.form.querySelector("button").click();
  }

  say(words) {
    this.querySelector("[data-says]").textContent = words;
  }
}

customElements.define("passkey-form", PasskeyForm);
