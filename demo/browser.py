"""A person at the admin's pages: opens them, fills in their forms and presses their buttons."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

import requests

TIMEOUT = 60  # seconds; a Test button asks a service while the page waits


class DemoError(Exception):
    """Something did not go as it must; the sentence says what."""


@dataclass
class Form:
    action: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)  # its words, where it leads
    options: dict[str, dict[str, str]] = field(default_factory=dict)  # of a menu: words, value


STAY = {"_continue": "1"}  # the button that saves and shows the row again
LISTS = {"messagelist", "errorlist"}


class Page(HTMLParser):
    """The forms of a page, and what it says: messages, and what is wrong with a form."""

    def __init__(self, url: str, html: str) -> None:
        super().__init__()
        self.url, self.forms, self.messages = url, [Form()], list[str]()
        self._button: str | None = None
        self._said = self._words = self._select = ""
        self._option: str | None = None
        self._list = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(given.get("action", "")))
        elif tag in ("input", "textarea") and given.get("name"):
            self._keep(given)
        elif tag == "select":
            self._select = given.get("name", "")
        elif tag == "option":
            self._option = given.get("value", "")
            if "selected" in given:
                self.forms[-1].fields.setdefault(self._select, self._option)
        elif tag == "button":
            self._button, self._words = given.get("formaction", ""), given.get("aria-label", "")
        elif tag == "ul" and LISTS & set(given.get("class", "").split()):
            self._list = True

    def _keep(self, given: dict[str, str]) -> None:
        unticked = given.get("type") == "checkbox" and "checked" not in given
        if given.get("type") not in ("submit", "file") and not unticked:
            usual = "on" if given.get("type") == "checkbox" else ""
            self.forms[-1].fields.setdefault(given["name"], given.get("value", usual))

    def handle_data(self, data: str) -> None:
        if self._button is not None and not self._words:
            self._words = data.strip()
        if self._option is not None and data.strip():
            self.forms[-1].options.setdefault(self._select, {})[data.strip()] = self._option
        if self._list:
            self._said += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "button" and self._button is not None:
            form = self.forms[-1]
            form.buttons.append((self._words, self._button or form.action))
            self._button = None
        elif tag == "option":
            self._option = None
        elif tag == "li" and self._list and self._said.strip():
            self.messages.append(" ".join(self._said.split()))
            self._said = ""
        elif tag == "ul":
            self._list = False

    def form_with(self, *names: str) -> Form:
        form = next((form for form in self.forms if set(names) <= form.fields.keys()), None)
        if form is None:
            raise DemoError(f"{self.url} has no form with {', '.join(names)}.")
        return form

    def options(self, menu: str, words: str) -> list[str]:
        """The values of those options of a menu that have these words."""
        found = [form.options[menu] for form in self.forms if menu in form.options]
        return [value for label, value in found[0].items() if words in label] if found else []


class Browser:
    """One logged-in session. Every method returns the page that came."""

    def __init__(self, address: str) -> None:
        self.address, self.session = address, requests.Session()
        self.session.trust_env = False

    def open(self, path: str) -> Page:
        return self._read(self.session.get(urljoin(self.address, path), timeout=TIMEOUT))

    def fill(self, page: Page, **values: str) -> Page:
        """Send the form that has these fields; a name with _ is the button that sends it."""
        form = page.form_with(*[name for name in values if not name.startswith("_")])
        return self._send(page, form.action, form.fields | values)

    def submit(self, page: Page, **values: str) -> Page:
        """Fill in the form of a row and stay on the row's page, which must be another one when
        the row is new."""
        after = self.fill(page, **values, **STAY)
        if after.url == page.url and page.url.endswith("/add/"):
            raise DemoError(f"{page.url} was not saved: {' '.join(after.messages)}")
        return after

    def add_row(self, page: Page, rows: str, row: dict[str, str], **values: str) -> Page:
        """Save the form with one more of those rows, as its *Add another* makes one."""
        form = page.form_with(f"{rows}-TOTAL_FORMS")
        number = int(form.fields[f"{rows}-TOTAL_FORMS"])
        added = {f"{rows}-{number}-{name}": value for name, value in row.items()}
        total = {f"{rows}-TOTAL_FORMS": str(number + 1)}
        return self._send(page, form.action, form.fields | total | added | values | STAY)

    def press(self, page: Page, words: str) -> Page:
        """Press the button with these words."""
        for form in page.forms:
            for label, action in form.buttons:
                if label == words:
                    return self._send(page, action, form.fields)
        raise DemoError(f"{page.url} has no button “{words}”.")

    def _send(self, page: Page, action: str, fields: dict[str, str]) -> Page:
        headers = {"Referer": page.url}
        url = urljoin(page.url, action)
        answer = self.session.post(url, data=fields, headers=headers, timeout=TIMEOUT)
        return self._read(answer)

    def _read(self, answer: requests.Response) -> Page:
        if not answer.ok:
            raise DemoError(f"{answer.url} answered {answer.status_code}.")
        return Page(answer.url, answer.text)
