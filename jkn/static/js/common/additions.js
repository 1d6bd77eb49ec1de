// What the oldest browsers that we serve lack (docs/experience.md, 1), where a few lines can add it.

// Safari before 16.
HTMLFormElement.prototype.requestSubmit ??= function () {
  [...this.elements].find(({ type }) => type === "submit").click();
};

// Safari before 15.4 takes a dialog for an element without a meaning. It stands over the page
// (css/components/dialog.css), but does not keep the focus in itself.
const dialogs = (globalThis.HTMLDialogElement ?? HTMLElement).prototype;
if (!dialogs.showModal) {
  dialogs.showModal = function () {
    this.classList.add("dialog--over");
    this.setAttribute("open", "");
    this.querySelector("button").focus();
  };
  dialogs.close = function () {
    this.removeAttribute("open");
  };
  addEventListener("submit", (event) => {
    if (event.target.getAttribute("method") !== "dialog") return;
    event.preventDefault();
    event.target.closest("dialog").close();
  });
}
