"""A browser without a window and without script, like browser.mjs: cookies, redirects and forms."""

from html.parser import HTMLParser
from http.cookiejar import CookieJar, DefaultCookiePolicy
from urllib.parse import urlencode, urljoin, urlsplit
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, Request, build_opener
from urllib.error import HTTPError

MOST_STEPS = 20


class Browser:
    def __init__(self):
        # A browser takes Secure cookies from this machine.
        policy = DefaultCookiePolicy(secure_protocols=("https", "wss", "http"))
        cookies = HTTPCookieProcessor(CookieJar(policy))
        self.opener = build_opener(cookies, StayHere)

    def walk(self, url, user, until, decision="allow"):
        """See browser.mjs: where the browser would go outside of the server."""
        fields = None
        for _ in range(MOST_STEPS):
            if url.startswith(until):
                return url
            response = self.load(url, fields)
            location = response.headers.get("location")
            if 300 <= response.status < 400 and location:
                url, fields = urljoin(url, location), None
                continue
            page = Page()
            page.feed(response.read().decode())
            form = next((form for form in page.forms if form["method"] == "post"), None)
            if form is None:
                text = " ".join(page.words)[:300]
                raise RuntimeError(f"a page of status {response.status} says: {text}")
            url, fields = urljoin(url, form["action"]), page.fill(form, user, decision)
        raise RuntimeError("the browser goes round in circles")

    def load(self, url, fields=None):
        headers = {"Accept": "text/html", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
        headers["Sec-Fetch-Site"] = "cross-site" if fields is None else "same-origin"
        body = None
        if fields is not None:
            parts = urlsplit(url)
            headers["Origin"] = f"{parts.scheme}://{parts.netloc}"
            body = urlencode(fields).encode()
        try:
            return self.opener.open(Request(url, body, headers))
        except HTTPError as answer:
            return answer


class StayHere(HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


class Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.forms, self.buttons, self.words = [], [], []
        self.form, self.silent = None, 0

    def handle_starttag(self, tag, attributes):
        about = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.form = {"action": "", "id": None, **about, "inputs": []}
            self.form["method"] = about.get("method", "get").lower()
            self.forms.append(self.form)
        elif tag == "input" and self.form is not None:
            self.form["inputs"].append(about)
        elif tag == "button":
            # A button may stand elsewhere and name its form.
            self.buttons.append((about.get("form", self.form), about))
        elif tag in ("head", "style", "script"):
            self.silent += 1

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None
        elif tag in ("head", "style", "script"):
            self.silent -= 1

    def handle_data(self, data):
        if not self.silent and data.strip():
            self.words.append(data.strip())

    def fill(self, form, user, decision):
        """The first text field is who, the password field what only they know; the rest is told."""
        fields, has_name = [], False
        for about in form["inputs"]:
            name, kind, value = (about.get(key, "") for key in ("name", "type", "value"))
            if not name:
                continue
            if kind == "hidden" or (kind == "checkbox" and "checked" in about):
                fields.append((name, value or ("on" if kind == "checkbox" else "")))
            elif kind == "password":
                fields.append((name, user["password"]))
            elif kind in ("", "text", "email") and not has_name:
                fields.append((name, user["username"]))
                has_name = True
        buttons = [about for of, about in self.buttons if of is form or of == form["id"]]
        buttons = [about for about in buttons if about.get("type", "submit") == "submit"]
        chosen = [about for about in buttons if about.get("name") and about.get("value") == decision]
        for about in (chosen or buttons)[:1]:
            if about.get("name"):
                fields.append((about["name"], about.get("value", "")))
        return fields
