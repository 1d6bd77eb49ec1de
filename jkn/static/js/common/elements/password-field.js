// <password-field> around a password input: adds the button that shows what was typed.

class PasswordField extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input");
    this.button = this.querySelector("button");
    if (!this.input || !this.button) return;
    this.button.hidden = false;
    this.button.addEventListener("click", () => this.show(this.input.type === "password"));
    // Browsers should send and keep it as a password.
    this.input.form?.addEventListener("submit", () => this.show(false));
  }

  show(isShown) {
    this.input.type = isShown ? "text" : "password";
    // Where there are several, the field's name follows.
    this.button.firstChild.data = isShown ? "Sembunyikan" : "Tampilkan";
  }
}

customElements.define("password-field", PasswordField);
