// What every page needs: the service worker, focus after a swap, and words when the network is gone.

// Timers stand still while a phone sleeps, so the end of a step-up is checked by the clock.
const opened = document.querySelector("[data-closes-in]");
const closesAt = opened ? Date.now() + opened.dataset.closesIn * 1000 : Infinity;
document.addEventListener("visibilitychange", () => {
  if (document.hidden || Date.now() < closesAt) return;
  document.documentElement.hidden = true;
  location.reload();
});

// Later pages link the style sheet that is inside a first page. It is put into the service worker's
// cache, so that it is not loaded twice.
const leaveStyle = async () => {
  const style = document.querySelector("style[data-file]");
  if (!style || (await caches.match(style.dataset.file))) return;
  const file = new Response(style.textContent, { headers: { "Content-Type": "text/css" } });
  await (await caches.open("first-page")).put(style.dataset.file, file);
};

if ("serviceWorker" in navigator) {
  // After everything that the page needs, so that it never waits. By default browsers would ask
  // for the script again with every page.
  addEventListener("load", async () => {
    await leaveStyle().catch(() => {});
    navigator.serviceWorker.register("/sw.js", { updateViaCache: "all" }).catch(() => {});
  });
}

const main = () => document.getElementById("main");

// Read aloud once by screen readers.
const announce = (words) => {
  const live = document.getElementById("live");
  if (live) live.textContent = words;
};

const sayInTitle = () => {
  if (!document.title.startsWith("Kesalahan: ")) document.title = `Kesalahan: ${document.title}`;
};

// Only a part was refused, so the rest was fine: earlier errors go, and the focus moves to the part
// that asks again.
const askAgain = (part, field) => {
  document.getElementById("error-summary")?.remove();
  for (const old of document.querySelectorAll(".field--invalid")) {
    if (part.contains(old)) continue;
    old.classList.remove("field--invalid");
    old.querySelector("[id$=-error]")?.remove();
    for (const input of old.querySelectorAll("[aria-invalid]")) {
      input.removeAttribute("aria-invalid");
    }
  }
  sayInTitle();
  field.focus();
  announce(document.getElementById(`${field.id}-error`)?.textContent ?? "");
};

// The event comes once for each element that was put in; one answer moves the focus once.
const settled = new WeakSet();

document.addEventListener("htmx:afterSettle", ({ detail }) => {
  if (settled.has(detail.xhr)) return;
  settled.add(detail.xhr);
  // The target was replaced; its successor has the same id.
  const swapped = document.getElementById(detail.target.id) ?? main();
  const invalid = swapped.querySelector("[aria-invalid=true]");
  if (swapped.id !== "main") {
    if (invalid) askAgain(swapped, invalid);
    else if (swapped.querySelector(".error")) sayInTitle();
    return;
  }
  const summary = document.getElementById("error-summary");
  const goal = summary ?? swapped.querySelector("h1");
  if (!goal) return;
  if (!goal.hasAttribute("tabindex")) goal.setAttribute("tabindex", "-1");
  goal.focus();
});

// A form may bring its own words for it; they stand in it, since the top may be far away. Whoever
// cannot go on calls from there.
const showProblem = (form, reason) => {
  document.getElementById("network-problem")?.remove();
  const problem = document.createElement("div");
  problem.id = "network-problem";
  problem.className = "banner banner--error";
  problem.setAttribute("role", "alert");
  const own = form?.dataset.problem;
  problem.textContent = `${reason} ${own ?? "Isian Anda masih ada."} Coba lagi. `;
  problem.append(document.querySelector(".foot p").cloneNode(true));
  if (own) form.before(problem);
  else main().prepend(problem);
  problem.scrollIntoView({ block: "nearest" });
};

// A server that fails must not take the form away with what was typed into it.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const form = detail.requestConfig.elt;
  if (detail.xhr.status < 500 || !(form instanceof HTMLFormElement)) return;
  if (detail.xhr.getResponseHeader("HX-Retarget")) return;
  detail.shouldSwap = false;
  showProblem(form, "Ada masalah di sistem kami.");
});

document.addEventListener("htmx:sendError", ({ detail }) =>
  showProblem(detail.elt, "Tidak ada sambungan internet."),
);
document.addEventListener("htmx:timeout", ({ detail }) =>
  showProblem(detail.elt, "Sambungan terlalu lambat."),
);
document.addEventListener("htmx:beforeRequest", () =>
  document.getElementById("network-problem")?.remove(),
);
