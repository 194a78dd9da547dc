// An invitation: sent, followed, used up, withdrawn.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEADLINE, inBrowser, isLive, mailed, overflows, PASSWORD, signUp } from './support.mjs';

const GRACE = 'grace@example.org';

/** Invites somebody by the page, and has the link of the mail. */
async function invite(page, server, email, role) {
  await page.goto(`${server.url}/admin/invitations`);
  await page.getByLabel('E-mail').fill(email);
  if (role) await page.getByLabel('Role').selectOption(role);
  await page.getByRole('button', { name: 'Send the invitation' }).click();
  await page
    .getByRole('status')
    .filter({ hasText: `on its way to ${email}` })
    .waitFor();
  await page.locator(`[data-invitation="${email}"]`).waitFor();
  return mailed(server, page, { to: email, path: 'join' });
}

async function somebodyElse(session) {
  const context = await session.browser().newContext({
    locale: 'en-GB',
    viewport: { width: 360, height: 740 },
  });
  context.setDefaultTimeout(DEADLINE);
  return context.newPage();
}

test('who is invited chooses a name and a password, and is signed in with the role', () =>
  inBrowser({}, async ({ server, session, page }) => {
    await signUp(page, server);
    const link = await invite(page, server, GRACE, 'admin');
    const guest = await somebodyElse(session);
    await guest.goto(link);
    await guest.getByText('Ada has invited you.').waitFor();
    assert.equal(new URL(guest.url()).hash, '', 'the token is out of the address bar');
    assert.equal(await guest.getByLabel('E-mail').inputValue(), GRACE);
    assert.equal(await overflows(guest), false);
    await guest.getByLabel('Name').fill('Grace');
    await guest.getByLabel('Password').fill('password');
    await guest.getByRole('button', { name: 'Create the account' }).click();
    await guest.waitForFunction(() => document.activeElement?.getAttribute('aria-invalid') === 'true');
    await guest.getByLabel('Password').fill(PASSWORD);
    await guest.keyboard.press('Enter');
    await isLive(guest);
    await guest.getByRole('link', { name: 'Administration' }).waitFor();
    await guest.goto(`${server.url}/account`);
    await guest.getByText('confirmed', { exact: true }).waitFor();

    const late = await somebodyElse(session);
    await late.goto(link);
    await late.getByRole('heading', { name: 'This invitation does not work any more' }).waitFor();
    await late.getByRole('link', { name: 'Sign in' }).click();
    await late.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.reload();
    await page.getByText('Nobody is invited at the moment.').waitFor();
  }));

test('a withdrawn invitation does not work; one for an address with an account is refused', () =>
  inBrowser({}, async ({ server, session, page }) => {
    await signUp(page, server);
    const link = await invite(page, server, GRACE);
    const guest = await somebodyElse(session);
    await guest.goto(link);
    await guest.getByLabel('Name').fill('Grace');
    await page.getByRole('button', { name: `Withdraw the invitation of ${GRACE}` }).click();
    await page.getByRole('button', { name: 'Yes, withdraw it' }).click();
    await page.getByText(`The invitation of ${GRACE} is withdrawn.`).waitFor();
    await page.getByText('Nobody is invited at the moment.').waitFor();
    await guest.getByLabel('Password').fill(PASSWORD);
    await guest.keyboard.press('Enter');
    await guest.getByRole('heading', { name: 'This invitation does not work any more' }).waitFor();

    await page.getByLabel('E-mail').fill('ada@example.org');
    await page.getByRole('button', { name: 'Send the invitation' }).click();
    await page.getByText(/has an account already/).waitFor();
  }));

test('somebody who is signed in chooses whether to leave first', () =>
  inBrowser({}, async ({ server, page }) => {
    await signUp(page, server);
    const link = await invite(page, server, GRACE);
    await page.goto(link);
    await page.getByRole('heading', { name: 'You are signed in already' }).waitFor();
    await page.getByRole('button', { name: 'Sign out and join' }).click();
    await page.getByLabel('Name').fill('Grace');
    await page.getByLabel('Password').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await isLive(page);
    await page.getByText('Grace (member)').waitFor();
  }));

test('where accounts are made by invitation, the sign-in page says whom to ask', () =>
  inBrowser(
    {},
    async ({ server, page }) => {
      await page.goto(server.url);
      await page.getByText('You need an invitation: ask an owner or admin of this server').waitFor();
      assert.equal(await page.getByRole('button', { name: 'Create an account' }).count(), 0);
      await page.goto(`${server.url}/join`);
      await page.getByRole('heading', { name: 'This invitation does not work any more' }).waitFor();
    },
    { sets: ['auth.registration=invite'] },
  ));
