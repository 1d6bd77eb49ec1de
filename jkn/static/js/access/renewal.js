// A page from before somebody signed in or out is loaded anew and says so. Only once, since it
// would not help where cookies are blocked; the history entry remembers that.

const HELPS_WITHIN_MS = 60000;
const renewedAt = history.state?.renewedAt;
if (renewedAt) history.replaceState(null, "");
let isTold = !renewedAt;

globalThis.renewal = {
  // Returns what to say when it is in vain.
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
