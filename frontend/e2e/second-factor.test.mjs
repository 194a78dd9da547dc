// The second factor: switched on, asked for, replaced by a recovery code, switched off.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { OpenIdProvider } from './provider.mjs';
import { inBrowser, isLive, overflows, PASSWORD, signIn, signUp } from './support.mjs';

const STEP = 30_000;

/** The code of RFC 6238 for a secret in base32, so many steps from now. */
function totp(secret, ahead = 0) {
  const bits = [...secret.replace(/\s/g, '')]
    .map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'))
    .join('');
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / STEP) + ahead));
  const mac = createHmac('sha1', key).update(counter).digest();
  const number = mac.readUInt32BE(mac[19] & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}

/** Another code than the right ones of now. */
const wrong = (secret) =>
  ['000000', '111111', '222222', '333333'].find((code) => ![-1, 0, 1].some((n) => totp(secret, n) === code));

const codeIsWrong = (page) => page.getByText('This code does not work.').waitFor();
const account = (page) => page.getByRole('link', { name: 'Account', exact: true }).click();

/** Switches it on by the account page: the secret, and the recovery codes. */
async function enrol(page, password = PASSWORD) {
  await account(page);
  await page.getByRole('button', { name: 'Set it up' }).click();
  await page.getByLabel('Your password').fill(password);
  await page.getByRole('button', { name: 'Go on' }).click();
  const secret = (await page.locator('[data-secret]').textContent()).trim();
  const image = page.getByRole('img', { name: 'QR code of the key below' });
  await page.waitForFunction((one) => one.complete && one.naturalWidth > 0, await image.elementHandle());
  const code = page.getByLabel('Code that the app shows');
  await code.fill(wrong(secret));
  await page.getByRole('button', { name: 'Switch it on' }).click();
  await codeIsWrong(page);
  const right = totp(secret);
  await code.fill(`${right.slice(0, 3)} ${right.slice(3)}`);
  await page.keyboard.press('Enter');
  const list = page.locator('[data-recovery-codes] li');
  await list.nth(9).waitFor();
  const codes = await list.allTextContents();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save as text' }).click();
  const file = await readFile(await (await download).path(), 'utf8');
  for (const one of codes) assert.ok(file.includes(one));
  await page.getByRole('button', { name: 'I have kept them' }).click();
  await page.getByText('Recovery codes left: 10.').waitFor();
  assert.equal(await list.count(), 0);
  return { secret, codes };
}

async function typeRecoveryCode(page, code) {
  await page.getByRole('button', { name: 'Use a recovery code instead' }).click();
  await page.getByLabel('Recovery code').fill(code);
  await page.keyboard.press('Enter');
}

test('signing in takes a code from the app; a wrong one is said, and the right one works', () =>
  inBrowser({}, async ({ server, page }) => {
    await signUp(page, server);
    const { secret } = await enrol(page);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await signIn(page, undefined, 'not the password');
    await page
      .getByRole('alert')
      .filter({ hasText: /password/i })
      .first()
      .waitFor();
    await signIn(page);
    await page.getByRole('heading', { name: 'One more step' }).waitFor();
    const field = page.getByLabel('Code', { exact: true });
    await page.waitForFunction(
      () => document.activeElement?.getAttribute('autocomplete') === 'one-time-code',
    );
    await page.keyboard.type(wrong(secret));
    await page.keyboard.press('Enter');
    await codeIsWrong(page);
    // The one of this step may be used up by switching it on.
    await field.fill(totp(secret, 1));
    await page.keyboard.press('Enter');
    await isLive(page);
    await page.reload();
    await isLive(page);
  }));

test('a recovery code signs in once; new ones end the old; switching off asks for a code', () =>
  inBrowser({ viewport: { width: 360, height: 740 } }, async ({ server, page }) => {
    await signUp(page, server);
    const { secret, codes } = await enrol(page);
    assert.equal(await overflows(page), false);
    const again = async (code) => {
      await page.getByRole('button', { name: 'Sign out' }).click();
      await signIn(page);
      assert.equal(await overflows(page), false);
      await typeRecoveryCode(page, code);
    };
    await again(codes[0]);
    await isLive(page);
    await again(codes[0]);
    await page.getByText('This recovery code does not work.').waitFor();
    await page.getByLabel('Recovery code').fill(codes[1]);
    await page.keyboard.press('Enter');
    await isLive(page);

    await account(page);
    await page.getByText('Recovery codes left: 8.').waitFor();
    await page.getByRole('button', { name: 'New recovery codes' }).click();
    await page.getByLabel('Code', { exact: true }).fill(totp(secret, 1));
    await page.getByRole('button', { name: 'Get new codes' }).click();
    const list = page.locator('[data-recovery-codes] li');
    await list.nth(9).waitFor();
    const fresh = await list.allTextContents();
    assert.ok(!fresh.includes(codes[2]));
    await page.getByRole('button', { name: 'I have kept them' }).click();

    await page.getByRole('button', { name: 'Switch off' }).click();
    await typeRecoveryCode(page, codes[2]);
    await page.getByText('This recovery code does not work.').waitFor();
    await page.getByLabel('Recovery code').fill(fresh[0]);
    await page.keyboard.press('Enter');
    await page.getByText('The second factor is switched off.').waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await signIn(page);
    await isLive(page);
  }));

test('setting up asks for the password, and may be left', () =>
  inBrowser({}, async ({ server, page }) => {
    await signUp(page, server);
    await account(page);
    await page.getByRole('button', { name: 'Set it up' }).click();
    await page.getByLabel('Your password').fill('not the password');
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByText('This is not your password.').waitFor();
    await page.getByRole('button', { name: 'Not now' }).click();
    await page.getByRole('button', { name: 'Set it up' }).waitFor();
  }));

test('a sign-in by a provider waits for the code too, through a reload', async () => {
  const provider = await OpenIdProvider.start();
  const fonts = 'fonts.googleapis.com';
  const more = { sets: [provider.set], hosts: [provider.host, fonts] };
  await inBrowser(
    {},
    async ({ server, session, page }) => {
      provider.sendBackTo(server);
      await session.route(`https://${fonts}/**`, (route) => route.fulfill({ contentType: 'text/css' }));
      await page.goto(server.url);
      await page.getByRole('link', { name: 'Continue with Our house' }).click();
      await page.getByPlaceholder('Enter any login').fill('grace');
      await page.getByPlaceholder('and password').fill('any');
      await page.getByRole('button', { name: 'Sign-in' }).click();
      await page.getByRole('button', { name: 'Continue' }).click();
      await isLive(page);
      // An account without a password leaves the field for it empty.
      const { codes } = await enrol(page, '');
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.getByRole('link', { name: 'Continue with Our house' }).click();
      await page.getByRole('heading', { name: 'One more step' }).waitFor();
      await page.reload();
      await page.getByRole('heading', { name: 'One more step' }).waitFor();
      await typeRecoveryCode(page, 'aaaaa-aaaaa');
      await page.getByText('This recovery code does not work.').waitFor();
      await page.getByLabel('Recovery code').fill(codes[0]);
      await page.keyboard.press('Enter');
      await isLive(page);
      assert.equal(page.url(), `${server.url}/`);
    },
    more,
  ).finally(() => provider.stop());
});
