// The page of exports: what it says, on a small screen, and by the keyboard.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { entries, entry, act, make, matching, open, ORDERS, many } from './exports.mjs';
import { apiOf, button, fill, inBrowser, isLive, overflows, said, signUp, wrong } from './support.mjs';

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
