"""A list to take home: CSV as spreadsheets open it."""

import csv
from collections.abc import Iterable, Iterator
from typing import Any

from django.http import StreamingHttpResponse
from django.utils.translation import get_language, override

from portal.lists.cells import safe_cell


class _Echo:
    """What is written to it comes back."""

    def write(self, line: str) -> str:
        return line


def csv_file(rows: Iterable[Iterable[Any]], name: str) -> StreamingHttpResponse:
    """The rows under this file name, each sent while the next is read; in UTF-8 with the mark that Excel looks for."""
    language = get_language()

    def lines() -> Iterator[str]:
        yield "\ufeff"
        with override(language):
            writer = csv.writer(_Echo())
            for row in rows:
                yield writer.writerow([safe_cell(str(cell)) for cell in row])

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
