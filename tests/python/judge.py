"""Judges an exported file with the readers that people use: Python's csv and json, openpyxl, and LibreOffice.

What a file must hold is written down here a second time, in another language and in other words than in the server.
Reads one line of JSON, {"file", "documents", "type", "format", …}, and answers with a line: how many rows there were.
`documents` is a file of what was posted, one document a line. Whatever is wrong ends it with an AssertionError.
"""

import csv
import gzip
import io
import json
import pathlib
import sys

import office
import openpyxl
from content import Json, Number, at_text, cell_date, cell_number, cut, decimal_of, flatten, harmless, load, selected
from openpyxl.utils.escape import unescape

csv.field_size_limit(1 << 24)


def table(documents):
    """The headers of all columns, and the values of each document by header."""
    flat = []
    for document in documents:
        own = {"id": document["id"], "type": document["type"], "at": at_text(document["at"])}
        rest = {name: value for name, value in document.items() if name not in own}
        flat.append(own | flatten(rest, None, {}))
    headers, nulls = {"id": None, "type": None, "at": None}, {}
    for row in flat:
        for path, value in row.items():
            headers.setdefault(path)
            nulls[path] = nulls.get(path, True) and value is None
    is_object = lambda path: any(other.startswith(path + ".") for other in headers)
    return [path for path in headers if not (nulls.get(path) and is_object(path))], flat


def csv_text(value):
    if value is None:
        return ""
    if value is True or value is False:
        return str(value).lower()
    if isinstance(value, (Number, Json)):
        return str(value)
    return harmless(value).replace("\0", "\ufffd")


def check_csv(data, documents, delimiter, bom):
    text = data.decode("utf-8")
    assert text.startswith("\ufeff") == bom
    text = text.removeprefix("\ufeff")
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    headers, flat = table(documents)
    assert rows[0] == [csv_text(path) for path in headers], (rows[0], headers)
    for row in rows:
        assert len(row) == len(headers), f"{len(row)} fields, the header has {len(headers)}: {row}"
    assert len(rows) == len(documents) + 1, (len(rows), len(documents))
    for values, row in zip(flat, rows[1:]):
        expected = [csv_text(values.get(path)) for path in headers]
        assert row == expected, (row, expected)
    # RFC 4180: lines end with CRLF, and what is not in quotes has no line break.
    bare = "".join(text.split('"')[::2])
    assert bare.count("\r\n") == bare.count("\n") == bare.count("\r") == len(rows)
    return len(rows) - 1


def check_ndjson(data, documents):
    lines = data.decode("utf-8").split("\n")
    assert lines.pop() == "" and len(lines) == len(documents), (len(lines), len(documents))
    for document, line in zip(documents, lines):
        expected = {"id": document["id"], "type": document["type"], "at": at_text(document["at"])}
        expected |= {name: value for name, value in document.items() if name not in expected}
        read = load(line)
        assert read == expected and list(read) == list(expected), (document, line)
    return len(lines)


def check_cell(cell, value):
    where = (cell.coordinate, cell.value, cell.data_type, value)
    if value is None:
        assert cell.value is None, where
    elif value is True or value is False:
        assert cell.data_type == "b" and cell.value is value, where
    elif isinstance(value, Number) and cell_number(value) is not None:
        assert cell.data_type == "n" and float(cell.value) == float(value), where
        assert decimal_of(repr(cell.value)) == decimal_of(value), where
        is_long = value.lstrip("-").isdigit() and abs(int(value)) >= 10**11
        assert cell.number_format == ("0" if is_long else "General"), where
    elif type(value) is str and cell_date(value):
        time, is_day = cell_date(value)
        assert cell.is_date and abs((cell.value - time).total_seconds()) <= 0.0005, where
        assert cell.number_format == (r"yyyy\-mm\-dd" if is_day else r"yyyy\-mm\-dd\ hh:mm:ss.000"), where
    else:
        text = str(value) if isinstance(value, (Number, Json)) else harmless(value)
        assert cell.data_type in "sn" and unescape(cell.value or "") == cut(text), where


def check_xlsx(data, documents):
    (sheet,) = openpyxl.load_workbook(io.BytesIO(data)).worksheets
    headers, flat = table(documents)
    assert sheet.title == "documents" and sheet.freeze_panes == "A2"
    last = openpyxl.utils.get_column_letter(len(headers))
    assert sheet.auto_filter.ref == f"A1:{last}{len(documents) + 1}", sheet.auto_filter.ref
    assert (sheet.max_row, sheet.max_column) == (len(documents) + 1, len(headers))
    for at, header in enumerate(headers, 1):
        cell = sheet.cell(1, at)
        assert unescape(cell.value or "").replace("\0", "\ufffd") == csv_text(header), (cell.value, header)
        assert cell.font.b and 8 < sheet.column_dimensions[cell.column_letter].width <= 61
    for number, values in enumerate(flat, 2):
        for at, path in enumerate(headers, 1):
            check_cell(sheet.cell(number, at), values.get(path))
    return sheet.max_row - 1


def main():
    asked = json.loads(sys.stdin.readline())
    data = pathlib.Path(asked["file"]).read_bytes()
    if asked.get("gzip"):
        data = gzip.decompress(data)
    posted = pathlib.Path(asked["documents"]).read_text(encoding="utf-8")
    documents = selected(posted, asked["type"], asked.get("newest_first", False))
    match asked["format"]:
        case "csv":
            rows = check_csv(data, documents, asked.get("delimiter", ","), asked.get("bom", False))
        case "ndjson":
            rows = check_ndjson(data, documents)
        case "xlsx":
            rows = check_xlsx(data, documents)
        case "office":
            rows = office.check(data, *table(documents))
    print(json.dumps({"rows": rows}))


main()
