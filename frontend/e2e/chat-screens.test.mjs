// The page of chat: what is text, on a small screen, and by the keyboard.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { two, field, log, said, create, join, tell, both, actions } from './chat.mjs';
import { overflows } from './support.mjs';

test('what is written is text, and links are what can be followed', () =>
  two(async ({ ada, grace }) => {
    await both(ada, grace);
    const text =
      '<img src=x onerror="window.hurt=1"> javascript:alert(1) https://example.org/a_(b), and <b>this</b>';
    await tell(ada, text);
    await said(grace, text).waitFor();
    const links = said(grace, text).getByRole('link');
    assert.equal(await links.count(), 1);
    assert.equal(await links.getAttribute('href'), 'https://example.org/a_(b)');
    assert.match((await links.getAttribute('rel')) ?? '', /noopener/);
    assert.equal(await grace.evaluate(() => window.hurt), undefined);
  }));

test('on a phone: the list or the conversation, and nothing is wider', () =>
  two(
    async ({ ada, grace }) => {
      assert.equal(await overflows(ada), false, 'empty list');
      await create(
        ada,
        'a-room-with-quite-a-long-name-that-does-not-fit',
        'And a topic that is long as well, of course',
      );
      await join(grace, 'a-room-with-quite-a-long-name-that-does-not-fit');
      assert.equal(await overflows(ada), false, 'empty room');
      await tell(ada, `${'long'.repeat(60)} https://example.org/${'x'.repeat(200)}`);
      await actions(ada, 'longlong');
      assert.equal(await overflows(ada), false, 'room');
      assert.equal(await ada.getByRole('heading', { name: 'Chat', exact: true }).isVisible(), false);
      await ada.getByRole('button', { name: '2 people' }).click();
      await ada.locator('[data-person=Grace]').waitFor();
      assert.equal(await overflows(ada), false, 'people');
      await ada.keyboard.press('Escape');
      await ada.getByRole('link', { name: 'All conversations' }).click();
      await ada.getByRole('heading', { name: 'Chat', exact: true }).waitFor();
      assert.equal(await field(ada).isVisible(), false);
      assert.equal(await overflows(ada), false, 'list');
      await ada.getByRole('button', { name: 'Find or create a room' }).click();
      await ada.getByRole('button', { name: /^Open #a-room/ }).waitFor();
      assert.equal(await overflows(ada), false, 'rooms');
    },
    { context: { viewport: { width: 360, height: 740 } } },
  ));

test('everything can be done with the keys alone', () =>
  two(async ({ ada, grace }) => {
    const focus = (page) => page.evaluate(() => document.activeElement?.textContent?.trim());
    await ada.getByRole('button', { name: 'Find or create a room' }).focus();
    await ada.keyboard.press('Enter');
    await ada.getByLabel('Search rooms').waitFor();
    await ada.keyboard.press('Escape');
    await ada.getByLabel('Search rooms').waitFor({ state: 'detached' });
    assert.equal(await focus(ada), 'Find or create a room', 'the focus goes back');
    await both(ada, grace);
    await tell(grace, 'first');
    await tell(grace, 'second');
    await said(ada, 'second').waitFor();

    await ada.keyboard.type('one');
    await ada.keyboard.press('Shift+Enter');
    await ada.keyboard.type('two');
    await ada.keyboard.press('Enter');
    await said(ada, /one\s+two/).waitFor();

    // From the field back into the log: its last message, and up from there.
    const button = (text) => said(ada, text).getByRole('button', { name: /what to do with it/ });
    await ada.keyboard.press('Shift+Tab');
    await button('two').and(ada.locator(':focus')).waitFor();
    await ada.keyboard.press('ArrowUp');
    await ada.keyboard.press('ArrowUp');
    await button('first').and(ada.locator(':focus')).waitFor();
    await ada.keyboard.press('Enter');
    await ada.getByRole('button', { name: 'React with 👍' }).and(ada.locator(':focus')).waitFor();
    await ada.keyboard.press('Escape');
    await button('first').and(ada.locator(':focus')).waitFor();
    await ada.keyboard.press('Enter');
    await ada.getByRole('button', { name: 'React with 👍' }).and(ada.locator(':focus')).waitFor();
    await ada.keyboard.press('Enter');
    await said(grace, 'first').getByRole('button', { name: '👍 1, Ada' }).waitFor();
  }));
