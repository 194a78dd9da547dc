"""Lets LibreOffice open a workbook and write it as CSV again, and compares every cell."""

import csv
import datetime
import pathlib
import re
import subprocess
import tempfile

from content import Json, Number, cell_date, cell_number, cut, harmless

# Comma, quotes, UTF-8, from line 1; texts are not all quoted, cells are written as they are shown, not as formulas.
FILTER = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false"


def opened(data):
    """The rows that LibreOffice reads."""
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "book.xlsx").write_bytes(data)
        # A profile of its own, so that several can run at once.
        command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", FILTER]
        command += ["--outdir", folder, folder / "book.xlsx"]
        done = subprocess.run(command, capture_output=True, timeout=240, stdin=subprocess.DEVNULL)
        assert done.returncode == 0 and b"rror" not in done.stdout + done.stderr, done
        return list(csv.reader((folder / "book.csv").open(encoding="utf-8", newline="")))


def shown_of(text):
    """In a text of several lines, LibreOffice has one kind of line break. All else it shows as it was sent."""
    return re.sub("\r\n|\n\r|\r", "\n", text) if "\n" in text else text


def same(shown, value):
    """Whether LibreOffice shows this value."""
    if value is None:
        return shown == ""
    if value is True or value is False:
        return shown == str(value).upper()
    if isinstance(value, Number) and cell_number(value) is not None:
        # It shows ten digits or so.
        return abs(float(shown) - float(value)) <= abs(float(value)) * 1e-9
    if type(value) is str and cell_date(value):
        time, is_day = cell_date(value)
        # Its formats show three digits of the second, rounded.
        time += datetime.timedelta(microseconds=500)
        text = f"{time:%Y-%m-%d}" if is_day else f"{time:%Y-%m-%d %H:%M:%S}.{time.microsecond // 1000:03}"
        return shown == text
    text = str(value) if isinstance(value, (Number, Json)) else harmless(value)
    return shown == shown_of(cut(text))


def check(data, headers, rows):
    shown = opened(data)
    assert shown[0] == [shown_of(harmless(header)) for header in headers], (shown[0], headers)
    assert len(shown) == len(rows) + 1, (len(shown), len(rows))
    for row, values in zip(shown[1:], rows):
        assert len(row) == len(headers), (row, headers)
        sent = map(values.get, headers)
        wrong = [told for told in zip(headers, row, sent) if not same(told[1], told[2])]
        assert not wrong, wrong
    return len(shown) - 1
