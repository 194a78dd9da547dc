"""The workbook of an export by XlsxWriter in constant memory: `xlsxwriter_peer.py documents.ndjson out.xlsx`."""

import datetime
import json
import sys

import xlsxwriter

HEADERS = "id type at amount customer.city customer.name customer.vip deliver_on items note order_id quantity coupon".split()


def main():
    source, target = sys.argv[1:]
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(target, options)
    sheet = book.add_worksheet("documents")
    sheet.freeze_panes(1, 0)
    instant = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss.000"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    bold = book.add_format({"bold": True})
    for column, header in enumerate(HEADERS):
        sheet.write_string(0, column, header, bold)
    for row, line in enumerate(open(source, encoding="utf-8"), 1):
        document = json.loads(line)
        customer, note = document["customer"], document["note"]
        sheet.write_string(row, 0, document["id"])
        sheet.write_string(row, 1, document["type"])
        sheet.write_datetime(row, 2, datetime.datetime.fromisoformat(document["at"].removesuffix("Z")), instant)
        sheet.write_number(row, 3, document["amount"])
        sheet.write_string(row, 4, customer["city"])
        sheet.write_string(row, 5, customer["name"])
        sheet.write_boolean(row, 6, customer["vip"])
        sheet.write_datetime(row, 7, datetime.datetime.fromisoformat(document["deliver_on"]), day)
        sheet.write_string(row, 8, json.dumps(document["items"], separators=(",", ":")))
        sheet.write_string(row, 9, "'" + note if note[:1] in ("=", "+", "-", "@") else note)
        sheet.write_string(row, 10, document["order_id"])
        sheet.write_number(row, 11, document["quantity"])
        if document.get("coupon") is not None:
            sheet.write_string(row, 12, document["coupon"])
    book.close()


main()
