// Exports in a browser: made, opened, cancelled.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import {
  entries,
  entry,
  act,
  make,
  header,
  matching,
  open,
  downloaded,
  ORDERS,
  holding,
  many,
} from './exports.mjs';
import { apiOf, button, fill, inBrowser, isLive, link, said, signUp } from './support.mjs';

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
      await page.bringToFront();
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
