"""Somebody with a browser of their own. What their pages ask for and complain about is watched at every step."""

import itertools
from urllib.parse import urlsplit

from django.utils.translation import gettext, override

from portal.environment import BASE_DIR
from tests.browser import axe

PHONE, DESKTOP = {"width": 360, "height": 740}, {"width": 1280, "height": 900}
SHOTS = BASE_DIR / "build" / "shots"
WIDTH_NEEDED, HEIGHT_NEEDED = (f"document.documentElement.scroll{side}" for side in ("Width", "Height"))

AT_REST = "Promise.all(document.getAnimations().map((one) => one.finished))"


class Person:
    """A browser context and its one page. `like` somebody: with the same cookies, in a second browser.

    `album` is the folder below build/shots for what is looked at; `sizes` are the viewports and colour schemes that
    each look is taken in, by default the person's own. Who `examines` lets axe look, too.
    """

    def __init__(
        self, chromium, url, *,
        phone=False, javascript=True, language="en", like=None, album="", sizes=None, examines=False,
    ):  # fmt: skip
        self.url, self.language, self.album, self.examines = url, language, SHOTS / album, examines
        self.size = PHONE if phone else DESKTOP
        self.sizes = sizes or [(self.size, "light")]
        self.number = itertools.count(1)
        self.complaints = []
        self.context = chromium.new_context(
            base_url=url,
            viewport=self.size,
            has_touch=phone,
            is_mobile=phone,
            locale=language,
            java_script_enabled=javascript,
            storage_state=like.context.storage_state() if like else None,
            reduced_motion="reduce",
        )
        self.context.set_default_timeout(20_000)
        self._watch()
        self.page = self.context.new_page()

    def _watch(self):
        own = urlsplit(self.url).netloc

        def asked(request):
            parts = urlsplit(request.url)
            if parts.scheme not in {"data", "blob"} and parts.netloc != own:
                self.complaints.append(f"asks a third party: {request.url}")

        def said(message):
            if message.text.startswith(("htmx:afterRequest", "htmx:sendAbort")):
                return  # a page that is left asks for nothing more; where a request fails, htmx:sendError says so
            if message.type == "error" or "Content Security Policy" in message.text:
                self.complaints.append(f"{message.page.url}: {message.text}")

        self.context.on("request", asked)
        self.context.on("console", said)
        self.context.on("weberror", lambda error: self.complaints.append(f"{error.page.url}: {error.error}"))

    def leave(self):
        self.context.close()
        assert self.complaints == []

    def testimony(self):
        """What stands on the page when a test fails, as a section of its report; with a picture of it."""
        picture = SHOTS / "failed" / f"{self.album.parent.name}-{self.album.name}.png"
        self.page.screenshot(path=picture, full_page=True)
        words = self.page.locator("body").inner_text()[:2000]
        return f"{self.album.name} at {self.page.url}", f"{picture}\n{words}\n{self.complaints}"

    # --- what a person does -------------------------------------------------------------------------------------
    def go(self, path):
        """To an address of the portal, in the person's own language where that has addresses of its own."""
        bare = self.language == "en" or path.startswith(("http", "/admin/", "/mailbox/"))
        self.page.goto(path if bare else f"/{self.language}{path}")

    def say(self, words, **values):
        """These words of the portal in the language of the page."""
        with override(self.page.locator("html").get_attribute("lang")):
            return gettext(words) % values if values else gettext(words)

    def press(self, words, **values):
        self.page.get_by_role("button", name=self.say(words, **values), exact=True).click()

    def follow(self, words, **values):
        self.page.get_by_role("link", name=self.say(words, **values), exact=True).first.click()

    def fill(self, **fields):
        """Fill in fields by their names: text, a choice, a tick or several."""
        for name, value in fields.items():
            field = self.page.locator(f"[name='{name}']:not([type=hidden])")
            if isinstance(value, bool):
                field.set_checked(value)
            elif isinstance(value, list):
                for one in value:
                    self._tick(name, one)
            elif field.first.get_attribute("type") == "radio":
                self._tick(name, value)
            elif field.evaluate("field => field.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)

    def _tick(self, name, value):
        """Choose one of several; where they are folded away, unfold them first."""
        choice = self.page.locator(f"[name='{name}'][value='{value}']")
        for fold in self.page.locator(f"details:not([open]):has([name='{name}'][value='{value}'])").all():
            fold.locator("> summary").click()
        choice.check()

    def sees(self, words, **values):
        self.page.get_by_text(self.say(words, **values)).first.wait_for()

    def value(self, name):
        return self.page.locator(f"[name='{name}']:not([type=hidden])").input_value()

    def fetch(self, address):
        answer = self.context.request.get(address)
        assert answer.ok, f"{answer.status} {address}"
        return answer.body()

    # --- what we look at ----------------------------------------------------------------------------------------
    def look(self, name):
        """Take the page in each size, and see that nothing complained and nothing lies beside a narrow screen."""
        self.page.wait_for_load_state()
        self.page.locator("body").wait_for()
        assert self.complaints == []
        number = next(self.number)
        for size, scheme in self.seen(self.sizes):
            self._fits(size)
            self._is_without_fault()
            picture = self.album / f"{number:02}-{name}-{size['width']}-{scheme}.png"
            self.page.screenshot(path=picture, animations="disabled", caret="initial")

    def seen(self, sizes):
        """The page in one size and scheme after the other, then as it was.

        The viewport is as high as the page, so that what sticks to the window's edge stands where the page ends.
        """
        last = None
        for size, scheme in sizes:
            self.page.emulate_media(color_scheme=scheme)
            if size != last:
                self.page.set_viewport_size(size)
                height = max(size["height"], self.page.evaluate(HEIGHT_NEEDED))
                self.page.set_viewport_size({**size, "height": height})
            self.page.evaluate(AT_REST)
            yield size, scheme
            last = size
        self.page.emulate_media(color_scheme="light")
        self.page.set_viewport_size(self.size)

    def _is_without_fault(self):
        if self.examines:
            faults = axe.faults(self.page)
            self.complaints.clear()  # axe itself sets inline styles
            assert faults == []

    def _fits(self, size):
        needed = self.page.evaluate(WIDTH_NEEDED)
        assert needed <= size["width"], f"{self.page.url} needs {needed} pixels, {size['width']} are there"
