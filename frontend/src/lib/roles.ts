// Who may do what to whose account. The server decides; the pages only leave out what it would refuse.
import type { Role, UserRow } from './api/accounts';
import type { User } from './api/types';

export const ROLES: readonly Role[] = ['owner', 'admin', 'member'];

/** What a role may, in words. */
export const ROLE_WORDS: Record<Role, string> = {
  owner: 'Owner: may do everything',
  admin: 'Admin: also looks after members',
  member: 'Member: sees the alerts',
};

type Me = Pick<User, 'id' | 'role'>;

export const administers = (me: Pick<User, 'role'> | null | undefined): boolean =>
  me?.role === 'owner' || me?.role === 'admin';

/** Whether one may change an account: one's own is changed elsewhere, and admins look after members alone. */
export const mayManage = (me: Me, user: Pick<UserRow, 'id' | 'role'>): boolean =>
  me.id !== user.id && (me.role === 'owner' || (me.role === 'admin' && user.role === 'member'));

/** The roles one may give to a new account. */
export const invitable = (me: Pick<User, 'role'>): Role[] =>
  me.role === 'owner' ? ['member', 'admin'] : ['member'];

/** Whether somebody loses rights by this, and is signed out for it. */
export const isDemotion = (from: Role, to: Role): boolean => ROLES.indexOf(to) > ROLES.indexOf(from);
