// Chat in two browsers.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  two,
  field,
  log,
  messages,
  said,
  inList,
  create,
  join,
  say,
  tell,
  texts,
  both,
  actions,
} from './chat.mjs';

test('a room is made and found, and both see the same in the same order', () =>
  two(async ({ ada, grace }) => {
    await create(ada, 'kitchen', 'Tea and coffee');
    assert.match(ada.url(), /\/chat\/kitchen$/);
    await ada.getByText('Tea and coffee').waitFor();
    await ada.getByText('Nothing was said here yet.').waitFor();
    await tell(ada, 'Is anybody here?');
    await join(grace, 'kitchen');
    await said(grace, 'Is anybody here?').waitFor();
    await ada.locator('[data-notice]', { hasText: 'Grace joined' }).waitFor();

    for (let n = 0; n < 5; n += 1) await Promise.all([say(ada, `ada ${n}`), say(grace, `grace ${n}`)]);
    const seen = await texts(ada, 11);
    assert.deepEqual(await texts(grace, 11), seen);
    for (const who of ['ada', 'grace'])
      assert.deepEqual(
        seen.filter((text) => text.startsWith(who)),
        [0, 1, 2, 3, 4].map((n) => `${who} ${n}`),
      );

    await field(grace).pressSequentially('hm');
    await ada.getByText('Grace is typing…').waitFor();
    await field(grace).fill('');
    await ada.getByText('Grace is typing…').waitFor({ state: 'detached' });

    await grace.getByLabel('More about this conversation').click();
    await grace.getByRole('button', { name: 'Leave #kitchen' }).click();
    await grace.getByRole('button', { name: 'Yes, leave' }).click();
    await ada.locator('[data-notice]', { hasText: 'Grace left' }).waitFor();
    await inList(grace, 'kitchen').waitFor({ state: 'detached' });
  }));

test('the topic changes for everybody, and a link leads to a room that one can join', () =>
  two(async ({ server, ada, grace }) => {
    await create(ada, 'kitchen');
    await grace.goto(`${server.url}/chat/kitchen`);
    await grace.getByRole('button', { name: 'Join the room' }).click();
    await ada.locator('[data-notice]', { hasText: 'Grace joined' }).waitFor();
    await grace.getByLabel('More about this conversation').click();
    await grace.getByRole('button', { name: 'Change the topic' }).click();
    await grace.getByLabel('Topic').fill('Cakes');
    await grace.getByRole('button', { name: 'Save' }).click();
    await ada.locator('[data-notice]', { hasText: 'Grace changed the topic: Cakes' }).waitFor();
    await grace.goto(`${server.url}/chat/no-such-room`);
    await grace.getByText('There is no such room').waitFor();
  }));

test('a direct conversation: who is there, what is unread, and what was seen', () =>
  two(async ({ ada, grace }) => {
    await ada.getByRole('button', { name: 'Write to somebody' }).click();
    await ada.getByLabel('Search people').fill('gra');
    await ada.getByRole('button', { name: 'Write to Grace' }).click();
    await tell(ada, 'Hello Grace');
    await ada.locator('[data-state=sent]', { hasText: 'Sent' }).waitFor();
    await say(ada, 'Are you there?');
    await grace.locator('[data-unread="2"]').waitFor();
    const link = grace.getByRole('link', { name: /^Ada/ });
    await link.locator('[data-online=true]').waitFor();
    await link.click();
    await grace.locator('[data-divider]').waitFor();
    assert.deepEqual(await texts(grace, 2), ['Hello Grace', 'Are you there?']);
    await grace.locator('[data-unread]').waitFor({ state: 'detached' });
    await ada.getByText('Seen by Grace').waitFor();
    await tell(grace, 'I am');
    await said(ada, 'I am').waitFor();

    await grace.goto('about:blank');
    await ada
      .getByRole('link', { name: /^Grace/ })
      .locator('[data-online=false]')
      .waitFor();
  }));

test('a reload keeps what was said; the earlier comes as one scrolls there', () =>
  two(
    async ({ ada, grace }) => {
      await both(ada, grace);
      for (let n = 1; n <= 70; n += 1) await say(ada, `message ${n}.`);
      await said(grace, 'message 70.').waitFor();
      await grace.reload();
      await said(grace, 'message 70.').waitFor();
      assert.equal(await said(grace, 'message 20.').count(), 0);
      await log(grace).evaluate((box) => (box.scrollTop = 0));
      await said(grace, 'message 20.').waitFor();
      const numbers = (await texts(grace, 70)).map((text) => Number.parseInt(text.slice(8), 10));
      assert.deepEqual(
        numbers,
        Array.from({ length: 70 }, (_, n) => n + 1),
      );
      // What was at the top is still on the screen.
      assert.ok(await said(grace, 'message 21.').isVisible());
      assert.ok(await log(grace).evaluate((box) => box.scrollTop > 0));

      await tell(ada, 'much later');
      await grace.getByRole('button', { name: 'Latest messages, 1 new' }).click();
      await said(grace, 'much later').waitFor();
      await grace.locator('[data-divider]').waitFor();
      await grace.getByRole('button', { name: 'Latest messages' }).waitFor({ state: 'detached' });
    },
    { sets: ['limits.messages_per_second=1000'] },
  ));

test('one changes, deletes and reacts', () =>
  two(async ({ ada, grace }) => {
    await both(ada, grace);
    await tell(ada, 'Tee?');
    await field(ada).press('ArrowUp');
    await ada.getByLabel('Change your message').fill('Tea?');
    await ada.getByLabel('Change your message').press('Enter');
    await said(grace, 'Tea?').getByText('edited').waitFor();
    await ada.waitForFunction(() => document.activeElement?.getAttribute('aria-label') === 'Message');

    const message = await actions(grace, 'Tea?');
    assert.equal(await message.getByRole('button', { name: 'Delete' }).count(), 0, 'not hers');
    await message.getByRole('button', { name: 'React with 🎉' }).click();
    const reaction = said(ada, 'Tea?').getByRole('button', { name: '🎉 1, Grace' });
    await reaction.click();
    await said(grace, 'Tea?').getByRole('button', { name: '🎉 2, Grace and Ada' }).click();
    await said(ada, 'Tea?').getByRole('button', { name: '🎉 1, Ada' }).waitFor();

    const own = await actions(ada, 'Tea?');
    await own.getByRole('button', { name: 'Delete' }).click();
    await own.getByRole('button', { name: 'Yes, delete it' }).click();
    await said(grace, 'This message was deleted.').waitFor();
    assert.equal(await said(grace, 'Tea?').count(), 0);
    await grace.reload();
    await said(grace, 'This message was deleted.').waitFor();
  }));

test('who is named is told, also on the desktop once she asked for it', () =>
  two(async ({ ada, grace }) => {
    await grace.addInitScript(() => {
      window.shown = [];
      window.Notification = class {
        static permission = 'default';
        static requestPermission() {
          window.asked = true;
          this.permission = 'granted';
          return Promise.resolve('granted');
        }
        constructor(title, { body }) {
          window.shown.push(`${title} | ${body}`);
        }
        close() {}
      };
    });
    await create(ada, 'kitchen');
    await join(grace, 'kitchen');
    await grace.reload();
    await field(grace).waitFor();
    assert.equal(await grace.evaluate(() => window.asked), undefined, 'nobody is asked on their own');
    await grace.getByRole('button', { name: 'Notify me on this device' }).click();
    await grace.getByText('You are notified when').waitFor();
    await grace.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Dashboard' }).click();

    await tell(ada, 'nobody in particular');
    await field(ada).pressSequentially('Dear @gr');
    await ada.getByRole('option', { name: 'Grace' }).waitFor();
    await field(ada).press('Enter');
    assert.equal(await field(ada).inputValue(), 'Dear @Grace ');
    await field(ada).pressSequentially('your tea');
    await field(ada).press('Enter');
    await grace.waitForFunction(() => window.shown.length > 0);
    assert.deepEqual(await grace.evaluate(() => window.shown), ['#kitchen | Ada: Dear @Grace your tea']);
    await grace.getByRole('link', { name: 'Chat 2 unread' }).click();
    await inList(grace, 'kitchen').getByText('you are mentioned').waitFor({ state: 'attached' });
    await inList(grace, 'kitchen').click();
    await said(grace, 'Dear @Grace').getByText('mentions you').waitFor();
  }));
