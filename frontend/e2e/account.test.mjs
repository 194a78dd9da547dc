// The account page: one's name, one's password, and where one is signed in.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apiOf, elsewhere, inBrowser, isLive, PASSWORD, said, signIn, signUp } from './support.mjs';

const ANOTHER = 'seven quiet lighthouses';

const account = (page) => page.getByRole('link', { name: 'Account', exact: true }).click();
const signedOut = (page) => page.getByRole('heading', { name: 'Sign in' }).waitFor();
const focused = (page) =>
  page.waitForFunction(() => document.activeElement?.getAttribute('aria-invalid') === 'true');

test('the sign-ins are listed; ending one signs that browser out at once, and no other', () =>
  inBrowser({}, async ({ server, session, page }) => {
    await signUp(page, server);
    const [second, third] = [await elsewhere(session, server), await elsewhere(session, server)];
    await account(page);
    const entries = page.locator('[data-session]');
    await entries.nth(2).waitFor();
    assert.equal(await entries.count(), 3);
    const mine = entries.filter({ hasText: 'this device' });
    assert.match(await mine.textContent(), /Chrome on \w+.*127\.0\.0\.1/s);
    assert.equal(await mine.getByRole('button').count(), 0);

    // The last used stands first: the third browser.
    await entries.getByRole('button').first().click();
    await page.keyboard.press('Escape');
    assert.equal(await entries.count(), 3, 'Escape leaves it');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Yes, sign it out' }).click();
    await page.getByRole('status').filter({ hasText: 'is signed out.' }).waitFor();
    assert.equal(await entries.count(), 2);
    await signedOut(third);
    await isLive(second);

    await page.getByRole('button', { name: 'End all others' }).click();
    await page.getByRole('button', { name: 'Yes, sign out everywhere else' }).click();
    await page.getByText('You are signed out everywhere else.').waitFor();
    await signedOut(second);
    assert.equal(await entries.count(), 1);
    await page.reload();
    await isLive(page);
  }));

test('a new name is shown at once and after a reload; one that is not acceptable is named', () =>
  inBrowser({}, async ({ server, page }) => {
    await signUp(page, server);
    await account(page);
    await page.getByLabel('Name', { exact: true }).fill('Ada Lovelace');
    await page.getByRole('button', { name: 'Change the name' }).click();
    await page.getByText('Your name is changed.').waitFor();
    await page.getByText('Ada Lovelace (owner)').waitFor();
    await page.reload();
    await page.getByText('Ada Lovelace (owner)').waitFor();
    await page.getByLabel('Name', { exact: true }).fill('x'.repeat(101));
    await page.getByRole('button', { name: 'Change the name' }).click();
    await page.getByText('must be 1 to 100 characters').waitFor();
    await focused(page);
  }));

test('a new password ends the other sign-ins and keeps this one', () =>
  inBrowser({}, async ({ server, session, page }) => {
    await signUp(page, server);
    const other = await elsewhere(session, server);
    await account(page);
    await page.locator('[data-session]').nth(1).waitFor();
    const change = async (current, next) => {
      await page.getByLabel('Current password').fill(current);
      await page.getByLabel('New password').fill(next);
      await page.getByRole('button', { name: 'Change the password' }).click();
    };
    await change('not the password', ANOTHER);
    await page.getByText('This is not your current password.').waitFor();
    await focused(page);
    await change(PASSWORD, 'password');
    await page.getByText('guessers try first').waitFor();
    await isLive(other);

    await change(PASSWORD, ANOTHER);
    await page.getByText('Your password is changed.').waitFor();
    await signedOut(other);
    await page.waitForFunction(() => document.querySelectorAll('[data-session]').length === 1);
    await signIn(other);
    await other
      .getByRole('alert')
      .filter({ hasText: /password/i })
      .first()
      .waitFor();
    await signIn(other, undefined, ANOTHER);
    await isLive(other);
    await page.reload();
    await isLive(page);
  }));

test('somebody who is no admin finds no administration, and is told so at its address', () =>
  inBrowser({}, async ({ server, session, page }) => {
    await signUp(page, server);
    await page.getByRole('link', { name: 'Administration' }).waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await session.clearCookies();
    await signUp(page, server, 'grace@example.org');
    assert.equal(await page.getByRole('link', { name: 'Administration' }).count(), 0);
    await page.goto(`${server.url}/admin`);
    await page.getByText('This page is for owners and admins.').waitFor();
    await page.getByRole('link', { name: 'Go to the dashboard' }).click();
    await page.getByRole('heading', { name: 'Incidents' }).waitFor();
  }));

test('which alerts are mailed is chosen on the page of the account, in general and for one rule', () =>
  inBrowser({}, async ({ server, page }) => {
    await signUp(page, server);
    const ada = await apiOf(server);
    const { id } = await ada('POST', '/rules', { name: 'orders', type: 'order', threshold: 0 });
    await account(page);
    assert.equal(await page.getByRole('radio', { name: /^When a rule names me/ }).isChecked(), true);
    await page.getByRole('radio', { name: /^Never/ }).check();
    await said(page, 'Saved: never.');
    await page.getByText('Single rules').click();
    await page.getByLabel('orders', { exact: true }).selectOption('mail me');
    await said(page, 'Saved: orders, mail me.');
    assert.deepEqual(await ada('GET', '/auth/me/alerts'), { mails: 'none', rules: { [id]: true } });
    await page.reload();
    await page.getByText('Single rules (1 chosen apart)').click();
    assert.equal(await page.getByLabel('orders', { exact: true }).inputValue(), 'yes');
    assert.equal(await page.getByRole('radio', { name: /^Never/ }).isChecked(), true);
    await page.getByLabel('orders', { exact: true }).selectOption('as chosen above');
    await said(page, 'Saved: orders, as chosen above.');
    assert.deepEqual(await ada('GET', '/auth/me/alerts'), { mails: 'none', rules: {} });
  }));
