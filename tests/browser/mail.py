"""Where letters are read: at the mail server of the tests, or in the demo's own mailbox."""

import re

from django.utils.translation import gettext, override

from tests.browser.stack import soon

ADDRESS = re.compile(r"http://localhost:\d+\S+")


class Letters:
    """Reads somebody's letters by their subjects, in the language they are written in."""

    def __init__(self, office=None, reader=None):
        self.office, self.reader = office, reader

    def read(self, to, subject, *, language="en", **values):
        """The text of the newest letter to this address with this subject."""
        with override(language):
            words = gettext(subject) % values if values else gettext(subject)
        return self.office.to(to, words) if self.office else self._in_mailbox(to, words)

    def link(self, to, subject, *, language="en", **values):
        """The first address of the portal in that letter."""
        return ADDRESS.search(self.read(to, subject, language=language, **values))[0]

    def _in_mailbox(self, to, words):
        page = self.reader.page
        entry = page.locator("main li", has_text=to).get_by_role("link", name=words, exact=True).first

        def has_come():
            page.goto("/mailbox/")
            return entry.count()

        assert soon(has_come), f"no letter “{words}” to {to} in the mailbox"
        entry.click()
        return page.locator(".letter").inner_text()
