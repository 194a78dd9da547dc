import { afterEach, expect, test, vi } from 'vitest';

/** The module as a page loads it that stands at this address, with this left behind in the tab. */
async function loaded(search: string, provider?: string) {
  const left = new Map(provider === undefined ? [] : [['tocsin-linking', provider]]);
  vi.resetModules();
  vi.stubGlobal('location', { search });
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => left.get(key) ?? null,
    removeItem: (key: string) => left.delete(key),
  });
  const { linking } = await import('./linking');
  return { linking, left };
}

afterEach(() => vi.unstubAllGlobals());

test('whoever comes back from linking is told so once', async () => {
  const { linking, left } = await loaded('', 'house');
  expect(linking.comesBack('/')).toBe(true);
  expect(linking.comesBack('/')).toBe(false);
  expect([linking.provider, linking.failed, left.size]).toEqual(['house', undefined, 0]);
});

test('a failure is told without what was left in the tab, too', async () => {
  const { linking } = await loaded('?oauth_error=identity_taken');
  expect(linking.comesBack('/')).toBe(true);
  expect(linking.failed).toMatch(/another account/);
});

test('a page that is loaded for something else stays where it is', async () => {
  expect((await loaded('')).linking.comesBack('/')).toBe(false);
  const { linking } = await loaded('', 'house');
  expect(linking.comesBack('/keys')).toBe(false);
  expect(linking.comesBack('/')).toBe(false);
});

test('a browser that keeps nothing shows the page all the same', async () => {
  vi.resetModules();
  vi.stubGlobal('location', { search: '' });
  const refuse = (): never => {
    throw new Error('SecurityError');
  };
  vi.stubGlobal('sessionStorage', { getItem: refuse, removeItem: refuse });
  const { linking } = await import('./linking');
  expect(linking.comesBack('/')).toBe(false);
});
