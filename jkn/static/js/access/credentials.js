// What <passkey-form> needs of the browser: whether this phone has a lock to ask for, and its answer
// to the server's options, both as text.

// How long a browser may think about whether this phone has a lock.
const ABILITY_MS = 5000;

// By the name of the error: of the browser (WebAuthn 3, 5.1.3 and 5.1.4), or of ours.
const WORDS = {
  Busy: "Sedang ramai. Tunggu sebentar, lalu coba lagi.",
  ConstraintError: "Kunci layar HP ini belum memenuhi syarat. Pakai cara lain.",
  InvalidStateError: "HP ini sudah terdaftar. Masuk sekali dengan sidik jari, lalu tombol menyala.",
  NotSupportedError: "HP atau browser ini belum bisa. Pakai cara lain.",
  Offline: "Tidak ada sambungan internet. Coba lagi.",
  OperationError: "HP masih sibuk. Tunggu sebentar, lalu coba lagi.",
  SecurityError: "HP atau browser ini tidak mengizinkannya. Pakai cara lain.",
  Slow: "Sambungan terlalu lambat. Coba lagi.",
  cancelled: "Belum jadi. Tidak ada yang berubah. Coba lagi, atau pakai cara lain.",
  failed: "HP ini tidak menjawab. Coba lagi, atau pakai cara lain.",
  late: "Waktunya habis. Tekan tombolnya sekali lagi.",
  none: "Belum jadi. Sidik jari belum menyala? Masuk dulu dengan kata sandi.",
};
WORDS.NetworkError = WORDS.Offline;

const SIGNED =
  "clientDataJSON attestationObject authenticatorData signature userHandle".split(" ");

const toBytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (it) => it.charCodeAt(0));
const toText = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=/g, "");

// Older phones cannot read and write the JSON form. Every `id` holds bytes, but for the one of the
// domain, which is text.
const read = (text) =>
  JSON.parse(text, function (name, it) {
    const isBytes = name === "challenge" || (name === "id" && (this.type || this.displayName));
    return isBytes ? toBytes(it) : it;
  });

const write = ({ id, rawId, type, response, authenticatorAttachment }) => {
  const signed = { transports: response.getTransports?.() };
  for (const name of SIGNED) if (response[name]) signed[name] = toText(response[name]);
  const key = { id, rawId: toText(rawId), type, response: signed, authenticatorAttachment };
  return JSON.stringify(key);
};

// Its owner picks a key, or makes one, and unlocks the phone. Rejects as browsers do.
const sign = async (options, how) => {
  const asked = { publicKey: options, ...how };
  const { credentials } = navigator;
  return write(await (options.user ? credentials.create(asked) : credentials.get(asked)));
};

// A phone without a lock is not asked: it would open a dialog that leads nowhere.
const abilityOf = async () => {
  const { PublicKeyCredential: keys } = globalThis;
  const isEmbedded = /; wv\)|\bFB[AI][NV]|Instagram|\bLine\/|TikTok/.test(navigator.userAgent);
  const hasLock = await deadline
    .within(ABILITY_MS, () => keys?.isUserVerifyingPlatformAuthenticatorAvailable?.())
    .catch(() => false);
  if (hasLock) return "able";
  if (isEmbedded) return /Android/.test(navigator.userAgent) ? "embedded" : "embedded-elsewhere";
  return keys ? "no-lock" : "unsupported";
};

// In words. A refusal does not say whether somebody turned back, was not recognised, or has no key
// here: the server knows whether this phone should have one. isNew: a key was to be made, and only
// then the phone may have one already.
const whyNot = (error, { isLate, isKnown, isNew }) => {
  const name = error?.name;
  if (name === "NotAllowedError" || name === "AbortError") {
    return WORDS[isLate ? "late" : isKnown ? "cancelled" : "none"];
  }
  return (name !== "InvalidStateError" || isNew ? WORDS[name] : null) ?? WORDS.failed;
};

globalThis.phoneKeys = { abilityOf, read, sign, whyNot };
