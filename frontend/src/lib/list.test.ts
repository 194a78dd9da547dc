import { afterEach, expect, test, vi } from 'vitest';
import { List } from './list.svelte';

interface Thing {
  id: string;
}

/** Answers each request when its turn is called. */
function server() {
  const waiting: { url: string; answer: (status: number, body: object) => void }[] = [];
  vi.stubGlobal(
    'fetch',
    (url: string) =>
      new Promise<Response>((resolve) => {
        waiting.push({ url, answer: (status, body) => resolve(Response.json(body, { status })) });
      }),
  );
  return waiting;
}

const page = (ids: string, next_cursor: string | null = null) => ({
  items: [...ids].map((id) => ({ id })),
  next_cursor,
});
const ids = (list: List<Thing>) => list.items?.map(({ id }) => id).join('');

afterEach(() => vi.unstubAllGlobals());

test('pages follow one another until the last', async () => {
  const asked = server();
  const list = new List<Thing>();
  const first = list.load('/things?limit=2');
  asked[0]?.answer(200, page('ab', 'c&d'));
  expect([await first, ids(list), list.more]).toEqual([true, 'ab', true]);
  const second = list.next();
  expect(asked[1]?.url).toBe('/things?limit=2&cursor=c%26d');
  asked[1]?.answer(200, page('c'));
  expect([await second, ids(list), list.more]).toEqual([true, 'abc', false]);
});

test('what was asked for later counts, whichever answers first', async () => {
  const asked = server();
  const list = new List<Thing>();
  const both = [list.load('/things?q=a'), list.load('/things?q=ab')];
  asked[1]?.answer(200, page('n'));
  await both[1];
  asked[0]?.answer(200, page('o', 'more'));
  await both[0];
  expect([ids(list), list.more]).toEqual(['n', false]);
});

test('what was refused leaves the list as it is', async () => {
  const asked = server();
  const list = new List<Thing>();
  const first = list.load('/things?');
  asked[0]?.answer(200, page('ab'));
  await first;
  list.replace({ id: 'b' });
  list.remove('a');
  const again = list.load('/things?');
  asked[1]?.answer(403, { status: 403, code: 'forbidden', title: 'Forbidden', detail: 'No.' });
  expect([await again, ids(list), list.form.problem?.code]).toEqual([false, 'b', 'forbidden']);
});
