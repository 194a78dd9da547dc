// What tests of the page of exports do alike.
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { button, link } from './support.mjs';

export const entries = (page) => page.locator('li[data-export]');
export const entry = (page, status) => page.locator(`li[data-export][data-status=${status}]`);
export const act = (within, name) => within.getByRole('button', { name: new RegExp(`^${name}`) });
export const make = (page) => button(page, 'Make the file');
export const header = (page) => page.locator('thead th').allTextContents();
export const matching = (page, text) => page.locator('[data-matching]', { hasText: text }).waitFor();

export async function open(page) {
  await link(page, 'Exports').click();
  await page.getByRole('heading', { name: 'Exports', exact: true }).waitFor();
}

/** What is in the file behind the link of an entry. */
export async function downloaded(page, from) {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    from.getByRole('link', { name: /^Download/ }).click(),
  ]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

export const ORDERS = [
  { id: 'o-1', at: '2026-11-24T08:00:00Z', amount: 10, customer: { city: 'Lyon' }, status: 'paid' },
  { id: 'o-2', at: '2026-11-24T08:00:01Z', amount: 20, customer: { city: 'Łódź' }, status: 'paid' },
  { id: 'o-3', at: '2026-11-24T08:00:02Z', amount: 30, customer: { city: '=1+1' }, status: 'open' },
  { id: 'o-4', at: '2026-11-24T08:00:03Z', amount: 40, customer: { city: 'a, "b"' }, status: 'paid' },
];

/** Object storage that takes files, and does not say so before it is released: so an export runs for as long as it is to. */
export async function holding() {
  const held = [];
  let released = false;
  const server = createServer((request, response) => {
    const lists = request.url.includes('uploads') ? 'ListMultipartUploadsResult' : 'ListBucketResult';
    const answer = () =>
      response.writeHead(200, { ETag: '"e"' }).end(request.method === 'GET' ? `<${lists}/>` : '');
    request.resume().on('end', () => (released || request.method !== 'PUT' ? answer() : held.push(answer)));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `storage.endpoint=http://127.0.0.1:${server.address().port}`;
  return {
    sets: ['storage.url=s3://files', endpoint, 'storage.access_key=key', 'storage.secret_key=secret'],
    release() {
      released = true;
      held.splice(0).forEach((answer) => answer());
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** So many documents that a workbook of them takes a while. */
export async function many(server, count) {
  const values = Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`f${n}`, `value ${n * 7}`]));
  const line = JSON.stringify(values);
  await server.send(
    Array.from({ length: count }, () => line),
    'many',
  );
}
