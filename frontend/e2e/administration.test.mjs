// Looking after accounts, as an owner and as an admin.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { elsewhere, inBrowser, isLive, member, overflows, PASSWORD, signIn, signUp } from './support.mjs';

const OWNER = 'ada@example.org';

/** The owner on the page of users, with the entry of somebody opened. */
async function manage(page, email) {
  await page.getByRole('link', { name: 'Administration' }).click();
  const entry = page.locator(`[data-user="${email}"]`);
  await entry.locator('summary').click();
  return entry;
}

const signedOut = (page) => page.getByRole('heading', { name: 'Sign in' }).waitFor();

test('users are searched', () =>
  inBrowser({}, async ({ server, page }) => {
    await signUp(page, server);
    for (const name of ['Grace', 'Edsger', 'Barbara']) await member(server, name);
    await page.getByRole('link', { name: 'Administration' }).click();
    const entries = page.locator('[data-user]');
    await entries.nth(3).waitFor();
    await page.getByLabel('Search').fill('GRAC');
    await page.getByText('1 account with “GRAC”').waitFor();
    assert.equal(await entries.getAttribute('data-user'), 'grace@example.org');
    await page.getByLabel('Search').fill('nobody at all');
    await page.getByText('Nobody has “nobody at all” in the address or the name.').waitFor();
    await page.getByLabel('Search').fill('');
    await entries.nth(3).waitFor();
    const own = page.locator(`[data-user="${OWNER}"]`);
    await own.getByRole('link', { name: 'Your account' }).waitFor();
    assert.equal(await own.locator('summary').count(), 0, 'nobody changes their own account here');
  }));

test('somebody is disabled and enabled again, after a question', () =>
  inBrowser({}, async ({ server, session, page }) => {
    await signUp(page, server);
    const email = await member(server, 'Grace');
    const other = await elsewhere(session, server, email);
    const entry = await manage(page, email);
    await entry.getByRole('button', { name: 'Disable Grace' }).click();
    await isLive(other);
    await entry.getByRole('button', { name: 'Yes, disable Grace' }).click();
    await entry.getByText('Grace is disabled.').waitFor();
    await entry.getByText('disabled since').waitFor();
    await signedOut(other);
    await signIn(other, email);
    await other.getByRole('alert').filter({ hasText: /./ }).first().waitFor();

    await entry.getByRole('button', { name: 'Enable Grace again' }).click();
    await entry.getByRole('button', { name: 'Yes, enable Grace' }).click();
    await entry.getByText('Grace can sign in again.', { exact: true }).waitFor();
    await signIn(other, email);
    await isLive(other);
  }));

test('every sign-in of somebody is ended', () =>
  inBrowser({}, async ({ server, session, page }) => {
    await signUp(page, server);
    const email = await member(server, 'Grace');
    const other = await elsewhere(session, server, email);
    const entry = await manage(page, email);
    await entry.getByRole('button', { name: 'End all sign-ins of Grace' }).click();
    await entry.getByRole('button', { name: 'Yes, sign Grace out' }).click();
    await entry.getByText('Grace is signed out everywhere.').waitFor();
    await signedOut(other);
    await isLive(page);
  }));

test('an owner gives a role; an admin looks after members alone', () =>
  inBrowser({}, async ({ server, session, page }) => {
    await signUp(page, server);
    const email = await member(server, 'Grace');
    const edsger = await member(server, 'Edsger');
    const entry = await manage(page, email);
    await entry.getByLabel('Role').selectOption('admin');
    await entry.getByRole('button', { name: 'Change the role' }).click();
    await entry.getByText('Grace has the role admin now.').waitFor();

    const admin = await elsewhere(session, server, email);
    await admin.getByRole('link', { name: 'Administration' }).click();
    const owner = admin.locator(`[data-user="${OWNER}"]`);
    await owner.getByText('Only an owner can change this account.').waitFor();
    assert.equal(await owner.locator('summary').count(), 0);
    const other = admin.locator(`[data-user="${edsger}"]`);
    await other.locator('summary').click();
    await other.getByRole('button', { name: 'Disable Edsger' }).waitFor();
    assert.equal(await other.getByLabel('Role').count(), 0);

    await entry.getByLabel('Role').selectOption('member');
    await entry.getByText('is signed out everywhere, and signs in again').waitFor();
    await entry.getByRole('button', { name: 'Change the role' }).click();
    await entry.getByText('Grace has the role member now.').waitFor();
    await signedOut(admin);
  }));

test('the audit log is in words, the latest first, and goes on when asked', () =>
  inBrowser({ viewport: { width: 360, height: 740 } }, async ({ server, page }) => {
    await signUp(page, server);
    const headers = { 'content-type': 'application/json', 'user-agent': 'curl/8.5.0' };
    const call = async (method, path, body) => {
      const sent = body && { body: JSON.stringify(body) };
      const answer = await fetch(`${server.url}/api/v1${path}`, { method, headers, ...sent });
      assert.ok(answer.ok, `${path}: ${answer.status}`);
      return answer.status === 204 ? undefined : answer.json();
    };
    const { access_token } = await call('POST', '/auth/login', { email: OWNER, password: PASSWORD });
    headers.authorization = `Bearer ${access_token}`;
    for (let n = 0; n < 26; n += 1) {
      const { id } = await call('POST', '/api-keys', { name: `k${n}`, scopes: ['documents:write'] });
      await call('DELETE', `/api-keys/${id}`);
    }
    await page.goto(`${server.url}/admin/audit`);
    const entries = page.locator('[data-event]');
    await entries.nth(49).waitFor();
    assert.equal(await entries.count(), 50);
    const first = entries.first();
    await first.getByText('API key removed', { exact: true }).waitFor();
    await first.getByText('curl/8.5.0').waitFor();
    await first.getByText('127.0.0.1').waitFor();
    await first.getByText(OWNER).waitFor();
    await page.getByRole('button', { name: 'Show more' }).click();
    await page.getByText('There are no earlier ones.').waitFor();
    assert.ok((await entries.count()) > 52);
    await page.locator('[data-event=account_made]').getByText('Account made').waitFor();
    assert.equal(await overflows(page), false);
  }));
