// What tests of the pages of rules do alike.
import { button, fill, link } from './support.mjs';

export const entry = (page, rule) => page.locator(`li[data-rule="${rule}"]`);
export const condition = (page, n) => page.getByRole('group', { name: `Condition ${n}` });
export async function openRules(page) {
  await link(page, 'Rules').click();
  await page.getByRole('heading', { name: 'Rules', exact: true }).waitFor();
}

export async function newRule(page) {
  await openRules(page);
  await link(page, 'New rule').click();
}

export const bigOrders = {
  'Name of the rule': 'big-orders',
  'Type of the documents': 'order',
  'The line': '10000',
};

export async function fillBigOrders(page) {
  await page.getByLabel('Measure').selectOption('sum');
  await fill(page, { ...bigOrders, 'Field with the numbers': 'amount' });
}

export const ago = (minutes) => new Date(Date.now() - minutes * 60_000).toISOString();

/** Two times when a lot was ordered within a minute. */
export const twice = (server) =>
  server.orders(
    ...[ago(40), ago(20)].flatMap((at) => [
      { amount: 6000, at, customer: { city: 'Lyon' } },
      { amount: 5000, at, customer: { city: 'Lyon' } },
    ]),
  );

export async function tryIt(page, span = 'last hour') {
  await page.getByLabel('Documents of the').selectOption({ label: span });
  await button(page, 'Try it').click();
}

export const verdict = (page, incidents) => page.locator(`[data-incidents="${incidents}"]`);
