// Two people in two browsers who talk with each other.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { account as newcomer, ways } from './chatters.mjs';
import { elsewhere, inBrowser, overflows, PASSWORD, signUp } from './support.mjs';

/** A test with Ada and Grace, both in the chat. */
const two = (run, { context = {}, sets } = {}) =>
  inBrowser(
    context,
    async ({ server, session, page }) => {
      await signUp(page, server);
      const email = await account(server, 'Grace');
      const grace = await elsewhere(session, server, email);
      for (const one of [page, grace]) await openChat(one);
      await run({ server, session, ada: page, grace });
    },
    { sets },
  );

async function account(server, name) {
  const email = `${name.toLowerCase()}@example.org`;
  const body = JSON.stringify({ email, name, password: PASSWORD });
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${server.url}/api/v1/auth/register`, { method: 'POST', headers, body });
  assert.equal(answer.status, 201);
  return email;
}

async function openChat(page) {
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: /^Chat/ }).click();
  await connected(page);
}

const connected = (page) => page.locator('[data-chat=open]').waitFor();
const field = (page) => page.getByRole('combobox', { name: 'Message' });
const log = (page) => page.getByRole('log');
const messages = (page) => page.locator('[data-message]');
const said = (page, text) => messages(page).filter({ hasText: text });
const inList = (page, room) => page.locator(`[data-room="${room}"]`);

async function create(page, room, topic = '') {
  await page.getByRole('button', { name: 'Find or create a room' }).click();
  await page.getByRole('button', { name: 'Create a room', exact: true }).click();
  await page.getByLabel('Name').fill(room);
  if (topic) await page.getByLabel('Topic').fill(topic);
  await page.getByRole('button', { name: 'Create the room' }).click();
  await field(page).waitFor();
}

async function join(page, room) {
  await page.getByRole('button', { name: 'Find or create a room' }).click();
  await page.getByLabel('Search rooms').fill(room);
  await page.getByRole('button', { name: `Join #${room}` }).click();
  await field(page).waitFor();
}

async function say(page, text) {
  await field(page).fill(text);
  await field(page).press('Enter');
}

/** Says it, and waits until the server has it. */
async function tell(page, text) {
  await say(page, text);
  await said(page, text).last().waitFor();
}

/** What stands in the log, each message's text, when there are so many. */
async function texts(page, count) {
  await messages(page)
    .nth(count - 1)
    .waitFor();
  return page.locator('[data-message] > p:not(.small)').allTextContents();
}

async function both(ada, grace, room = 'kitchen') {
  await create(ada, room);
  await join(grace, room);
}

/** Opens what can be done with a message. */
async function actions(page, text) {
  const message = said(page, text);
  await message.hover();
  await message.getByRole('button', { name: /what to do with it/ }).click();
  return message;
}

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

test('what was written without a network is sent once, and what was missed comes in order', () =>
  two(async ({ session, ada, grace }) => {
    await both(ada, grace);
    await tell(ada, 'before');
    await session.setOffline(true);
    await ada.locator('[data-chat=offline]').waitFor();
    await say(ada, 'from the tunnel');
    await ada
      .locator('[data-draft][data-state=sending]', { hasText: 'when the connection is back' })
      .waitFor();
    await tell(grace, 'one');
    await tell(grace, 'two');
    await session.setOffline(false);
    await connected(ada);
    const all = ['before', 'one', 'two', 'from the tunnel'];
    assert.deepEqual(await texts(ada, 4), all);
    assert.deepEqual(await texts(grace, 4), all);
    assert.equal(await ada.locator('[data-draft]').count(), 0);
  }));

test('the server goes and comes back: nothing is lost, nothing comes twice', () =>
  two(async ({ server, ada, grace }) => {
    await both(ada, grace);
    await tell(ada, 'before');
    await said(grace, 'before').waitFor();
    await server.kill('SIGKILL');
    for (const page of [ada, grace]) await page.locator('[data-chat=waiting]').waitFor();
    await say(ada, 'meanwhile');
    await server.run();
    for (const page of [ada, grace]) await connected(page);
    await tell(grace, 'after');
    await said(ada, 'meanwhile').waitFor();
    const seen = await texts(ada, 3);
    assert.deepEqual([...seen].sort(), ['after', 'before', 'meanwhile']);
    assert.deepEqual(await texts(grace, 3), seen);
  }));

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

test('two pages and every other kind of client see the same in one group, and talk in pairs', () =>
  two(
    async ({ server, ada, grace }) => {
      const pages = [ada, grace];
      const others = [];
      await create(ada, 'all');
      await join(grace, 'all');
      try {
        for (const [name, open] of Object.entries(ways)) {
          const other = open(server, await newcomer(server, name));
          others.push(other);
          await other.event('welcome');
          await other.done('join', { room: 'all' });
        }
        for (const page of pages) await log(page).getByText('joined').first().waitFor();
        others[0].ask('typing', { room: 'all', typing: true });
        for (const page of pages) await page.getByText(`${others[0].name} is typing`).waitFor();
        await field(ada).pressSequentially('I ty');
        for (const other of others)
          await other.event('typing', ({ typing, user }) => typing && user.name === 'Ada');
        // All at once: whoever is first, everybody sees the same.
        const EACH = 3;
        const numbers = Array.from({ length: EACH }, (_, n) => n);
        await Promise.all([
          ...pages.map(async (page, at) => {
            for (const n of numbers) await tell(page, `page ${at} ${n}`);
          }),
          ...others.map(async (other) => {
            for (const n of numbers) await other.done('send', { room: 'all', text: `${other.name} ${n}` });
          }),
        ]);
        const count = EACH * (pages.length + others.length);
        const order = await texts(ada, count);
        assert.equal(new Set(order).size, count);
        assert.deepEqual(await texts(grace, count), order);
        let author;
        for (const other of others) {
          const heard = [];
          while (heard.length < count) {
            const { message } = await other.event('message', ({ room }) => room === 'all');
            if (message.author.name === 'Ada') author = message.author;
            heard.push(message.text);
          }
          assert.deepEqual(heard, order, other.name);
        }
        for (const other of others) {
          const { room } = await other.done('direct', { user: author.id });
          await other.done('send', { room, text: `psst, ${other.name} here` });
          await inList(ada, room).click();
          await said(ada, `psst, ${other.name} here`).waitFor();
          await tell(ada, `hush, ${other.name}`);
          const { message } = await other.event('message', (event) => event.message.text.startsWith('hush'));
          assert.equal(message.text, `hush, ${other.name}`);
          assert.equal(await inList(grace, room).count(), 0);
        }
        await others.at(-1).done('leave', { room: 'all' });
        await log(grace).getByText('left').first().waitFor();
      } finally {
        for (const other of others) other.stop();
      }
    },
    { sets: ['limits.messages_per_second=1000', 'limits.messages_per_second_of_user=1000'] },
  ));
