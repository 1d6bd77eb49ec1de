// <password-field> around a password input: adds the button that shows what was typed.

class PasswordField extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input");
    this.button = this.querySelector("button");
    if (!this.input || !this.button) return;
    this.button.hidden = false;
    this.button.addEventListener("click", () => this.show(this.input.type === "password"));
    // What is sent, or kept by the browser, is a password again.
    this.input.form?.addEventListener("submit", () => this.show(false));
  }

  show(isShown) {
    this.input.type = isShown ? "text" : "password";
    // What follows is the name of the field, where there are several.
    this.button.firstChild.data = isShown ? "Sembunyikan" : "Tampilkan";
  }
}

customElements.define("password-field", PasswordField);
