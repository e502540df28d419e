// Offline use, and word of a newer build. The file that is everything in one needs neither.

/** Registers the service worker; `ready` hears of a newer build, with what lets it in. */
export async function workOffline(ready: (takeOver: () => void) => void): Promise<void> {
  if (__EXPORTED__ || import.meta.env.DEV || !("serviceWorker" in navigator)) return;
  const workers = navigator.serviceWorker;
  // The first worker of all takes over nothing that could be lost.
  const updates = workers.controller !== null;
  const registration = await workers.register("sw.js", { updateViaCache: "none" });
  const offer = (waiting: ServiceWorker | null) => {
    if (!waiting || !updates) return;
    ready(() => {
      workers.addEventListener("controllerchange", () => location.reload(), { once: true });
      waiting.postMessage("take over");
    });
  };
  offer(registration.waiting);
  registration.addEventListener("updatefound", () => {
    const { installing } = registration;
    installing?.addEventListener("statechange", () => {
      if (installing.state === "installed") offer(installing);
    });
  });
}
