// The form of a rule: what is refused, on a small screen, and by the keyboard.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bigOrders, condition, entry, fillBigOrders, newRule, twice, tryIt, verdict } from './rules.mjs';
import { button, fill, inBrowser, isLive, link, overflows, said, signUp, wrong } from './support.mjs';

test('what is refused is said at its field, and nothing that was typed is lost', () =>
  inBrowser({}, async ({ server, page }) => {
    await signUp(page, server);
    await newRule(page);
    await fill(page, { ...bigOrders, 'The line': 'ten thousand', 'Name of the rule': '' });
    await button(page, 'Make the rule').click();
    assert.equal(await wrong(page, 'Name of the rule'), 'must be filled in');
    assert.equal(await wrong(page, 'The line'), 'must be a number, such as 10000 or 2.5');
    await page.waitForFunction(() => document.activeElement?.getAttribute('aria-invalid') === 'true');

    const typed = {
      ...bigOrders,
      'Name of the rule': 'errors-last-minute',
      'Other addresses': 'ops@example.org, nobody',
      'Chat room': 'Not A Room',
      'Within so many seconds': '3601',
    };
    await fill(page, typed);
    await page.getByText('Advanced').click();
    await fill(page, { 'Apart for each': 'customer..city' });
    await page.getByText('Advanced').click();
    await page.getByLabel('Apart for each').waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: /add a condition/ }).click();
    await condition(page, 1).getByLabel('Field').fill('amount');
    await condition(page, 1).getByLabel('Comparison').selectOption('>');
    await condition(page, 1).getByLabel('Value').fill('true');
    await button(page, 'Make the rule').click();
    assert.equal(await wrong(page, 'Other addresses'), '“nobody” must be an address, or @admins');
    assert.equal(await wrong(page, 'Value'), 'must be a number below 10^28, or a text');
    assert.equal(await wrong(page, 'Within so many seconds'), 'must be from 1 to 3600');
    assert.match(await wrong(page, 'Apart for each'), /must be a name/);
    assert.match(await wrong(page, 'Chat room'), /must be 1 to 64 characters/);
    await page.getByLabel('Apart for each').waitFor();
    for (const [label, value] of Object.entries({
      ...typed,
      Value: 'true',
      'Apart for each': 'customer..city',
    }))
      assert.equal(await page.getByLabel(label, { exact: true }).inputValue(), value);

    await fill(page, {
      'Other addresses': 'ops@example.org',
      'Chat room': 'incidents',
      'Apart for each': 'customer.city',
      'Within so many seconds': '120',
      Value: '18',
    });
    await button(page, 'Make the rule').click();
    assert.equal(await wrong(page, 'Name of the rule'), 'is taken by another rule');
    await fill(page, { 'Name of the rule': 'many-orders' });
    await button(page, 'Make the rule').click();
    await said(page, 'The rule many-orders is saved.');
    await entry(page, 'many-orders')
      .getByText('Rings when more than 10,000 order documents where amount is more than 18 come within 2 min')
      .waitFor();
    await entry(page, 'many-orders').getByText('ops@example.org, #incidents in the chat').waitFor();
  }));

test('on a small screen nothing is wider than it', () =>
  inBrowser({ viewport: { width: 360, height: 740 } }, async ({ server, page }) => {
    await signUp(page, server);
    await twice(server);
    await newRule(page);
    await fillBigOrders(page);
    await fill(page, {
      'Name of the rule': 'x'.repeat(100),
      'Other addresses': `${'y'.repeat(60)}@example.org`,
    });
    await page.getByRole('button', { name: /add a condition/ }).click();
    await condition(page, 1).getByLabel('Field').fill('customer.city');
    await condition(page, 1).getByLabel('Comparison').selectOption('in');
    await condition(page, 1).getByLabel('Values').fill('Lyon, Paris');
    await page.getByText('Advanced').click();
    await tryIt(page, 'last 24 hours');
    await verdict(page, 2).waitFor();
    await page.locator('canvas').waitFor();
    assert.equal(await overflows(page), false, 'the form');
    await button(page, 'Make the rule').click();
    await entry(page, 'x'.repeat(100)).waitFor();
    assert.equal(await overflows(page), false, 'the list');
    await entry(page, 'x'.repeat(100)).getByRole('link', { name: /^Edit/ }).click();
    await page.getByRole('button', { name: /^Delete/ }).click();
    await page.getByRole('button', { name: /^Yes, delete/ }).waitFor();
    assert.equal(await overflows(page), false, 'the question');
  }));

test('the keyboard alone makes a rule, tries it and switches it off', () =>
  inBrowser({}, async ({ server, page }) => {
    await signUp(page, server);
    await twice(server);
    await page.reload();
    await isLive(page);

    /** Tabs to it, and looks whether one sees where one is. */
    async function to(locator) {
      for (let press = 0; press < 40; press += 1) {
        await page.keyboard.press('Tab');
        const seen = await locator.evaluate(
          (element) => element === document.activeElement && getComputedStyle(element).outlineStyle,
        );
        if (!seen) continue;
        assert.notEqual(seen, 'none');
        return;
      }
      throw new Error(`Tab does not lead to ${locator}`);
    }
    const type = async (label, text) => {
      await to(page.getByLabel(label, { exact: true }));
      await page.keyboard.type(text);
    };
    const { keyboard } = page;

    await to(link(page, 'Rules'));
    await keyboard.press('Enter');
    await to(link(page, 'New rule'));
    await keyboard.press('Enter');
    await type('Name of the rule', 'big-orders');
    await type('Type of the documents', 'order');
    await to(page.getByRole('button', { name: /add a condition/ }));
    await keyboard.press('Enter');
    await page.waitForFunction(() => document.activeElement?.closest('[aria-label="Condition 1"]'));
    await keyboard.type('amount');
    await to(button(page, 'Remove condition 1'));
    await keyboard.press('Enter');
    await page.waitForFunction(() => /add a condition/.test(document.activeElement?.textContent ?? ''));
    await to(page.getByLabel('Measure'));
    await keyboard.press('ArrowDown');
    await type('Field with the numbers', 'amount');
    await type('The line', '10000');
    await to(page.getByText('Advanced'));
    await keyboard.press('Enter');
    await type('Apart for each', 'customer.city');
    await to(button(page, 'Try it'));
    await keyboard.press('Enter');
    await verdict(page, 2).waitFor();
    await to(button(page, 'Make the rule'));
    await keyboard.press('Enter');
    await entry(page, 'big-orders').and(page.locator('[data-state=ok]')).waitFor();
    await to(entry(page, 'big-orders').getByRole('switch'));
    await keyboard.press('Space');
    await entry(page, 'big-orders').and(page.locator('[data-state=off]')).waitFor();
    await keyboard.press('Space');
    await entry(page, 'big-orders').and(page.locator('[data-state=ok]')).waitFor();
    // Quicker than the server answers: the last one counts.
    let left = 3;
    const last = page.waitForResponse((response) => response.request().method() === 'PATCH' && --left === 0);
    for (let press = 0; press < 3; press += 1) await keyboard.press('Space');
    await last;
    await entry(page, 'big-orders').and(page.locator('[data-state=off]')).waitFor();
    assert.equal(await entry(page, 'big-orders').getByRole('switch').isChecked(), false);
  }));
