// Keeps the files of one build so that the page works without a network. A new build waits until
// the person lets it in; nothing but the page's own files is ever kept.
const CACHE = "jeton-__VERSION__";
const FILES = __FILES__;

self.addEventListener("install", (event) => {
  const fresh = FILES.map((file) => new Request(file, { cache: "reload" }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(fresh)));
});

self.addEventListener("activate", (event) => {
  const forget = async () => {
    const names = await caches.keys();
    const old = names.filter((name) => name.startsWith("jeton-") && name !== CACHE);
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
  };
  event.waitUntil(forget());
});

self.addEventListener("message", (event) => {
  if (event.data === "take over") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  const scope = new URL(self.registration.scope);
  const own = url.origin === scope.origin && url.pathname.startsWith(scope.pathname);
  if (event.request.method !== "GET" || !own) return;
  const answer = async () => {
    const cache = await caches.open(CACHE);
    const key = event.request.mode === "navigate" ? scope.href : event.request;
    return (await cache.match(key, { ignoreSearch: true })) ?? fetch(event.request);
  };
  event.respondWith(answer());
});
