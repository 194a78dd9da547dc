// Silences: nobody is told, every dashboard shows it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  apiOf,
  button,
  elsewhere,
  fill,
  inBrowser,
  isLive,
  link,
  member,
  overflows,
  said,
  signUp,
  wrong,
} from './support.mjs';

const entry = (page, state) => page.locator(`li[data-silence=${state}]`);
const words = (page) => page.locator('[data-words]');

async function newSilence(page) {
  await link(page, 'Silences').click();
  await link(page, 'New silence').click();
}

/** An instant as an input of a date and a time has it, in the zone of the page. */
const local = (page, minutes) =>
  page.evaluate((minutes) => {
    const date = new Date(Date.now() + minutes * 60_000);
    return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
  }, minutes);

test('a silence by the form keeps the next incident quiet, and shows it', () =>
  inBrowser({ timezoneId: 'Asia/Kolkata' }, async ({ server, page }) => {
    await signUp(page, server);
    await newSilence(page);
    await page.getByLabel('Rule', { exact: true }).selectOption({ label: 'errors-last-minute' });
    await button(page, '1 hour').click();
    const until = await page.getByLabel('Until').inputValue();
    assert.ok([await local(page, 60), await local(page, 61)].includes(until), until);
    await fill(page, { Why: 'we move the database' });
    await words(page)
      .filter({ hasText: /^Until .*, errors-last-minute: we move the database\.$/ })
      .waitFor();
    await button(page, 'Make the silence').click();
    await said(page, 'The silence is made.');
    await entry(page, 'active')
      .getByText(/errors-last-minute: we move the database$/)
      .waitFor();
    await entry(page, 'active')
      .getByText(/^Silent now, until/)
      .waitFor();
    await entry(page, 'active')
      .getByText(/^Made by Ada/)
      .waitFor();
    const ada = await apiOf(server);
    const [stored] = (await ada('GET', '/silences')).items;
    assert.ok(Math.abs(Date.parse(stored.until) - Date.now() - 3_600_000) < 120_000, stored.until);

    await server.errors(51);
    await link(page, 'Dashboard').click();
    await page.locator('.firing').getByText('silenced').waitFor();
    const row = page.locator('tr[data-state=firing]');
    await row.getByText('silenced').waitFor();
    await row.getByText('nobody told').waitFor();
    await row.getByRole('link').click();
    const text = 'People are told at the end of the silence if it still fires.';
    await page.locator('[data-step=silenced]', { hasText: text }).waitFor();
    const incident = page.url();

    await link(page, 'Silences').click();
    await button(page, `Remove: ${await entry(page, 'active').locator('.words').textContent()}`).click();
    await button(page, 'Keep it').click();
    await page.getByRole('button', { name: /^Remove:/ }).click();
    await button(page, 'Yes, remove it').click();
    await page.getByRole('heading', { name: 'No silences' }).waitFor();
    await page.goto(incident);
    await page.getByText('Mail to ada@example.org: sent').waitFor();
    assert.equal(await page.locator('[data-step=silenced]').count(), 0);
  }));

test('a silence of every week by the form, its errors at their fields', () =>
  inBrowser({ timezoneId: 'America/New_York' }, async ({ server, page }) => {
    await signUp(page, server);
    await newSilence(page);
    await page.getByLabel('Every week').check();
    assert.equal(await page.getByLabel('Time zone').inputValue(), 'America/New_York');
    for (const day of ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']) await page.getByLabel(day).uncheck();
    await fill(page, { Why: 'nights', 'Time zone': 'Europe/Nowhere' });
    await button(page, 'Make the silence').click();
    await page.getByText('must be one day at least').waitFor();
    for (const day of ['Mon', 'Tue', 'Wed', 'Thu', 'Fri']) await page.getByLabel(day).check();
    await button(page, 'Make the silence').click();
    assert.equal(await wrong(page, 'Time zone'), 'must be a time zone such as Europe/Paris');
    await page.waitForFunction(() => document.activeElement?.getAttribute('aria-invalid') === 'true');
    assert.equal(await page.getByLabel('Why').inputValue(), 'nights');
    assert.equal(await page.getByLabel('Fri').isChecked(), true);
    await fill(page, { 'Time zone': 'Europe/Paris', From: '21:30' });
    await words(page)
      .filter({ hasText: 'Every Mon–Fri from 21:30 to 06:00, Europe/Paris, all rules: nights.' })
      .waitFor();
    await button(page, 'Make the silence').click();
    await page
      .locator('li[data-silence]')
      .getByText('Every Mon–Fri from 21:30 to 06:00, Europe/Paris, all rules: nights', { exact: true })
      .waitFor();

    // What the server alone can judge: an end that is past.
    await link(page, 'New silence').click();
    await fill(page, { Until: await local(page, -60) });
    await button(page, 'Make the silence').click();
    assert.match(await wrong(page, 'Until'), /must lie in the future/);
    await fill(page, { Until: '' });
    await button(page, 'Make the silence').click();
    assert.equal(await wrong(page, 'Until'), 'must be a date and a time');
    await fill(page, { From: await local(page, 60), Until: await local(page, 120), Why: 'later' });
    await button(page, 'Make the silence').click();
    await entry(page, 'coming')
      .getByText(/: later$/)
      .waitFor();
  }));

test('a silence of what rings, from its page and from its rule', () =>
  inBrowser({}, async ({ server, page }) => {
    await signUp(page, server);
    const ada = await apiOf(server);
    const rule = { name: 'orders', type: 'order', threshold: 0, group_by: 'city', window_seconds: 3600 };
    await ada('POST', '/rules', { ...rule, notify: { emails: ['ops@example.org'] } });
    await server.orders({ city: 'Lyon / Sud' });
    await page.locator('tr[data-state=firing]').getByRole('link').click();
    await link(page, 'Silence…').click();
    await page.getByLabel('Only this city').waitFor();
    assert.equal(await page.getByLabel('Only this city').inputValue(), 'Lyon / Sud');
    await page.reload();
    assert.equal(await page.getByLabel('Only this city').inputValue(), 'Lyon / Sud', 'the address says it');
    await button(page, 'Until tomorrow 08:00').click();
    await button(page, 'Make the silence').click();
    await entry(page, 'active')
      .getByText(/08:00, orders, only Lyon \/ Sud$/)
      .waitFor();
    await server.orders({ city: 'Nice' });

    await link(page, 'Rules').click();
    await link(page, 'Silence… orders').click();
    assert.equal(await page.getByLabel('Its groups').inputValue(), 'all');
    await button(page, '4 hours').click();
    await button(page, 'Make the silence').click();
    await entry(page, 'active')
      .getByText(/, orders$/)
      .waitFor();
    await page.goBack();
    await page.goBack();
    await page.locator('li[data-rule=orders]').waitFor();
  }));

test('a member looks at silences, and changes nothing', () =>
  inBrowser({}, async ({ server, session, page }) => {
    await signUp(page, server);
    const ada = await apiOf(server);
    const until = new Date(Date.now() + 3_600_000).toISOString();
    await ada('POST', '/silences', { until, comment: 'a move' });
    const grace = await elsewhere(session, server, await member(server, 'Grace'));
    await link(grace, 'Silences').click();
    await entry(grace, 'active')
      .getByText(/all rules: a move$/)
      .waitFor();
    await grace.getByText('Owners and admins make and remove them.').waitFor();
    assert.equal(await link(grace, 'New silence').count(), 0);
    assert.equal(await grace.getByRole('button', { name: /^Remove/ }).count(), 0);
    await grace.goto(`${server.url}/silences/new`);
    await grace.getByText('Owners and admins make silences.').waitFor();
    assert.equal(await button(grace, 'Make the silence').count(), 0);
    await link(grace, 'Rules').first().click();
    await grace.locator('li[data-rule]').waitFor();
    assert.equal(await grace.getByRole('link', { name: /^Silence…/ }).count(), 0);
  }));

test('on a small screen nothing is wider than it, and the keyboard alone makes one', () =>
  inBrowser({ viewport: { width: 360, height: 740 } }, async ({ server, page }) => {
    await signUp(page, server);
    const ada = await apiOf(server);
    const rule = { name: 'x'.repeat(100), type: 'order', threshold: 0, group_by: 'city' };
    const { id } = await ada('POST', '/rules', rule);
    await page.goto(`${server.url}/silences/new?rule=${id}&group=${'g'.repeat(200)}`);
    await isLive(page);
    const why = 'w'.repeat(200);
    /** Tabs to it. */
    async function to(locator) {
      await locator.waitFor();
      for (let press = 0; press < 60; press += 1) {
        await page.keyboard.press('Tab');
        if (await locator.evaluate((element) => element === document.activeElement)) return;
      }
      throw new Error(`Tab does not lead to ${locator}`);
    }
    await to(button(page, '1 hour'));
    await page.keyboard.press('Enter');
    await to(page.getByLabel('Why', { exact: true }));
    await page.keyboard.type(why);
    assert.equal(await overflows(page), false, 'the form');
    await to(button(page, 'Make the silence'));
    await page.keyboard.press('Enter');
    await entry(page, 'active').waitFor();
    assert.equal(await overflows(page), false, 'the list');
    await to(page.getByRole('button', { name: /^Remove/ }));
    await page.keyboard.press('Enter');
    await button(page, 'Yes, remove it').waitFor();
    assert.equal(await overflows(page), false, 'the question');

    await page.goto(`${server.url}/silences/new`);
    await to(page.getByLabel('Once'));
    await page.keyboard.press('ArrowDown');
    await to(page.getByLabel('Sun'));
    await page.keyboard.press('Space');
    assert.equal(await overflows(page), false, 'the form of every week');
    await page.keyboard.press('Enter');
    await page.getByText(/^Every Mon–Sat from 22:00 to 06:00/).waitFor();
  }));
