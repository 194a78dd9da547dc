// Rules in a browser: made, tried, changed, and what follows.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { entry, condition, openRules, newRule, fillBigOrders, ago, twice, tryIt, verdict } from './rules.mjs';
import { button, elsewhere, fill, inBrowser, link, member, said, signUp, wrong } from './support.mjs';

test('a rule on a sum is made by the form, and rings', () =>
  inBrowser({}, async ({ server, page }) => {
    await signUp(page, server);
    await newRule(page);
    await fillBigOrders(page);
    await page.getByRole('button', { name: /add a condition/ }).click();
    await condition(page, 1).getByLabel('Field').fill('status');
    await condition(page, 1).getByLabel('Value').fill('paid');
    await page
      .getByText(
        'Rings when the sum of amount of order documents where status is paid is more than 10,000 within 60 s.',
      )
      .waitFor();
    await button(page, 'Make the rule').click();
    await said(page, 'The rule big-orders is saved.');
    assert.match(page.url(), /\/rules$/);
    await entry(page, 'big-orders').and(page.locator('[data-state=ok]')).waitFor();

    await server.orders(
      { amount: 6000, status: 'paid' },
      { amount: 90_000, status: 'open' },
      { amount: 5000.5, status: 'paid' },
    );
    await entry(page, 'big-orders').and(page.locator('[data-state=firing]')).waitFor();
    await link(page, 'Dashboard').click();
    await page.locator('section[data-rule=big-orders][data-state=firing]').waitFor();
    await page.locator('[data-value]', { hasText: /^11,000.5$/ }).waitFor();
    await page.locator('tr[data-state=firing]', { hasText: 'big-orders' }).waitFor();
  }));

test('a rule is tried before it is saved: when it would have rung is marked', () =>
  inBrowser({}, async ({ server, page }) => {
    await signUp(page, server);
    await twice(server);
    await newRule(page);
    await fillBigOrders(page);
    await fill(page, { 'Name of the rule': '' });
    await tryIt(page);
    await verdict(page, 2).waitFor();
    await said(page, 'It would have rung 2 times in the last hour. 4 documents fit.');
    const picture = page.getByRole('img', { name: /It would have rung 2 times/ });
    assert.equal(await picture.getAttribute('data-bands'), '2');
    await picture.locator('canvas').waitFor();
    const rows = page.getByRole('table', { name: 'Incidents there would have been' }).locator('tbody tr');
    assert.equal(await rows.count(), 2);
    assert.match(await rows.first().textContent(), /1 min 00 s\s*11,000/);

    await page.getByText('Advanced').click();
    await fill(page, { 'Apart for each': 'customer.city' });
    await page.getByText('The rule was changed since.').waitFor();
    await tryIt(page, 'last 31 days');
    await page.getByRole('columnheader', { name: 'Group' }).waitFor();
    await rows.first().getByText('Lyon').waitFor();

    await fill(page, { 'The line': '20000' });
    await tryIt(page);
    await verdict(page, 0).waitFor();
    await page.getByText('It would not have rung in the last hour. 4 documents fit.').waitFor();
    assert.equal(await rows.count(), 0);
    await fill(page, { 'Type of the documents': 'invoice' });
    await tryIt(page);
    await page.getByText('No document fits what is watched.').waitFor();

    await fill(page, { 'Type of the documents': 'no type' });
    await tryIt(page);
    assert.match(await wrong(page, 'Type of the documents'), /must be 1 to 64 characters/);
    await openRules(page);
    await entry(page, 'errors-last-minute').waitFor();
    assert.equal(await page.locator('li[data-rule]').count(), 1, 'trying saves nothing');
  }));

test('a rule is switched off and on, changed and deleted, and other screens see it', () =>
  inBrowser({}, async ({ server, session, page }) => {
    await signUp(page, server);
    const other = await session.newPage();
    await other.goto(`${server.url}/rules`);
    await entry(other, 'errors-last-minute').and(other.locator('[data-state=ok]')).waitFor();
    // A page behind another draws once a second.
    await page.bringToFront();
    await openRules(page);
    const rule = entry(page, 'errors-last-minute');
    await rule.getByRole('switch', { name: /^On/ }).uncheck();
    await said(page, 'The rule errors-last-minute is switched off: it does not watch.');
    for (const screen of [page, other])
      await entry(screen, 'errors-last-minute').and(screen.locator('[data-state=off]')).waitFor();
    await rule.getByRole('switch').check();
    await said(page, 'The rule errors-last-minute watches.');
    for (const screen of [page, other])
      await entry(screen, 'errors-last-minute').and(screen.locator('[data-state=ok]')).waitFor();

    await link(page, 'Edit errors-last-minute').click();
    assert.equal(await page.getByLabel('Type of the documents').inputValue(), 'error');
    await page.getByLabel('The value is').selectOption('>=');
    await fill(page, { 'Name of the rule': 'a-few-errors', 'The line': '2' });
    await page.getByText('Advanced').click();
    await fill(page, { 'Apart for each': 'service' });
    await button(page, 'Save').click();
    await said(page, 'The rule a-few-errors is saved.');
    for (const screen of [page, other])
      await entry(screen, 'a-few-errors')
        .getByText('Rings when at least 2 error documents come within 60 s, for each service.')
        .waitFor();
    await server.errors(2, { service: 'checkout' });
    await entry(other, 'a-few-errors')
      .locator('[data-value]', { hasText: /2\sin checkout/ })
      .waitFor();

    await link(page, 'Edit a-few-errors').click();
    assert.equal(await page.getByLabel('Apart for each').inputValue(), 'service', 'what is set is seen');
    await fill(page, { 'Apart for each': '' });
    await button(page, 'Save').click();
    await entry(page, 'a-few-errors')
      .getByText('Rings when at least 2 error documents come within 60 s.')
      .waitFor();

    await link(page, 'Edit a-few-errors').click();
    await button(page, 'Delete a-few-errors').click();
    await button(page, 'Keep it').click();
    await button(page, 'Delete a-few-errors').click();
    await button(page, 'Yes, delete it').click();
    await said(page, 'The rule a-few-errors is deleted.');
    for (const screen of [page, other]) await screen.getByRole('heading', { name: 'No rules yet' }).waitFor();

    await link(page, 'Orders of more than 10,000 together in the last minute').click();
    assert.equal(await page.getByLabel('Field with the numbers').inputValue(), 'amount');
    await button(page, 'Make the rule').click();
    await entry(page, 'orders-above-10000').waitFor();
    await other.getByRole('link', { name: 'Edit orders-above-10000' }).waitFor();
    await page.goto(`${server.url}/rules/no-such-rule`);
    await page.getByText('There is no such rule.').waitFor();
  }));

test('a rule calls a server of somebody, and tells again, by the form', () =>
  inBrowser({}, async ({ server, session, page }) => {
    await signUp(page, server);
    await newRule(page);
    const address = 'https://hooks.example.org/in?key=s3cret';
    await fill(page, {
      'Name of the rule': 'orders',
      'Type of the documents': 'order',
      'The line': '10',
      Webhook: 'ftp://hooks.example.org',
      'Tell again every so many minutes': '0',
    });
    await page.getByText('tocsin keys webhook').waitFor();
    await button(page, 'Make the rule').click();
    assert.match(await wrong(page, 'Tell again every so many minutes'), /^must be from 1 to 1440 minutes/);
    await fill(page, { 'Tell again every so many minutes': '5' });
    await button(page, 'Make the rule').click();
    assert.match(await wrong(page, 'Webhook'), /must be an address such as/);
    assert.equal(await page.getByLabel('Webhook', { exact: true }).inputValue(), 'ftp://hooks.example.org');
    await fill(page, { Webhook: address });
    await button(page, 'Make the rule').click();
    const told = 'Tells owners and admins, hooks.example.org by webhook';
    await entry(page, 'orders')
      .getByText(`${told}, again every 5 min until somebody is on it.`, { exact: true })
      .waitFor();

    const grace = await elsewhere(session, server, await member(server, 'Grace'));
    await openRules(grace);
    await entry(grace, 'orders').getByText(told).waitFor();
    await entry(grace, 'orders')
      .getByRole('link', { name: /^Look at it/ })
      .click();
    await grace.getByLabel('Webhook', { exact: true }).waitFor();
    assert.equal(
      await grace.getByLabel('Webhook', { exact: true }).inputValue(),
      'https://hooks.example.org/…',
    );

    await link(page, 'Edit orders').click();
    assert.equal(await page.getByLabel('Webhook', { exact: true }).inputValue(), address);
    assert.equal(await page.getByLabel('Tell again every so many minutes').inputValue(), '5');
    await fill(page, { 'Tell again every so many minutes': '', 'Chat room': 'incidents' });
    await button(page, 'Save').click();
    await entry(page, 'orders')
      .getByText('Tells owners and admins, #incidents in the chat, hooks.example.org by webhook.', {
        exact: true,
      })
      .waitFor();
    await link(page, 'Edit orders').click();
    assert.equal(await page.getByLabel('Webhook', { exact: true }).inputValue(), address, 'it stays');
    await fill(page, { Webhook: '' });
    await button(page, 'Save').click();
    await entry(page, 'orders')
      .getByText('Tells owners and admins, #incidents in the chat.', { exact: true })
      .waitFor();
  }));

test('a member looks at rules and tries them, and changes nothing', () =>
  inBrowser({}, async ({ server, session, page }) => {
    await signUp(page, server);
    const grace = await elsewhere(session, server, await member(server, 'Grace'));
    await server.errors(51, { at: ago(5) });
    await openRules(grace);
    await entry(grace, 'errors-last-minute').getByText('Rings when more than 50 error documents').waitFor();
    await grace.getByText('Owners and admins change rules.').waitFor();
    assert.equal(await grace.getByRole('switch').count(), 0);
    assert.equal(await link(grace, 'New rule').count(), 0);
    await grace.getByRole('link', { name: /^Look at it and try it/ }).click();
    await grace.getByText('Owners and admins change rules.').waitFor();
    await tryIt(grace);
    await verdict(grace, 1).waitFor();
    for (const name of [/^Save/, /^Delete/])
      assert.equal(await grace.getByRole('button', { name }).count(), 0);
    await grace.getByLabel('The line', { exact: true }).press('Enter');
    await fill(grace, { 'The line': '51' });
    await tryIt(grace);
    await verdict(grace, 0).waitFor();
    await grace.goto(`${server.url}/rules/new`);
    await grace.getByText('Owners and admins make rules.').waitFor();
    assert.equal(await button(grace, 'Make the rule').count(), 0);
  }));
