"""What becomes of documents in a file: the rules of docs/exports.md once more."""

import datetime
import decimal
import json
import re

# A cell of Excel, in UTF-16 units.
CELL = 32_767
# No digit of any number is lost, and none is too large.
EXACT = decimal.Context(prec=decimal.MAX_PREC, Emin=decimal.MIN_EMIN, Emax=decimal.MAX_EMAX)


class Number(str):
    """A number as it was sent."""


class Json(str):
    """A list or an empty object, as text."""


def load(line):
    return json.loads(line, parse_int=Number, parse_float=Number)


def selected(lines, kind, newest_first=False):
    """The documents of a type, by their time and then as they came; or the other way round."""
    documents = [load(line) for line in lines.split("\n") if line]
    documents = sorted((one for one in documents if one["type"] == kind), key=lambda one: int(one["at"]))
    return documents[::-1] if newest_first else documents


def at_text(ms):
    at = datetime.datetime(1970, 1, 1) + datetime.timedelta(milliseconds=int(ms))
    return at.isoformat(timespec="milliseconds") + "Z"


def compact(value):
    """JSON text without white space; numbers as they were sent."""
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, dict):
        return "{" + ",".join(json.dumps(k, ensure_ascii=False) + ":" + compact(v) for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(compact, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def escape(name):
    return name.replace("\\", "\\\\").replace(".", "\\.")


def flatten(value, path, out):
    for key, inner in value.items():
        inner_path = f"{path}.{escape(key)}" if path is not None else escape(key)
        if isinstance(inner, dict) and inner:
            flatten(inner, inner_path, out)
        elif isinstance(inner, (dict, list)):
            out[inner_path] = Json(compact(inner))
        else:
            out[inner_path] = inner
    return out


def harmless(text):
    """A spreadsheet does not run it."""
    is_number = re.fullmatch(r"-(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?", text, re.ASCII)
    runs = text != "" and text[0] in "=+-@\t\r\n\0＝＋－＠" and not is_number
    return "'" + text if runs else text


def decimal_of(text):
    return EXACT.create_decimal(text)


def cell_number(text):
    """The number a cell holds, or nothing if it must be a text."""
    exact = decimal_of(text)
    digits = "".join(map(str, exact.as_tuple().digits)).strip("0")
    if not digits:
        return 0
    if len(digits) > 15 or not -307 <= exact.adjusted() <= 307:
        return None
    if "." not in text and "e" not in text.lower() and abs(exact) > 2**53:
        return None
    return exact


def cell_date(text):
    """The time a text names, and whether it is a day only."""
    day = re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII)
    instant = re.fullmatch(r"(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:\d\d)(\.\d+)?([Zz]|[+-]\d\d:\d\d)", text, re.ASCII)
    try:
        if day:
            time = datetime.datetime.strptime(text, "%Y-%m-%d")
        elif instant:
            date, clock, fraction, zone = instant.groups()
            zone = "+00:00" if zone in "Zz" else zone
            if zone[4:6] > "59" or zone[1:3] > "23":
                return None
            time = datetime.datetime.fromisoformat(f"{date}T{clock}{((fraction or '.0') + '000000')[:7]}")
            offset = datetime.timedelta(hours=int(zone[1:3]), minutes=int(zone[4:6]))
            time = time + offset if zone[0] == "-" else time - offset
        else:
            return None
    except (ValueError, OverflowError):
        return None
    return (time, bool(day)) if time >= datetime.datetime(1900, 3, 1) else None


def cut(text):
    """What a cell holds of it."""
    units = lambda text: len(text.encode("utf-16-le")) // 2
    if units(text) <= CELL:
        return text
    kept = text[:CELL]
    while units(kept) > CELL - 1:
        kept = kept[:-1]
    return kept + "…"
