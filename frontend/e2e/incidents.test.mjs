// One incident, from the dashboard to its evidence.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { test } from 'node:test';
import {
  apiOf,
  button,
  elsewhere,
  inBrowser,
  isLive,
  link,
  member,
  overflows,
  signIn,
  signUp,
} from './support.mjs';

const step = (page, key) => page.locator(`[data-step=${key}]`);
const state = (page, which) => page.locator(`section[data-state=${which}]`).first();
const row = (page, which = 'firing') => page.locator(`tr[data-state=${which}]`).first();

/** Goes to the page of the incident that is listed on the dashboard. */
async function open(page) {
  await row(page).getByRole('link').click();
  await page.waitForURL(/\/incidents\/[\w-]+$/);
  await page.getByRole('heading', { name: 'What happened' }).waitFor();
}

/** A server that is told by webhook: it answers what it is set to. */
async function hook() {
  const told = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => (body += part));
    request.on('end', () => {
      told.push(JSON.parse(body));
      response.writeHead(made.answer).end();
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const made = { answer: 404, told, url: `http://127.0.0.1:${server.address().port}/hook?key=s3cret` };
  made.stop = () => {
    server.closeAllConnections();
    server.close();
  };
  return made;
}

const orders = (more) => ({ name: 'orders', type: 'order', threshold: 0, window_seconds: 3600, ...more });

test('from the dashboard to the page of an incident, where somebody says "I am on it"', () =>
  inBrowser({}, async ({ server, session, page }) => {
    await signUp(page, server);
    await server.errors(51);
    await page.getByRole('heading', { name: 'Firing: 1' }).waitFor();
    const other = await session.newPage();
    await other.goto(server.url);
    await isLive(other);
    await other.locator('.firing').getByRole('link', { name: 'errors-last-minute' }).click();
    await page.bringToFront();
    await open(page);
    assert.equal(new URL(other.url()).pathname, new URL(page.url()).pathname);

    await page.getByRole('heading', { name: 'errors-last-minute' }).waitFor();
    await state(page, 'firing').locator('[data-value]', { hasText: /^51$/ }).waitFor();
    await page.locator('figure [data-bands="1"] canvas').waitFor();
    await step(page, 'began').getByText('Mail to ada@example.org: sent').waitFor();
    await server.errors(4);
    await state(page, 'firing').locator('[data-value]', { hasText: /^55$/ }).waitFor();

    await button(page, 'I am on it').click();
    for (const screen of [page, other]) {
      await screen.locator('[data-on-it]', { hasText: 'Ada is on it' }).waitFor();
      await step(screen, 'acknowledged').waitFor();
      assert.equal(await button(screen, 'I am on it').count(), 0);
    }
    await page.reload();
    await page.locator('[data-on-it]', { hasText: 'Ada is on it' }).waitFor();
    await link(page, 'Its rule').click();
    await page.getByRole('heading', { name: 'errors-last-minute' }).waitFor();
  }));

test('an incident that ends says so on its page', () =>
  inBrowser({}, async ({ server, page }) => {
    await signUp(page, server);
    await server.errors(51, { at: new Date(Date.now() - 54_000).toISOString() });
    await open(page);
    await state(page, 'resolved').waitFor();
    await state(page, 'resolved').getByText('Nobody was on it').waitFor();
    await step(page, 'resolved').getByText('Mail to ada@example.org: sent').waitFor();
    assert.equal(await button(page, 'I am on it').count(), 0);
  }));

test('the evidence is on the page, and all of it in a file', () =>
  inBrowser({}, async ({ server, page }) => {
    await signUp(page, server);
    await server.send(['{"message":"of long ago","at":"2026-01-01T00:00:00Z"}']);
    await server.orders({ amount: 1 });
    await server.errors(60, { city: 'Lyon' });
    await open(page);
    await page.locator('tr[data-document]').nth(19).waitFor();
    assert.equal(await page.locator('tr[data-document]').count(), 20);
    await page.getByText('The first 20 of them').waitFor();
    await page.locator('tr[data-document]', { hasText: 'payment' }).first().waitFor();

    await button(page, 'Export the evidence').click();
    const done = page.locator('li[data-export][data-status=done]');
    await done.getByText(/^60 rows, /).waitFor();
    const downloading = page.waitForEvent('download');
    await done.getByRole('link', { name: /^Download/ }).click();
    const [header, ...rows] = (await readFile(await (await downloading).path(), 'utf8'))
      .trimEnd()
      .split('\r\n');
    assert.deepEqual(header.split(',').sort(), ['at', 'city', 'id', 'message', 'type']);
    assert.equal(rows.length, 60);
    const column = (name) => rows.map((row) => row.split(',')[header.split(',').indexOf(name)]);
    assert.deepEqual([...new Set([...column('type'), ...column('city')])], ['error', 'Lyon']);
    assert.equal(new Set(column('message')).size, 60);
  }));

test('a message that was refused for good is sent again, by whoever may', async () => {
  const refusing = await hook();
  try {
    await inBrowser({}, async ({ server, session, page }) => {
      await signUp(page, server);
      const ada = await apiOf(server);
      await ada('POST', '/rules', orders({ notify: { webhook: refusing.url, room: 'incidents' } }));
      await server.orders({ amount: 1 });
      await open(page);
      const dead = page.locator('[data-message=dead]');
      await dead.getByText('given up after 1 try').waitFor();
      await dead.getByText(/404/).waitFor();
      assert.doesNotMatch(await page.content(), /s3cret/);

      const grace = await elsewhere(session, server, await member(server, 'Grace'));
      await open(grace);
      await grace.locator('[data-message=dead]').waitFor();
      assert.equal(await grace.getByRole('button', { name: /^Send again/ }).count(), 0);

      refusing.answer = 204;
      await dead.getByRole('button', { name: /^Send again/ }).click();
      for (const screen of [page, grace])
        await screen.locator('[data-message=sent]', { hasText: 'Webhook' }).waitFor();
      assert.deepEqual(
        refusing.told.map(({ changes }) => changes[0].transition),
        ['firing', 'firing'],
      );
      await link(page, 'Chat: #incidents').click();
      await page.waitForURL(/\/chat\/incidents$/);
      await page
        .getByText(/orders/)
        .first()
        .waitFor();
    });
  } finally {
    refusing.stop();
  }
});

test('what is not there is said: an incident, a rule', () =>
  inBrowser({}, async ({ server, page }) => {
    await signUp(page, server);
    for (const id of ['no-such', '019ab1c2-9f3e-7c1a-8f53-0a1b2c3d4e5f']) {
      await page.goto(`${server.url}/incidents/${id}`);
      await page.getByText('There is no such incident.').waitFor();
    }
    await link(page, 'Go to the dashboard').click();
    const ada = await apiOf(server);
    const { id } = await ada('POST', '/rules', orders({ group_by: 'customer.city' }));
    await server.orders({ customer: { city: 'Lyon' } });
    await open(page);
    await page.getByRole('heading', { name: 'orders: Lyon' }).waitFor();
    await page.locator('figure canvas').waitFor();
    await ada('DELETE', `/rules/${id}`);
    await state(page, 'resolved').waitFor();
    await page.reload();
    await page.getByText('The rule was deleted.').waitFor();
    await step(page, 'began').waitFor();
    assert.equal(await page.locator('figure').count(), 0);
    assert.equal(await link(page, 'Its rule').count(), 0);
  }));

test('a sound and a notification, by choice, once for all tabs', () =>
  inBrowser({ permissions: ['notifications'] }, async ({ server, session, page }) => {
    await session.addInitScript(() => {
      window.calls = [];
      window.Notification = class {
        static permission = 'granted';
        static requestPermission = () => Promise.resolve('granted');
        constructor(title, { body }) {
          window.calls.push(`${title}: ${body}`);
        }
      };
      const start = OscillatorNode.prototype.start;
      OscillatorNode.prototype.start = function (...at) {
        window.calls.push(`${this.frequency.value} Hz`);
        start.apply(this, at);
      };
    });
    const called = (screen, count) =>
      screen.waitForFunction((count) => window.calls.length === count, count).then(() => calls(screen));
    const calls = (screen) => screen.evaluate(() => window.calls);
    const sound = page.getByRole('switch', { name: 'Play a sound when something fires' });
    const desktop = page.getByRole('switch', { name: 'Desktop notification when something fires' });
    await signUp(page, server);
    const ada = await apiOf(server);
    await ada('POST', '/rules', orders({ name: 'before' }));
    await server.orders({ amount: 1 });
    await row(page).waitFor();
    assert.deepEqual(await calls(page), [], 'nobody chose it');
    assert.deepEqual([await sound.isChecked(), await desktop.isChecked()], [false, false]);
    await sound.check();
    await desktop.check();
    assert.deepEqual(await called(page, 2), ['880 Hz', '660 Hz'], 'how it sounds');

    await page.reload();
    await isLive(page);
    await row(page).waitFor();
    assert.deepEqual([await sound.isChecked(), await desktop.isChecked()], [true, true]);
    const other = await session.newPage();
    await other.goto(server.url);
    await isLive(other);
    // Browsers let pages sound that were used.
    await page.getByRole('heading', { name: 'On this device' }).click();
    await other.getByRole('heading', { name: 'On this device' }).click();
    assert.deepEqual([...(await calls(page)), ...(await calls(other))], [], 'what was there before');

    await server.errors(51);
    for (const screen of [page, other]) await screen.getByRole('heading', { name: 'Firing: 2' }).waitFor();
    await Promise.any([called(page, 3), called(other, 3), called(page, 2), called(other, 2)]);
    const all = [...(await calls(page)), ...(await calls(other))];
    assert.deepEqual(all.sort(), ['660 Hz', '880 Hz', '▲ errors-last-minute is firing: 51, the line is 50.']);

    await sound.uncheck();
    await desktop.uncheck();
    await page.reload();
    assert.deepEqual([await sound.isChecked(), await desktop.isChecked()], [false, false]);
  }));

test('on a small screen nothing is wider than it', async () => {
  const refusing = await hook();
  try {
    await inBrowser({ viewport: { width: 360, height: 740 } }, async ({ server, page }) => {
      await signUp(page, server);
      const ada = await apiOf(server);
      const notify = {
        webhook: refusing.url,
        room: 'r'.repeat(64),
        emails: [`${'y'.repeat(60)}@example.org`],
      };
      await ada('POST', '/rules', orders({ name: 'x'.repeat(100), group_by: 'city', notify }));
      await server.orders({ city: 'z'.repeat(100), text: 'w'.repeat(2000) });
      await row(page).waitFor();
      assert.equal(await overflows(page), false, 'the dashboard');
      await open(page);
      await page.locator('figure canvas').waitFor();
      await page.getByRole('button', { name: /^Send again/ }).waitFor();
      await page.locator('tr[data-document]').waitFor();
      assert.equal(await overflows(page), false, 'the incident');
    });
  } finally {
    refusing.stop();
  }
});

test('a link to an incident leads there once one has signed in', () =>
  inBrowser({}, async ({ server, page }) => {
    await signUp(page, server);
    await server.errors(51);
    await open(page);
    const address = page.url();
    await button(page, 'Sign out').click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.goto(address);
    await signIn(page);
    await step(page, 'began').waitFor();
  }));
