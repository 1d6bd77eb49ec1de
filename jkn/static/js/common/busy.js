// A tapped button answers at once: its words change, and after five seconds a line reassures.

const REASSURE_AFTER_MS = 5000;
let waiting = 0;

const busy = (form, isBusy) => {
  const button = form.querySelector("button[data-busy-label]");
  if (!button) return;
  const words = button.querySelector("[data-label]") ?? button;
  button.dataset.label ??= words.textContent.trim();
  words.textContent = isBusy ? button.dataset.busyLabel : button.dataset.label;
  button.setAttribute("aria-busy", String(isBusy));
};

const settle = (form) => {
  clearTimeout(waiting);
  document.getElementById("still-working")?.remove();
  busy(form, false);
};

const reassure = (form) => {
  const line = document.createElement("p");
  line.id = "still-working";
  line.className = "hint";
  line.setAttribute("role", "status");
  line.textContent = "Belum selesai. Jangan tutup halaman ini.";
  form.querySelector("button[data-busy-label]")?.after(line);
};

document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  const form = detail.elt.closest("form");
  if (!form || form !== detail.elt) return;
  busy(form, true);
  waiting = setTimeout(reassure, REASSURE_AFTER_MS, form);
});

// A page that was left while it was busy, and that the browser kept alive.
addEventListener("pageshow", ({ persisted }) => {
  if (persisted) [...document.forms].forEach(settle);
});

document.addEventListener("htmx:afterRequest", ({ detail }) => {
  // On the way to another page the button stays busy.
  if (detail.elt instanceof HTMLFormElement && !detail.xhr.getResponseHeader("HX-Redirect")) {
    settle(detail.elt);
  }
});
