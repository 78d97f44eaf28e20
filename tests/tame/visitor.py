"""A browser that keeps the rules for cookies, and the proxy it may sit behind."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    cookies: SimpleCookie
    text: str


@dataclass
class Visitor:
    """Types `url` into a browser; TAME listens on `port` of loopback."""

    url: str
    port: int
    proxy_takes_the_path_off: bool = False
    cookies: dict[str, tuple[str, str]] = field(default_factory=dict)  # name: value, path

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, None)

    def post(self, path: str, form: dict[str, str]) -> Answer:
        return self._ask("POST", path, urlencode(form))

    def log_in(self, name: str, password: str) -> Answer:
        """At the admin's login page; the answer to the form."""
        base = urlsplit(self.url).path
        page = self.get(f"{base}/admin/login/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        assert token, page.text
        form = {"username": name, "password": password, "csrfmiddlewaretoken": token[1]}
        return self.post(f"{base}/admin/login/?next={base}/admin/", form)

    def _ask(self, method: str, path: str, body: str | None) -> Answer:
        address = urlsplit(self.url)
        headers = {"Host": address.netloc, "Cookie": self._cookies_for(path)}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["Origin"] = f"{address.scheme}://{address.netloc}"
            headers["Referer"] = f"{address.scheme}://{address.netloc}{path}"
        if address.scheme == "https":
            headers["X-Forwarded-Proto"] = "https"
        if self.proxy_takes_the_path_off:
            path = path.removeprefix(address.path) or "/"
        return self._send(method, path, body, headers)

    def _send(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer:
        line = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            line.request(method, path, body, headers)
            got = line.getresponse()
            cookies = SimpleCookie()
            for text in got.headers.get_all("Set-Cookie", []):
                cookies.load(text)
            self._keep(cookies)
            return Answer(got.status, dict(got.headers), cookies, got.read().decode())
        finally:
            line.close()

    def _keep(self, cookies: SimpleCookie) -> None:
        for name, cookie in cookies.items():
            if cookie["secure"] and not self.url.startswith("https"):
                continue  # a browser refuses it
            self.cookies[name] = (cookie.value, cookie["path"])

    def _cookies_for(self, path: str) -> str:
        kept = self.cookies.items()
        return "; ".join(
            f"{name}={value}" for name, (value, below) in kept if _is_below(path, below)
        )


def _is_below(path: str, folder: str) -> bool:
    return f"{path}/".startswith(f"{folder.rstrip('/')}/")
