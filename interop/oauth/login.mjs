// Prints what browsers send to sign the guests of a setting in: node login.mjs COUNT
//
// Every line is one browser's: { path, cookie, body }. Sent again, it is another sign-in.
import { Browser } from "./browser.mjs";
import { setting } from "./flows.mjs";

const { issuer, user } = setting;
for (let count = 0; count < Number(process.argv[2]); count += 1) {
  const guest = { ...user, username: `guest-${count}` };
  const { url, cookie, body } = await new Browser().submission(`${issuer}/sign-in`, guest);
  console.log(JSON.stringify({ path: url.pathname + url.search, cookie, body }));
}
