// Every page, on a phone and on a desk, by day and by night; nothing is fetched from elsewhere.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inBrowser, isLive, overflows, signUp } from './support.mjs';

for (const colorScheme of ['light', 'dark']) {
  test(`nothing is wider than a phone, ${colorScheme}`, () =>
    inBrowser({ viewport: { width: 360, height: 740 }, colorScheme }, async ({ server, page }) => {
      await page.goto(server.url);
      await page.getByRole('heading', { name: 'Sign in' }).waitFor();
      assert.equal(await overflows(page), false, 'sign in');
      await signUp(page, server);
      assert.equal(await overflows(page), false, 'empty dashboard');
      await server.errors(51);
      await page.locator('tr[data-state=firing]').waitFor();
      await page.getByText('1 sent').click();
      assert.equal(await overflows(page), false, 'dashboard');
      const admin = ['/admin', '/admin/invitations', '/admin/audit'];
      for (const path of ['/exports', '/keys', '/account', ...admin, '/dev/mails', '/nowhere']) {
        await page.goto(`${server.url}${path}`);
        await isLive(page);
        await page.waitForLoadState('networkidle');
        assert.equal(await overflows(page), false, path);
      }
      await page.goto(`${server.url}/api/docs`);
      await page.getByRole('heading', { name: 'documents' }).waitFor();
      for (const route of await page.locator('summary').all()) await route.click();
      assert.equal(await overflows(page), false, 'API');
    }));
}

test('the mail that was written is shown', () =>
  inBrowser({}, async ({ server, page }) => {
    await signUp(page, server);
    await page.getByRole('link', { name: 'Mails' }).click();
    await page.getByText('No mail was written yet.').waitFor();
    await server.errors(51);
    await page.getByRole('button', { name: '[FIRING] errors-last-minute' }).click();
    await page.frameLocator('iframe').getByText('The line is crossed.').waitFor();
    await page.getByRole('button', { name: 'Text' }).click();
    await page.getByText('errors-last-minute', { exact: false }).first().waitFor();
    await page.getByRole('button', { name: 'Headers' }).click();
    await page.getByText('Auto-Submitted: auto-generated').waitFor();
  }));

test('a deep link and the way back work', () =>
  inBrowser({}, async ({ server, page }) => {
    await signUp(page, server);
    await page.goto(`${server.url}/keys`);
    await page.getByRole('heading', { name: 'API keys' }).waitFor();
    await page.getByRole('link', { name: 'Dashboard' }).click();
    await page.getByRole('heading', { name: 'Incidents' }).waitFor();
    await page.goBack();
    await page.getByRole('heading', { name: 'A new key' }).waitFor();
    await page.goto(`${server.url}/nowhere`);
    await page.getByRole('link', { name: 'Go to the dashboard' }).click();
    await page.getByRole('heading', { name: 'Incidents' }).waitFor();
  }));

test('the API is described without a foreign request', () =>
  inBrowser({}, async ({ server, page }) => {
    await page.goto(`${server.url}/api/docs#problem-too_deep`);
    await page.getByRole('heading', { name: 'Problem: too_deep' }).waitFor();
    await page.locator('#postDocuments summary').click();
    await page.getByText('application/x-ndjson').first().waitFor();
  }));
