import { expect, keyField, pasteToken, test, verdict } from "./support.ts";
import { hs256, SECRET } from "./samples.ts";

test.use({ serviceWorkers: "allow" });

test("the page works without a network, and keeps nothing but its own files", async ({ page, home, context }) => {
  await page.goto(home);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await pasteToken(page, hs256({ sub: "secretive" }));
  await page.waitForTimeout(300);
  await context.setOffline(true);
  await page.reload();
  await pasteToken(page, hs256({ sub: "a" }));
  await keyField(page).fill(SECRET);
  await expect(verdict(page)).toHaveAttribute("data-tone", "good");
  for (const view of ["encode", "learn"]) {
    await page.evaluate((name) => (location.hash = `#/${name}`), view);
    await expect(page.locator("main h1, main h2").first()).toBeVisible();
  }
  const kept = await page.evaluate(async () => {
    const urls: string[] = [];
    for (const name of await caches.keys()) {
      urls.push(...(await (await caches.open(name)).keys()).map(({ url }) => url));
    }
    return urls;
  });
  expect(kept.length).toBeGreaterThan(5);
  expect(kept.every((url) => url.startsWith(home) && !url.includes("?"))).toBe(true);
});

test("it can be installed", async ({ page, home }) => {
  await page.goto(home);
  const address = await page.locator("link[rel=manifest]").getAttribute("href");
  const manifest = await (await page.request.get(new URL(address ?? "", home).href)).json();
  expect(manifest).toMatchObject({ display: "standalone", scope: "/debugger/", start_url: "/debugger/" });
});
