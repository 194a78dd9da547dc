// The main job, as somebody at a screen sees it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inBrowser, isLive, signUp } from './support.mjs';

const firing = (page) => page.getByRole('heading', { name: 'Firing: 1' });
const incidents = (page) => page.locator('tr[data-incident]');

test('an alert arrives without a reload, and a reload keeps the sign-in and shows the same', () =>
  inBrowser({}, async ({ server, page }) => {
    await signUp(page, server);
    await page.getByRole('heading', { name: 'Nothing has rung yet' }).waitFor();
    await server.errors(50);
    await page.locator('[data-value]', { hasText: /^50$/ }).waitFor();
    assert.equal(await incidents(page).count(), 0);

    await server.errors(1);
    await firing(page).waitFor();
    await page.locator('[data-value]', { hasText: /^51$/ }).waitFor();
    await page.getByText('1 sent').waitFor();
    const id = await incidents(page).getAttribute('data-incident');
    assert.match(await page.title(), /^\(1 firing\)/);
    await page
      .getByRole('alert')
      .filter({ hasText: 'errors-last-minute is firing: 51' })
      .waitFor({ state: 'attached' });

    await page.reload();
    await isLive(page);
    await firing(page).waitFor();
    assert.equal(await incidents(page).count(), 1);
    assert.equal(await incidents(page).getAttribute('data-incident'), id);
  }));

test('somebody says "I am on it", and every screen shows who', () =>
  inBrowser({}, async ({ server, session, page }) => {
    await signUp(page, server);
    const other = await session.newPage();
    await other.goto(server.url);
    await isLive(other);
    await page.bringToFront();
    await server.errors(51);
    await page.getByRole('button', { name: 'I am on it' }).click();
    for (const screen of [page, other]) await screen.getByText('Ada is on it').waitFor();
  }));

test('an incident resolves on the screen by itself', () =>
  inBrowser({}, async ({ server, page }) => {
    await signUp(page, server);
    // Errors of almost a minute ago leave the window in a moment.
    await server.errors(51, { at: new Date(Date.now() - 56_000).toISOString() });
    await page.locator('tr[data-state=firing]').waitFor();
    await page.locator('tr[data-state=resolved]').waitFor();
    await page.locator('section[data-state=ok]').waitFor();
    await page.locator('[data-value]', { hasText: /^0$/ }).waitFor();
    await page
      .getByRole('status')
      .filter({ hasText: 'errors-last-minute is resolved.' })
      .waitFor({ state: 'attached' });
  }));

test('the server goes and comes back; the screen catches up', () =>
  inBrowser({}, async ({ server, page }) => {
    await signUp(page, server);
    await server.kill();
    await page.locator('[data-connection=waiting]').waitFor();
    await server.run();
    await server.errors(51);
    await isLive(page);
    await firing(page).waitFor();
  }));

test('the chart has a table', () =>
  inBrowser({}, async ({ server, page }) => {
    await signUp(page, server);
    await server.errors(7);
    await page.locator('[data-value]', { hasText: /^7$/ }).waitFor();
    await page.getByText('As a table').first().click();
    const table = page.getByRole('table', { name: 'errors-last-minute, last minute' });
    await table.locator('tbody tr').nth(11).waitFor();
    await table.getByRole('cell', { name: '7', exact: true }).first().waitFor();
  }));
