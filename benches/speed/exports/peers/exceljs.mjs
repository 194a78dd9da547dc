// The workbook of an export by the streaming writer of exceljs: `node exceljs.mjs documents.ndjson out.xlsx`.
import fs from 'node:fs';
import readline from 'node:readline';
import ExcelJS from 'exceljs';

const [source, target] = process.argv.slice(2);
const book = new ExcelJS.stream.xlsx.WorkbookWriter({ filename: target, useStyles: true, useSharedStrings: false });
const sheet = book.addWorksheet('documents', { views: [{ state: 'frozen', ySplit: 1 }] });
// A format for a column is what it writes fastest.
sheet.getColumn(3).numFmt = 'yyyy-mm-dd hh:mm:ss.000';
sheet.getColumn(8).numFmt = 'yyyy-mm-dd';
sheet.addRow([
  'id', 'type', 'at', 'amount', 'customer.city', 'customer.name', 'customer.vip', 'deliver_on', 'items', 'note', 'order_id',
  'quantity', 'coupon',
]).commit();
for await (const line of readline.createInterface({ input: fs.createReadStream(source) })) {
  const { id, type, at, customer, ...rest } = JSON.parse(line);
  const note = /^[=+\-@]/.test(rest.note) ? `'${rest.note}` : rest.note;
  sheet.addRow([
    id, type, new Date(at), rest.amount, customer.city, customer.name, customer.vip, new Date(rest.deliver_on),
    JSON.stringify(rest.items), note, rest.order_id, rest.quantity, rest.coupon ?? null,
  ]).commit();
}
sheet.commit();
await book.commit();
