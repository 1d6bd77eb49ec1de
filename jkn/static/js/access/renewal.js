// A page from before somebody signed in or out is loaded anew, and says so then: once, as it helps
// nobody whose browser keeps no cookies. Its history entry remembers that until it is there.

const HELPS_WITHIN_MS = 60000;
const renewedAt = history.state?.renewedAt;
if (renewedAt) history.replaceState(null, "");
let isTold = !renewedAt;

globalThis.renewal = {
  // What to say instead, when it is in vain.
  begin() {
    if (!navigator.cookieEnabled || Date.now() - renewedAt < HELPS_WITHIN_MS) {
      return "Cookie di browser ini mati. Nyalakan, lalu muat ulang halaman ini.";
    }
    history.replaceState({ renewedAt: Date.now() }, "");
    location.reload();
    return "";
  },

  tell(line) {
    if (isTold || !line) return;
    line.textContent = "Halaman ini sudah lama. Kami muat ulang. Coba lagi.";
    isTold = true;
  },
};
