// Serves hashed files from a cache and an offline page when there is no network. Nothing else
// is ever put into a cache: every other page may be personal.

const CACHE = "jkn-{{ version }}";
const OFFLINE = {{ offline_url | tojson }};
const FILES = {{ files | tojson }};

addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(CACHE)
      // No cookies: what is kept is the same for everybody.
      .then((cache) => cache.addAll([OFFLINE, ...FILES].map((url) => new Request(url, { credentials: "omit" }))))
      .then(() => skipWaiting()),
  );
});

addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name))))
      .then(() => registration.navigationPreload?.enable())
      .then(() => clients.claim()),
  );
});

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || new URL(request.url).origin !== location.origin) return;
  if (request.mode === "navigate") {
    event.respondWith(
      Promise.resolve(event.preloadResponse)
        .then((preloaded) => preloaded ?? fetch(request))
        .catch(() => caches.match(OFFLINE)),
    );
  } else if (FILES.includes(new URL(request.url).pathname)) {
    event.respondWith(caches.match(request).then((kept) => kept ?? fetch(request)));
  } else if (request.headers.has("HX-Request")) {
    // Answered here, or the page would wait for ever; it then says that the network is gone.
    event.respondWith(fetch(request).catch(() => Response.error()));
  }
});
