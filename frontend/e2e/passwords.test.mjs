// A forgotten password and an address to be confirmed, by the links that are mailed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inBrowser, isLive, mailed, PASSWORD, signUp } from './support.mjs';

const ANOTHER = 'seven quiet lighthouses';

test('a forgotten password is chosen anew by the link of the mail, once', () =>
  inBrowser({}, async ({ server, session, page }) => {
    await signUp(page, server);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('link', { name: 'Forgot your password?' }).click();
    await page.getByLabel('E-mail').fill('ada@example.org');
    await page.getByRole('button', { name: 'Send the link' }).click();
    await page.getByRole('status').filter({ hasText: 'ada@example.org' }).waitFor();

    const link = await mailed(server, page);
    await page.goto(link);
    await page.getByRole('button', { name: 'Set the password' }).waitFor();
    assert.equal(new URL(page.url()).hash, '', 'the token is out of the address bar');
    await page.getByLabel('New password').fill('password');
    await page.getByRole('button', { name: 'Set the password' }).click();
    await page.getByText('guessers try first').waitFor();
    await page.waitForFunction(() => document.activeElement?.getAttribute('aria-invalid') === 'true');
    await page.getByLabel('New password').fill(ANOTHER);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Your password is changed' }).waitFor();
    await page.getByRole('link', { name: 'Sign in' }).click();
    await page.getByLabel('E-mail').fill('ada@example.org');
    await page.getByLabel('Password').fill(ANOTHER);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await isLive(page);

    const again = await session.newPage();
    await again.goto(link);
    await again.getByLabel('New password').fill(PASSWORD);
    await again.keyboard.press('Enter');
    await again.getByRole('heading', { name: 'does not work any more' }).waitFor();
    await isLive(page);
  }));

test('where addresses are confirmed, who registers is told so, and signs in afterwards', async () => {
  process.env.TOCSIN__AUTH__EMAIL_VERIFICATION = 'required';
  await inBrowser({}, async ({ server, page }) => {
    await page.goto(server.url);
    await page.getByRole('button', { name: 'Create an account' }).click();
    await page.getByLabel('Name').fill('Ada');
    await page.getByLabel('E-mail').fill('ada@example.org');
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Create the account' }).click();
    await page.getByRole('status').filter({ hasText: 'A mail to this address' }).waitFor();

    await page.goto(await mailed(server, page));
    await page.getByRole('button', { name: 'Confirm the address' }).click();
    await page.getByRole('heading', { name: 'Your address is confirmed' }).waitFor();
    await page.getByRole('link', { name: 'Sign in' }).click();
    await page.getByLabel('E-mail').fill('ada@example.org');
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await isLive(page);
  }).finally(() => delete process.env.TOCSIN__AUTH__EMAIL_VERIFICATION);
});
