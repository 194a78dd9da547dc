// Exports: documents as files, behind links that open without an account.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { apiOf, button, fill, inBrowser, isLive, link, overflows, said, signUp, wrong } from './support.mjs';

const entries = (page) => page.locator('li[data-export]');
const entry = (page, status) => page.locator(`li[data-export][data-status=${status}]`);
const act = (within, name) => within.getByRole('button', { name: new RegExp(`^${name}`) });
const make = (page) => button(page, 'Make the file');
const header = (page) => page.locator('thead th').allTextContents();
const matching = (page, text) => page.locator('[data-matching]', { hasText: text }).waitFor();

async function open(page) {
  await link(page, 'Exports').click();
  await page.getByRole('heading', { name: 'Exports', exact: true }).waitFor();
}

/** What is in the file behind the link of an entry. */
async function downloaded(page, from) {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    from.getByRole('link', { name: /^Download/ }).click(),
  ]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

const ORDERS = [
  { id: 'o-1', at: '2026-11-24T08:00:00Z', amount: 10, customer: { city: 'Lyon' }, status: 'paid' },
  { id: 'o-2', at: '2026-11-24T08:00:01Z', amount: 20, customer: { city: 'Łódź' }, status: 'paid' },
  { id: 'o-3', at: '2026-11-24T08:00:02Z', amount: 30, customer: { city: '=1+1' }, status: 'open' },
  { id: 'o-4', at: '2026-11-24T08:00:03Z', amount: 40, customer: { city: 'a, "b"' }, status: 'paid' },
];

/** Object storage that takes files, and does not say so before it is released: so an export runs for as long as it is to. */
async function holding() {
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
async function many(server, count) {
  const values = Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`f${n}`, `value ${n * 7}`]));
  const line = JSON.stringify(values);
  await server.send(
    Array.from({ length: count }, () => line),
    'many',
  );
}

test('a file is chosen, seen first, made, and opened by whoever has its link', () =>
  inBrowser({ permissions: ['clipboard-read', 'clipboard-write'] }, async ({ server, session, page }) => {
    await signUp(page, server);
    await server.orders(...ORDERS);
    await server.errors(3);
    await open(page);
    await matching(page, '7 documents match.');
    await page.getByLabel('Type', { exact: true }).selectOption({ label: 'order (4)' });
    await matching(page, '4 documents match.');
    assert.deepEqual(await header(page), ['id', 'type', 'at', 'amount', 'customer.city', 'status']);

    await button(page, 'Only some of them: add a condition').click();
    const condition = page.getByRole('group', { name: 'Condition 1' });
    await condition.getByLabel('Field').fill('status');
    await condition.getByLabel('Value').fill('paid');
    await matching(page, '3 documents match.');
    await page.getByLabel('In which order').selectOption('oldest first');
    await page.getByLabel('How many').selectOption('at most…');
    await fill(page, { 'At most so many': '2' });
    await matching(page, '3 documents match; the file has the oldest 2.');

    // The columns there are to begin with: some go, one gets another name and place.
    await page.getByLabel('Only these, in this order').check();
    for (const name of ['type', 'at', 'status']) await button(page, `Remove ${name}`).click();
    const columns = page.getByRole('group', { name: 'Which columns' }).getByRole('listitem');
    assert.equal(await columns.count(), 3);
    await columns.nth(2).getByLabel('Called').fill('City');
    await button(page, 'Move customer.city up').click();
    await said(page, 'customer.city is column 2 of 3.');
    await page.locator('thead th', { hasText: 'City' }).waitFor();
    await page.waitForFunction(() => document.querySelectorAll('thead th')[1]?.textContent === 'City');
    assert.deepEqual(await header(page), ['id', 'City', 'amount']);

    await page.locator('[data-words]', { hasText: 'The oldest 2 documents of type order, CSV' }).waitFor();
    await make(page).click();
    await said(page, 'Export done: The oldest 2 documents of type order, CSV. 2 rows.');
    const focus = await page.evaluate(() => document.activeElement.textContent.trim());
    assert.equal(focus, 'Make the file', 'the focus stays');
    const done = entry(page, 'done');
    await done.getByText('Where status is paid, 3 columns').waitFor();
    await done.getByText(/^2 rows, \d+ bytes, /).waitFor();
    const expires = done.getByRole('button', { name: 'expires in 7 days' });
    await expires.focus();
    await done.getByRole('tooltip').waitFor();
    await page.keyboard.press('Escape');
    await done.getByRole('tooltip').waitFor({ state: 'hidden' });

    const { name, bytes } = await downloaded(page, done);
    assert.match(name, /^documents-order-.*\.csv$/);
    assert.equal(bytes.toString(), 'id,City,amount\r\no-1,Lyon,10\r\no-2,Łódź,20\r\n');

    await act(done, 'Copy link').click();
    await said(page, 'The link is copied.');
    const url = await page.evaluate(() => navigator.clipboard.readText());
    const stranger = await (await session.browser().newContext()).newPage();
    const [download] = await Promise.all([
      stranger.waitForEvent('download'),
      // A download is no page: going there says so.
      stranger.goto(url).catch(() => undefined),
    ]);
    assert.deepEqual(await readFile(await download.path()), bytes);

    await page.reload();
    await isLive(page);
    await entry(page, 'done').getByText('Where status is paid, 3 columns').waitFor();
    assert.equal(await entries(page).count(), 1);
    await act(entry(page, 'done'), 'Repeat').click();
    await said(page, 'The form is filled in: The oldest 2 documents of type order, CSV.');
    assert.equal(await page.getByLabel('Type', { exact: true }).inputValue(), 'order');
    assert.equal(await page.getByLabel('At most so many').inputValue(), '2');
    assert.equal(await columns.nth(1).getByLabel('Called').inputValue(), 'City');
    await make(page).click();
    await entry(page, 'done').nth(1).waitFor();

    await act(entry(page, 'done').nth(1), 'Remove').click();
    await button(page, 'Keep it').click();
    await act(entry(page, 'done').nth(1), 'Remove').click();
    await button(page, 'Yes, remove it').click();
    await said(page, 'Removed: The oldest 2 documents of type order, CSV.');
    assert.equal(await entries(page).count(), 1);
    assert.equal((await fetch(url)).status, 410);
    await page.reload();
    await entries(page).first().waitFor();
    assert.equal(await entries(page).count(), 1);
  }));

test('a workbook, and lines of JSON that are compressed', () =>
  inBrowser({}, async ({ server, page }) => {
    await signUp(page, server);
    await server.orders(...ORDERS);
    await open(page);
    await page.getByRole('radio', { name: /^Excel/ }).check();
    await page.locator('[data-words]', { hasText: 'All documents, Excel' }).waitFor();
    await make(page).click();
    const workbook = entry(page, 'done').filter({ hasText: 'Excel' });
    const { name, bytes } = await downloaded(page, workbook);
    assert.match(name, /\.xlsx$/);
    assert.equal(bytes.subarray(0, 2).toString(), 'PK');

    await page.getByRole('radio', { name: /^NDJSON/ }).check();
    await page.getByText('Compression', { exact: true }).click();
    await page.getByRole('checkbox', { name: /^Compressed with gzip/ }).check();
    await page.getByLabel('In which order').selectOption('oldest first');
    await make(page).click();
    const lines = entry(page, 'done').filter({ hasText: 'NDJSON, gzip' });
    const file = await downloaded(page, lines);
    const documents = gunzipSync(file.bytes).toString().trimEnd().split('\n').map(JSON.parse);
    assert.deepEqual(
      documents.map(({ id, customer }) => [id, customer.city]),
      ORDERS.map(({ id, customer }) => [id, customer.city]),
    );
  }));

test('its progress is seen in every tab; it is cancelled, and what waits too', async () => {
  const store = await holding();
  await inBrowser(
    {},
    async ({ server, session, page }) => {
      await signUp(page, server);
      await many(server, 500);
      const other = await session.newPage();
      await other.goto(`${server.url}/exports`);
      await isLive(other);
      await open(page);
      await matching(page, '500 documents match.');
      const kind = (name) => page.getByRole('radio', { name: new RegExp(`^${name}`) }).check();
      await kind('Excel');
      await make(page).click();
      // One at a time here: the next waits.
      await kind('NDJSON');
      await make(page).click();
      const running = entry(other, 'running');
      await running.getByText('500 of 500 rows').waitFor();
      assert.equal(await running.getByRole('progressbar').getAttribute('max'), '500');
      await entry(page, 'running').waitFor();
      await act(entry(page, 'queued').filter({ hasText: 'NDJSON' }), 'Cancel').click();
      await said(page, 'Cancelled: All documents, NDJSON.');
      await act(entry(page, 'running'), 'Cancel').click();
      await said(page, 'Cancelled: All documents, Excel.');
      await entry(other, 'cancelled').nth(1).waitFor();
      assert.equal(await page.getByRole('link', { name: /^Download/ }).count(), 0);

      await act(entry(page, 'cancelled').first(), 'Repeat').click();
      assert.equal(await page.getByRole('radio', { name: /^NDJSON/ }).isChecked(), true);
      await make(page).click();
      store.release();
      await entry(other, 'done')
        .getByText(/^500 rows, /)
        .waitFor();
    },
    { sets: ['exports.concurrent=1', ...store.sets] },
  );
  store.close();
});

test('what cannot be made is said where it is wrong', () =>
  inBrowser(
    { timezoneId: 'Asia/Kolkata' },
    async ({ server, page }) => {
      await signUp(page, server);
      await server.orders(...ORDERS);
      await open(page);
      await page.getByLabel('How many').selectOption('at most…');
      await fill(page, { 'At most so many': 'some' });
      await make(page).click();
      assert.equal(await wrong(page, 'At most so many'), 'must be a whole number from 1 on');
      await page.waitForFunction(() => document.activeElement?.getAttribute('aria-invalid') === 'true');
      await fill(page, { 'At most so many': '1,000' });

      // What the server alone can judge is said before one asks for the file.
      await fill(page, { From: '2026-11-24T14:00', Before: '2026-11-24T13:00' });
      assert.match(await wrong(page, 'Before'), /must be later than from/);
      await fill(page, { From: '2026-11-24T13:30', Before: '' });
      await matching(page, '4 documents match.');
      await fill(page, { Before: '2026-11-24T13:31', From: '2026-11-24T13:30' });
      await make(page).click();
      const { items } = await (await apiOf(server))('GET', '/exports');
      assert.deepEqual(
        [items[0].from, items[0].to, items[0].size],
        ['2026-11-24T08:00:00.000Z', '2026-11-24T08:01:00.000Z', 1000],
      );
      await entry(page, 'done')
        .getByText(/^4 rows/)
        .waitFor();

      // As many as are kept: the next is refused, and says why.
      await make(page).click();
      await page.getByRole('alert').filter({ hasText: /\S/ }).waitFor();
      assert.equal(await entries(page).count(), 1);

      await fill(page, { From: '2026-11-25T13:30', Before: '' });
      await matching(page, 'No document matches.');
      await page.getByText(/^A longer time or fewer conditions would match more/).waitFor();
    },
    { sets: ['exports.kept_per_user=1'] },
  ));

test('without documents it says how to post one', () =>
  inBrowser({}, async ({ server, page }) => {
    await signUp(page, server);
    await open(page);
    await page.getByRole('heading', { name: 'No documents yet' }).waitFor();
    await page.getByText('None yet. What you make is here').waitFor();
    assert.equal(await make(page).count(), 0);
    await server.orders(ORDERS[0]);
    await button(page, 'Look again').click();
    await matching(page, '1 document matches.');
    await page.goto(`${server.url}/exports`);
    await make(page).waitFor();
  }));

test('the evidence of an incident is a file of what its rule watches, of its group', () =>
  inBrowser({}, async ({ server, page }) => {
    await signUp(page, server);
    const rule = {
      name: 'orders',
      type: 'order',
      threshold: 1,
      group_by: 'customer.city',
      window_seconds: 3600,
    };
    const ada = await apiOf(server);
    await ada('POST', '/rules', { ...rule, where: [{ field: 'status', op: '=', value: 'paid' }] });
    const of = (id, city, status) => ({ id, customer: { city }, status });
    await server.orders(of('a', 'Lyon', 'paid'), of('b', 'Lyon', 'open'), of('c', 'Nice', 'paid'));
    await server.orders(of('d', 'Lyon', 'paid'));
    await page.locator('tr[data-state=firing]').getByRole('link').click();
    await button(page, 'Export the evidence').click();
    await page.getByRole('heading', { name: 'Exports', exact: true }).waitFor();
    const { bytes } = await downloaded(page, entry(page, 'done'));
    const ids = bytes
      .toString()
      .trimEnd()
      .split('\r\n')
      .slice(1)
      .map((line) => line.split(',')[0]);
    assert.deepEqual(ids, ['a', 'd']);
  }));

test('older ones come a page at a time, and without a live connection the list is read again', () =>
  inBrowser(
    {},
    async ({ server, page }) => {
      await signUp(page, server);
      await server.orders(...ORDERS);
      const ada = await apiOf(server);
      for (let n = 1; n <= 25; n += 1)
        await ada('POST', '/exports', { type: 'order', size: n, format: 'csv', order: 'desc' });
      await page.routeWebSocket('**/ws/alerts', (socket) => socket.close());
      await page.goto(`${server.url}/exports`);
      await entries(page).nth(19).waitFor();
      assert.equal(await entries(page).count(), 20);
      await button(page, 'Show more').click();
      await entries(page).nth(24).waitFor();
      assert.equal(await button(page, 'Show more').count(), 0);
      await entries(page).last().getByText('The newest document of type order, CSV').waitFor();
      await make(page).click();
      await entry(page, 'done').filter({ hasText: 'All documents, CSV' }).waitFor();
      assert.equal(await entries(page).count(), 26);
    },
    { sets: ['exports.per_user=100'] },
  ));

test('on a small screen nothing is wider than it, and the keyboard alone makes and removes one', () =>
  inBrowser({ viewport: { width: 360, height: 740 }, colorScheme: 'dark' }, async ({ server, page }) => {
    await signUp(page, server);
    const wide = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`field_${n}`, 'w'.repeat(60)]));
    await server.orders({ id: 'x'.repeat(60), ...wide });
    await server.send(['{}'], 'T'.repeat(64));
    await page.goto(`${server.url}/exports`);
    await isLive(page);
    await matching(page, '2 documents match.');
    assert.equal(await overflows(page), false, 'the form and the preview');
    /** Tabs to it. */
    async function to(locator) {
      await locator.waitFor();
      for (let press = 0; press < 150; press += 1) {
        await page.keyboard.press('Tab');
        if (await locator.evaluate((element) => element === document.activeElement)) return;
      }
      throw new Error(`Tab does not lead to ${locator}`);
    }
    await to(page.getByLabel('Type', { exact: true }));
    await page.keyboard.type('TTT');
    await to(page.getByLabel('All that the documents have'));
    await page.keyboard.press('ArrowDown');
    await to(button(page, 'Move id down'));
    await page.keyboard.press('Enter');
    await to(make(page));
    await page.keyboard.press('Enter');
    await said(page, 'Export done:');
    assert.equal(await overflows(page), false, 'the list');
    await to(act(entry(page, 'done'), 'Remove'));
    await page.keyboard.press('Enter');
    assert.equal(await overflows(page), false, 'the question');
    await to(button(page, 'Yes, remove it'));
    await page.keyboard.press('Enter');
    await page.getByText('None yet. What you make is here').waitFor();
    assert.equal(await page.evaluate(() => document.activeElement.id), 'files');
  }));
