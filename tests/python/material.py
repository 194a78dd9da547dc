"""Difficult and random documents, one a line: `material.py TYPE SEED COUNT`. The same seed gives the same documents."""

import json
import random
import sys

TEXTS = [
    "", " ", "x", " x ", "007", "-5", "+1", "-x", "=1+1", "@x", "\t", "\r", "\n", "\0", "a\r\nb", "a\rb",
    "_x000A_", "_x005F_", "\x01\x1f\x7f", "\ufffe\uffff", "＝1", "'", "''=1", '"', '"=1"', ",", ";", "|", "a,b",
    '""', "<&>", "]]>", "é東🚚", "é漢😀", "2026-11-24", "2026-02-30", "2026-11-24T07:47:47Z",
    "2026-11-24t07:47:47.123456z", "2026-11-24T23:59:59.999-12:30", "1900-02-28", "1900-03-01", "0001-01-01",
    "9999-12-31", "9999-12-31T23:59:59-01:00", "2026-11-24T24:00:00Z", "2026-11-24T07:47:60Z", "x" * 32_767,
    "x" * 32_768, "🚚" * 16_384, "=" + "é" * 32_767, "true", "null", "1e5", "\u2028", "\u0085", "\xa0",
]
NUMBERS = [
    "0", "-0", "-0.0", "1", "9007199254740991", "9007199254740992", "9007199254740993", "-9007199254740993", "0.1",
    "1e-7", "-1e-400", "123456789012345", "1234567890123456", "100000000000", "99999999999", "1.50",
    "0.1234567890123456", "9.99e307", "1E+5", "123456789.123456", "1e22", "100000000000000000000", "0e999", "-5",
    "3.05E+15",
]
NAMES = ["a", "b", "c", "a.b", "a\\", "=x", "é", "", '"', "a b", "-", "x\ny", "_x0041_"]
ALPHABET = "ab ,;\"'\r\n\t\\=+-@_x0AF\0é東🚚\ufffe\u2028"


def value(rng, depth):
    kind = rng.randrange(9 if depth else 6)
    if kind == 0:
        return rng.choice(["null", "true", "false"])
    if kind == 1:
        return rng.choice(NUMBERS)
    if kind == 2:
        digits = "".join(rng.choice("0123456789") for _ in range(rng.randrange(1, 18))).lstrip("0") or "0"
        # No double holds more.
        exponent = f"e{rng.randrange(-320, 290)}" if rng.random() < 0.2 else ""
        return rng.choice(["", "-"]) + digits + rng.choice(["", ".5", ".000", ".0625"]) + exponent
    if kind in (3, 4):
        return json.dumps(rng.choice(TEXTS), ensure_ascii=rng.random() < 0.5)
    if kind == 5:
        return json.dumps("".join(rng.choice(ALPHABET) for _ in range(rng.randrange(24))))
    if kind == 6:
        return "[" + ",".join(json.dumps(rng.choice(["x", 1, None, "a b"])) for _ in range(rng.randrange(3))) + "]"
    space = rng.choice(["", " "])
    names = rng.sample(NAMES, rng.randrange(6))
    members = (f"{json.dumps(name)}{space}:{space}{value(rng, depth - 1)}" for name in names)
    return "{" + f"{space},{space}".join(members) + "}"


def main():
    kind, seed, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    rng = random.Random(seed)
    fields = [f'"text":{json.dumps(text)}' for text in TEXTS] + [f'"number":{number}' for number in NUMBERS]
    while len(fields) < count:
        names = rng.sample(NAMES, rng.randrange(1, 6))
        fields.append(",".join(f"{json.dumps(name)}: {value(rng, 3)}" for name in names))
    for n, members in enumerate(fields):
        own = f"m-{seed}-{n}" if n % 3 else f'="{seed}-{n}\\'
        # Between the years 1 and 9999, some at the same instant.
        at = rng.choice([0, 1_764_000_000_000, rng.randrange(-62_135_596_800_000, 253_402_207_200_000)])
        print(f'{{"type":"{kind}","id":{json.dumps(own)},"at":{at},{members}}}')


main()
