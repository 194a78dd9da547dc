import { expect, test } from 'vitest';
import type { Role } from './api/accounts';
import { administers, invitable, isDemotion, mayManage } from './roles';

test.each<[Role, Role, boolean]>([
  ['owner', 'owner', true],
  ['owner', 'admin', true],
  ['owner', 'member', true],
  ['admin', 'owner', false],
  ['admin', 'admin', false],
  ['admin', 'member', true],
  ['member', 'member', false],
])('whether an %s may change an %s: %s', (mine, theirs, may) => {
  expect(mayManage({ id: 'me', role: mine }, { id: 'they', role: theirs })).toBe(may);
  expect(mayManage({ id: 'me', role: mine }, { id: 'me', role: theirs })).toBe(false);
});

test('owners and admins look after accounts', () => {
  const roles = ['owner', 'admin', 'member', 'toString'].map((role) => administers({ role }));
  expect(roles).toEqual([true, true, false, false]);
  expect([null, undefined].map(administers)).toEqual([false, false]);
});

test('only an owner invites an admin', () => {
  expect(invitable({ role: 'owner' })).toEqual(['member', 'admin']);
  expect(invitable({ role: 'admin' })).toEqual(['member']);
});

test('less than before is a demotion', () => {
  expect([isDemotion('owner', 'admin'), isDemotion('member', 'admin'), isDemotion('admin', 'admin')]).toEqual(
    [true, false, false],
  );
});
