// Chat in browsers whose network goes and comes, and beside every other kind of client.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { two, connected, field, log, said, inList, create, join, say, tell, texts, both } from './chat.mjs';
import { account as newcomer, ways } from './chatters.mjs';

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
