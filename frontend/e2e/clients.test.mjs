// Every kind of client in one group and in direct rooms: all see the same messages in the same order, and each other.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { account, ways } from './chatters.mjs';
import { Server } from './support.mjs';

test('all kinds of clients share a group and talk in pairs', async () => {
  const server = await Server.start([
    'limits.messages_per_second=1000',
    'limits.messages_per_second_of_user=1000',
  ]);
  const all = [];
  try {
    for (const [name, open] of Object.entries(ways)) {
      const chatter = open(server, await account(server, name));
      all.push(chatter);
      const { user } = await chatter.event('welcome');
      assert.deepEqual(user, { id: chatter.id, name });
    }
    const [first, ...others] = all;
    await first.done('create_room', { room: 'all' });
    await first.done('join', { room: 'all' });
    for (const chatter of others) {
      await chatter.event('room_created', ({ room }) => room === 'all');
      await chatter.done('join', { room: 'all' });
      const { user } = await first.event('joined');
      assert.deepEqual(user, { id: chatter.id, name: chatter.name });
    }
    for (const chatter of all) {
      chatter.ask('typing', { room: 'all', typing: true });
      const others = all.filter((other) => other !== chatter);
      await Promise.all(
        others.map((other) => other.event('typing', (one) => one.typing && one.user.id === chatter.id)),
      );
    }
    // All at once: whoever is first, everybody sees the same.
    const EACH = 5;
    await Promise.all(
      all.map(async (chatter) => {
        for (let n = 0; n < EACH; n += 1)
          await chatter.done('send', { room: 'all', text: `${chatter.name} ${n}`, client_id: `${n}` });
      }),
    );
    const orders = [];
    for (const chatter of all) {
      const order = [];
      for (let seq = 1; seq <= all.length * EACH; seq += 1) {
        const event = await chatter.event('message', ({ room }) => room === 'all');
        assert.equal(event.seq, seq, chatter.name);
        order.push(event.message.text);
      }
      orders.push(order.join('\n'));
    }
    assert.equal(new Set(orders).size, 1);
    for (const [at, chatter] of all.entries()) {
      const peer = all[(at + 1) % all.length];
      const { room } = await chatter.done('direct', { user: peer.id });
      assert.equal((await peer.done('direct', { user: chatter.id })).room, room);
      await chatter.done('send', { room, text: 'psst' });
      const heard = await peer.event('message', (event) => event.room === room);
      assert.equal(heard.message.author.name, chatter.name);
      const third = all[(at + 2) % all.length];
      const refused = await third.ask('join', { room });
      assert.equal(refused.error.code, 'unknown_room');
    }
    const last = all.at(-1);
    await last.done('leave', { room: 'all' });
    for (const chatter of all.slice(0, -1)) {
      const { user } = await chatter.event('left', ({ room }) => room === 'all');
      assert.equal(user.id, last.id);
    }
  } finally {
    for (const chatter of all) chatter.stop();
    await server.stop();
  }
});
