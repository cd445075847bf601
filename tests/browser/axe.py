"""axe-core on a page as it stands, and what it may find at the desk because stock Django has it too."""

import json
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT

RUN = "axe.run({resultTypes: ['violations']}).then(found => found.violations)"
OF_DJANGO = {  # rule: places in which Django 5.2's own admin breaks it, on any site
    "aria-input-field-name": [".select2-selection"],  # an autocomplete's box has a role and no name
    "list": [".select2-selection__rendered"],  # what was chosen there, with its search among it
    "label": [".select2-search__field", "#id_expires_at_"],  # its search; the two halves of a moment
    "empty-table-header": ["th.original"],  # a tabular inline's first column
}


def faults(page):
    """A line for each fault: rule, width and scheme, place."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE_SCRIPT)
    is_dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    look = f"{page.viewport_size['width']} {'dark' if is_dark else 'light'}"
    is_desk = urlsplit(page.url).path.startswith("/admin/")
    return [
        f"{one['id']} {look} {json.dumps(node['target'])} {node['html'][:150]}"
        for one in page.evaluate(RUN)
        for node in one["nodes"]
        if not (is_desk and _is_of_django(page, one["id"], node["target"]))
    ]


def _is_of_django(page, rule, target):
    places = [place if place[0] != "#" else f"[id^='{place[1:]}']" for place in OF_DJANGO.get(rule, [])]
    inner = page.locator(target[-1]).first
    return any(inner.evaluate("(found, place) => found.matches(`${place}, ${place} *`)", place) for place in places)
