"""Lists taken away: the same rows as a spreadsheet or as CSV."""

from collections.abc import Iterable, Sequence
from enum import StrEnum

from django.http import HttpRequest, HttpResponse

from tripartite.sheets import Cell, csv_file, xlsx_file


class Layout(StrEnum):
    """The two files offered beside every list (`?format=`)."""

    XLSX = "xlsx"
    CSV = "csv"


CONTENT_TYPES = {
    Layout.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Layout.CSV: "text/csv; charset=utf-8",
}


def wanted_layout(request: HttpRequest) -> Layout | None:
    """The file that the address asks for by `?format=`, None for the page itself."""
    wanted = request.GET.get("format", "")
    return Layout(wanted) if wanted in set(Layout) else None


def export(name: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]], layout: Layout) -> HttpResponse:
    """A download named `name` (without its ending) and today's rows under the titles `columns`."""
    content = xlsx_file(columns, rows) if layout is Layout.XLSX else csv_file(columns, rows)
    return HttpResponse(
        content,
        content_type=CONTENT_TYPES[layout],
        headers={"Content-Disposition": f'attachment; filename="{name}.{layout}"'},
    )
