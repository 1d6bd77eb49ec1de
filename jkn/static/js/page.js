// What every page needs: a guard against stale private pages, the service worker, focus after
// a swap, and words when the network is gone.

// A page taken from the browser's back-forward cache shows what was private before signing out,
// whatever its headers said; only the server knows who is signed in now.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  document.documentElement.hidden = true;
  location.reload();
});

if ("serviceWorker" in navigator) {
  // After everything the page itself needs, so that it never waits for this. By default browsers
  // would ask for the script again with every page.
  addEventListener("load", () =>
    navigator.serviceWorker.register("/sw.js", { updateViaCache: "all" }).catch(() => {}),
  );
}

const main = () => document.getElementById("main");

// Read aloud once by screen readers.
const announce = (words) => {
  const live = document.getElementById("live");
  if (live) live.textContent = words;
};

// Only a part was refused, so everything else was fine: what was said about it earlier goes, and
// the person goes on where the part asks again.
const askAgain = (part, field) => {
  document.getElementById("error-summary")?.remove();
  for (const old of document.querySelectorAll(".field--invalid")) {
    if (old === part) continue;
    old.classList.remove("field--invalid");
    old.querySelector("[id$=-error]")?.remove();
    for (const input of old.querySelectorAll("[aria-invalid]")) {
      input.removeAttribute("aria-invalid");
    }
  }
  if (!document.title.startsWith("Kesalahan: ")) document.title = `Kesalahan: ${document.title}`;
  field.focus();
  announce(document.getElementById(`${field.id}-error`)?.textContent ?? "");
};

// The event comes once for each element that was put in; one answer moves the focus once.
const settled = new WeakSet();

document.addEventListener("htmx:afterSettle", ({ detail }) => {
  if (settled.has(detail.xhr)) return;
  settled.add(detail.xhr);
  // The target that was replaced is gone by now; its successor has the same id.
  const swapped = document.getElementById(detail.target.id) ?? main();
  const invalid = swapped.querySelector("[aria-invalid=true]");
  if (swapped.id !== "main") {
    if (invalid) askAgain(swapped, invalid);
    return;
  }
  const summary = document.getElementById("error-summary");
  const goal = summary ?? swapped.querySelector("h1");
  if (!goal) return;
  if (!goal.hasAttribute("tabindex")) goal.setAttribute("tabindex", "-1");
  goal.focus();
});

const showProblem = (words) => {
  document.getElementById("network-problem")?.remove();
  const problem = document.createElement("p");
  problem.id = "network-problem";
  problem.className = "banner banner--error";
  problem.setAttribute("role", "alert");
  problem.textContent = words;
  main().prepend(problem);
  problem.scrollIntoView({ block: "nearest" });
};

// A server that fails must not take the form away with what was typed into it.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.xhr.status < 500 || !(detail.requestConfig.elt instanceof HTMLFormElement)) return;
  if (detail.xhr.getResponseHeader("HX-Retarget")) return;
  detail.shouldSwap = false;
  showProblem("Ada masalah di sistem kami. Isian Anda masih ada. Coba lagi, atau hubungi 165.");
});

document.addEventListener("htmx:sendError", () =>
  showProblem("Tidak ada sambungan internet. Isian Anda masih ada. Coba lagi."),
);
document.addEventListener("htmx:timeout", () =>
  showProblem("Sambungan terlalu lambat. Isian Anda masih ada. Coba lagi."),
);
document.addEventListener("htmx:beforeRequest", () =>
  document.getElementById("network-problem")?.remove(),
);
