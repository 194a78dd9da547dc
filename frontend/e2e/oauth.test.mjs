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
