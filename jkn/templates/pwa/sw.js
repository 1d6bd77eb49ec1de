// Serves hashed files from a cache and an offline page when there is no network. Nothing else
// is ever put into a cache: every other page may be personal.

const CACHE = "jkn-{{ version }}";
const OFFLINE = {{ offline_url | tojson }};
const FILES = {{ files | tojson }};

// Files are named by their content, so those of an earlier version and the style sheet of a first
// page (js/common/page.js) are not loaded again.
const fill = async () => {
  const cache = await caches.open(CACHE);
  const missing = [OFFLINE];
  for (const url of FILES) {
    const kept = await caches.match(url);
    if (kept) await cache.put(url, kept);
    else missing.push(url);
  }
  // No cookies: what is cached is the same for all.
  await cache.addAll(missing.map((url) => new Request(url, { credentials: "omit" })));
  await skipWaiting();
};

// Keeps scripts of single pages once used: browsers drop their own copies at Keluar.
const keep = async (request) => {
  const answer = await fetch(request);
  if (answer.ok) (await caches.open(CACHE)).put(request, answer.clone()).catch(() => {});
  return answer;
};

addEventListener("install", (event) => event.waitUntil(fill()));

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
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate") {
    event.respondWith(
      // Browsers cancel what they asked ahead; that says nothing about the network.
      Promise.resolve(event.preloadResponse)
        .catch(() => {})
        .then((preloaded) => preloaded ?? fetch(request))
        .catch(() => caches.match(OFFLINE)),
    );
  } else if (FILES.includes(pathname) || pathname.startsWith("/static/js/")) {
    event.respondWith(caches.match(request).then((kept) => kept ?? keep(request)));
  } else if (request.headers.has("HX-Request")) {
    // Without an answer the page would wait for ever; now it says that the network is gone.
    event.respondWith(fetch(request).catch(() => Response.error()));
  }
});
