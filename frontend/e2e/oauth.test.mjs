// Signing in by a provider: through its own pages, and back.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OpenIdProvider } from './provider.mjs';
import { inBrowser, isLive, signUp } from './support.mjs';

const FONTS = 'fonts.googleapis.com';

/** Runs a test with a server that knows a provider. */
async function withProvider(run) {
  const provider = await OpenIdProvider.start();
  try {
    await inBrowser(
      {},
      async (parts) => {
        provider.sendBackTo(parts.server);
        // The provider's pages want a font from elsewhere.
        await parts.session.route(`https://${FONTS}/**`, (route) =>
          route.fulfill({ contentType: 'text/css' }),
        );
        return run(parts);
      },
      { sets: [provider.set], hosts: [provider.host, FONTS] },
    );
  } finally {
    provider.stop();
  }
}

/** From the sign-in page to the provider and through its pages, as this person. */
async function throughProvider(page, name) {
  await page.getByRole('link', { name: 'Continue with Our house' }).click();
  await page.getByPlaceholder('Enter any login').fill(name);
  await page.getByPlaceholder('and password').fill('any');
  await page.getByRole('button', { name: 'Sign-in' }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
}

test('a provider signs in, a reload keeps it, and signing out ends it', () =>
  withProvider(async ({ server, page }) => {
    await page.goto(server.url);
    await throughProvider(page, 'grace');
    await isLive(page);
    assert.equal(page.url(), `${server.url}/`);
    await page.reload();
    await isLive(page);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  }));

test('what does not work is said once, in words', () =>
  withProvider(async ({ server, session, page }) => {
    await page.goto(server.url);
    await throughProvider(page, 'unverified');
    await page.getByText('does not confirm that the e-mail address is yours').waitFor();
    assert.equal(page.url(), `${server.url}/`, 'the code is gone from the address');
    await page.reload();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    assert.equal(await page.getByText('does not confirm').count(), 0);

    // An account that has not shown that the address is its own is not handed over.
    await signUp(page, server, 'ada@example.org');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await session.clearCookies();
    await page.goto(server.url);
    await throughProvider(page, 'ada');
    await page.getByText('There is an account with this e-mail address already.').waitFor();
  }));

test('who turns back at the provider is told so', () =>
  withProvider(async ({ server, page }) => {
    await page.goto(server.url);
    await page.getByRole('link', { name: 'Continue with Our house' }).click();
    await page.getByRole('link', { name: 'Cancel' }).click();
    await page.getByText('The sign-in was cancelled at the provider.').waitFor();
  }));

/** Links the provider on the account page, as this person there. */
async function link(page, server, name) {
  await page.goto(`${server.url}/account`);
  await page.getByRole('button', { name: 'Link Our house' }).click();
  await page.getByPlaceholder('Enter any login').fill(name);
  await page.getByPlaceholder('and password').fill('any');
  await page.getByRole('button', { name: 'Sign-in' }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
}

test('a provider is linked and unlinked on the account page', () =>
  withProvider(async ({ server, page }) => {
    await signUp(page, server);
    await link(page, server, 'lovelace');
    await page.getByText('Our house is linked.').waitFor();
    assert.equal(page.url(), `${server.url}/account`);
    await page.getByText('lovelace@example.org').waitFor();
    await page.reload();
    await page.getByText('lovelace@example.org').waitFor();
    assert.equal(await page.getByText('Our house is linked.').count(), 0, 'said once');

    await page.getByRole('button', { name: 'Unlink Our house' }).click();
    await page.getByRole('button', { name: 'Yes, unlink it' }).click();
    await page.getByText('Our house is not linked any more.').waitFor();
    await page.getByRole('button', { name: 'Link Our house' }).waitFor();
  }));

test('why linking did not work is said on the account page, once', () =>
  withProvider(async ({ server, session, page }) => {
    await page.goto(server.url);
    await throughProvider(page, 'grace');
    await isLive(page);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await session.clearCookies();
    await signUp(page, server);
    await link(page, server, 'grace');
    const taken = page.getByText('is linked to another account here. Unlink it there first.');
    await taken.waitFor();
    assert.equal(page.url(), `${server.url}/account`);
    await page.reload();
    await page.getByRole('button', { name: 'Link Our house' }).waitFor();
    assert.equal(await taken.count(), 0);

    await session.clearCookies({ domain: '127.0.0.1', name: /^_/ });
    await page.getByRole('button', { name: 'Link Our house' }).click();
    await page.getByRole('link', { name: 'Cancel' }).click();
    await page.getByText('Linking was cancelled at the provider.').waitFor();
    await page.getByRole('heading', { name: 'Your account' }).waitFor();
  }));

test('the last way in stays', () =>
  withProvider(async ({ server, page }) => {
    await page.goto(server.url);
    await throughProvider(page, 'grace');
    await isLive(page);
    await page.getByRole('link', { name: 'Account', exact: true }).click();
    await page.getByRole('button', { name: 'Unlink Our house' }).click();
    await page.getByRole('button', { name: 'Yes, unlink it' }).click();
    await page.getByRole('alert').filter({ hasText: 'You sign in by this provider alone.' }).waitFor();
    await page.getByText('grace@example.org').last().waitFor();
  }));
