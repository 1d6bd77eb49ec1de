// <switch-row> around the form of a switch: flips at once, and back when it could not be saved.
// data-asks-first: a tap may lead to another page, so it stays until its own part comes back.

class SwitchRow extends HTMLElement {
  connectedCallback() {
    if ("asksFirst" in this.dataset) return;
    this.addEventListener("htmx:beforeRequest", this);
    this.addEventListener("htmx:afterRequest", this);
  }

  handleEvent({ type, detail }) {
    if (type === "htmx:beforeRequest" || !detail.successful) this.flip();
  }

  flip() {
    const button = this.querySelector("[role=switch]");
    const isOn = button.getAttribute("aria-checked") !== "true";
    button.setAttribute("aria-checked", String(isOn));
    const { rootClass } = this.dataset;
    if (!rootClass) return;
    document.documentElement.classList.toggle(rootClass, isOn);
    // Content above it may have changed: keep it in sight.
    button.scrollIntoView({ block: "nearest" });
  }
}

customElements.define("switch-row", SwitchRow);
