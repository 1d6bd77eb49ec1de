// A visit lasts until somebody signs in or out in this browser. What was typed and seen in it must
// not come back on the screen of the next one. The server keeps browsers from filling in forms of
// an earlier visit (components/flow_form.html). This is for pages that are still alive: in other
// tabs, and in the browser's back-forward cache.

const OVER_AT = "visit-over-at";
const loadedAt = Date.now() - performance.now();

const leave = () => {
  document.documentElement.hidden = true;
  location.reload();
};

const isOver = () => {
  try {
    return Number(localStorage.getItem(OVER_AT)) > loadedAt;
  } catch {
    // Storage is off, so nobody knows.
    return true;
  }
};

const empty = (fields) => {
  for (const field of document.querySelectorAll(fields)) field.value = "";
};

// Comes with the answer that ends the visit, before the page is left. The browser notes in its
// history, also on the disk, what stands in the fields then.
document.addEventListener("visit-over", () => {
  empty("form .input");
  // htmx leaves by this object. The next page takes the place of the form in the browser's history:
  // going back must not lead to a form that has served.
  htmx.location = {
    set href(url) {
      location.replace(url);
    },
  };
  try {
    localStorage.setItem(OVER_AT, Date.now());
  } catch {
    // Other tabs learn of it when they ask the server.
  }
});

// From another tab.
addEventListener("storage", ({ key }) => {
  if (key === OVER_AT) leave();
});

// The browser kept the page alive, whatever its headers said. Only the server knows who is signed
// in now. A page that shows nobody's data stays as it was left, but for its secrets.
addEventListener("pageshow", ({ persisted }) => {
  if (!persisted) return;
  if (isOver() || document.querySelector("session-watch")) {
    leave();
    return;
  }
  empty("password-field input, [autocomplete=one-time-code]");
  // The digits in it were perhaps given already.
  document.getElementById("captcha-refresh")?.click();
});
