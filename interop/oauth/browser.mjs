// A browser without a window and without script: cookies, redirects and forms, no more.
import http from "node:http";

const ENTITIES = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
const MOST_STEPS = 20;

export class Browser {
  #cookies = [];

  // Goes to `url` as somebody who clicked a link elsewhere, signs in as `user` and gives `decision`
  // where it is asked for, and returns where the browser would go outside of the server: the URL
  // with the client's answer. A page that asks nothing is an error, with what it says.
  async walk(url, { user, decision = "allow", until }) {
    let step = { method: "GET", url: new URL(url) };
    for (let count = 0; count < MOST_STEPS; count += 1) {
      if (until(step.url)) return step.url;
      const page = await this.#load(step);
      const location = page.headers.location;
      if (page.status >= 300 && page.status < 400 && location) {
        step = { method: "GET", url: new URL(location, step.url) };
        continue;
      }
      const form = forms(page.text).find((form) => form.method === "post");
      if (!form) throw new Error(`a page of status ${page.status} says: ${words(page.text)}`);
      step = submit(form, step.url, { user, decision });
    }
    throw new Error("the browser goes round in circles");
  }

  // Fills the form at `url` in, and takes what comes then for good unless it is a refusal.
  async fill(url, user) {
    const then = await this.#load(await this.submission(url, user));
    if (then.status >= 400) throw new Error(`the form is refused: ${words(then.text)}`);
  }

  // What would be sent for the form at `url`.
  async submission(url, user) {
    const page = await this.look(url);
    const form = forms(page.text).find((form) => form.method === "post");
    if (!form) throw new Error(`a page of status ${page.status} says: ${words(page.text)}`);
    const step = submit(form, new URL(url), { user });
    return { ...step, cookie: this.#cookie(step.url) };
  }

  // What the server shows at `url`, redirects not followed.
  async look(url) {
    return this.#load({ method: "GET", url: new URL(url) });
  }

  #load({ method, url, body }) {
    const headers = { accept: "text/html", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };
    headers["sec-fetch-site"] = method === "POST" ? "same-origin" : "cross-site";
    const cookie = this.#cookie(url);
    if (cookie) headers.cookie = cookie;
    if (body !== undefined) {
      headers["content-type"] = "application/x-www-form-urlencoded";
      headers["content-length"] = Buffer.byteLength(body);
      headers.origin = url.origin;
    }
    return new Promise((resolve, reject) => {
      const request = http.request(url, { method, headers }, (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (part) => (text += part));
        response.on("error", reject);
        response.on("end", () => {
          for (const line of response.headers["set-cookie"] ?? []) this.#keep(line);
          resolve({ status: response.statusCode, headers: response.headers, text });
        });
      });
      request.on("error", reject);
      request.end(body);
    });
  }

  #cookie(url) {
    const sent = this.#cookies.filter(({ path }) => url.pathname.startsWith(path));
    return sent.map(({ name, value }) => `${name}=${value}`).join("; ");
  }

  #keep(line) {
    const [pair, ...rest] = line.split(";").map((part) => part.trim());
    const [name, value] = halves(pair);
    const about = Object.fromEntries(rest.map(halves).map(([key, said]) => [key.toLowerCase(), said]));
    const path = about.path ?? "/";
    this.#cookies = this.#cookies.filter((known) => known.name !== name || known.path !== path);
    const isGone = about["max-age"] === "0" || new Date(about.expires ?? Infinity) < new Date();
    if (!isGone) this.#cookies.push({ name, value, path });
  }
}

// Fills a form in as a person would: an e-mail field is their address where they have one, else the
// first text field is who, the password field is what only they know, and a decision is a button.
function submit({ action, inputs, buttons }, base, { user, decision }) {
  const fields = new URLSearchParams();
  let hasName = false;
  for (const { name, type = "text", value = "", checked } of inputs) {
    if (!name) continue;
    if (type === "hidden") fields.append(name, value);
    else if (type === "password") fields.append(name, user.password);
    else if (type === "checkbox" && checked !== undefined) fields.append(name, value || "on");
    else if (type === "email" && user.email && name === "email") fields.append(name, user.email);
    else if ((type === "text" || type === "email") && !hasName) {
      fields.append(name, user.username);
      hasName = true;
    }
  }
  const chosen = buttons.find(({ name, value }) => name && value === decision);
  const pressed = chosen ?? buttons.find(({ type = "submit" }) => type === "submit");
  if (pressed?.name) fields.append(pressed.name, pressed.value ?? "");
  return { method: "POST", url: new URL(action ?? "", base), body: fields.toString() };
}

function forms(html) {
  return [...html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/gi)].map(([, about, inside]) => {
    const { id, action, method = "get" } = attributes(about);
    // A button may stand elsewhere and name its form.
    const outside = tags(html, "button").filter(({ form }) => form !== undefined && form === id);
    const buttons = [...tags(inside, "button").filter(({ form }) => form === undefined), ...outside];
    return { action, method: method.toLowerCase(), inputs: tags(inside, "input"), buttons };
  });
}

function tags(html, name) {
  const found = html.matchAll(new RegExp(`<${name}\\b([^>]*)>`, "gi"));
  return [...found].map(([, text]) => attributes(text));
}

function attributes(text) {
  const found = text.matchAll(/([\w-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>/]+)))?/g);
  return Object.fromEntries(
    [...found].map(([, name, double, single, bare]) => [
      name.toLowerCase(),
      decoded(double ?? single ?? bare ?? ""),
    ]),
  );
}

function decoded(text) {
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) => {
    if (name) return ENTITIES[name.toLowerCase()] ?? whole;
    return String.fromCodePoint(hex ? parseInt(hex, 16) : Number(decimal));
  });
}

function words(html) {
  const visible = html.replace(/<(style|script|head)\b[\s\S]*?<\/\1>/gi, " ").replace(/<[^>]*>/g, " ");
  return decoded(visible).replace(/\s+/g, " ").trim().slice(0, 300);
}

function halves(text) {
  const at = text.indexOf("=");
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}
