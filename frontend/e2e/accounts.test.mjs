// Signing in and out, keys, and what stands in the way.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inBrowser, isLive, PASSWORD, signUp } from './support.mjs';

test('signing out ends it, a wrong password is said, the right one signs in', () =>
  inBrowser({}, async ({ server, page }) => {
    await signUp(page, server);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();

    await page.getByLabel('E-mail').fill('ada@example.org');
    await page.getByLabel('Password').fill('not the password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    const refused = await page.getByRole('alert').filter({ hasText: /./ }).first().textContent();
    assert.match(refused, /password/i);

    await page.getByLabel('Password').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await isLive(page);
  }));

test('a field that is not acceptable is named, and has the focus', () =>
  inBrowser({}, async ({ server, page }) => {
    await page.goto(server.url);
    await page.getByRole('button', { name: 'Create an account' }).click();
    await page.getByLabel('Name').fill('Ada');
    await page.getByLabel('E-mail').fill('ada@example.org');
    await page.getByLabel('Password').fill('short');
    await page.getByRole('button', { name: 'Create the account' }).click();
    await page.getByText('must have at least 8 characters').waitFor();
    await page.waitForFunction(() => document.activeElement?.getAttribute('aria-invalid') === 'true');
  }));

test('three tabs that reload at once all stay signed in', () =>
  inBrowser({}, async ({ server, session, page }) => {
    await signUp(page, server);
    const tabs = [page, await session.newPage(), await session.newPage()];
    await Promise.all(tabs.map((tab) => tab.goto(server.url)));
    await Promise.all(tabs.map(isLive));
    for (let round = 0; round < 3; round += 1) {
      await Promise.all(tabs.map((tab) => tab.reload()));
      await Promise.all(tabs.map(isLive));
    }
  }));

test('a key is shown once, works, and is gone when removed', () =>
  inBrowser({}, async ({ server, page }) => {
    await signUp(page, server);
    await page.getByRole('link', { name: 'API keys' }).first().click();
    await page.getByText('You have no keys yet.').waitFor();
    await page.getByLabel('Name').fill('checkout');
    await page.getByRole('button', { name: 'Make the key' }).click();
    const key = await page.locator('[data-key]').textContent();
    const post = () =>
      fetch(`${server.url}/api/v1/documents`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: '{"type":"order"}',
      });
    assert.equal((await post()).status, 201);

    await page.reload();
    await page.getByRole('button', { name: 'Remove checkout' }).click();
    assert.equal(await page.locator('[data-key]').count(), 0);
    await page.getByRole('button', { name: 'Yes, remove checkout' }).click();
    await page.getByText('You have no keys yet.').waitFor();
    assert.equal((await post()).status, 401);
  }));

test('the keyboard alone reaches everything, and sees where it is', () =>
  inBrowser({}, async ({ server, page }) => {
    await signUp(page, server);
    await page.reload();
    await isLive(page);
    const seen = [];
    for (let press = 0; press < 13; press += 1) {
      await page.keyboard.press('Tab');
      seen.push(
        await page.evaluate(() => {
          const at = document.activeElement;
          const outlined = getComputedStyle(at).outlineStyle !== 'none';
          return `${at.textContent.trim()}${outlined ? '' : ' (not visible)'}`;
        }),
      );
    }
    const pages = [
      'Dashboard',
      'Rules',
      'Silences',
      'Exports',
      'Chat',
      'API keys',
      'Account',
      'Administration',
      'Mails',
      'API',
    ];
    assert.deepEqual(seen, ['Skip to the content', 'Tocsin', ...pages, 'Sign out']);
  }));
