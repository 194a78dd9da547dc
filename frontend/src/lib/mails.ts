import type { Notification } from './api/types';

/** How the mails of an incident went: `2 sent, 1 waiting, 1 failed`. */
export function mails(notifications: Pick<Notification, 'state'>[]): {
  text: string;
  waiting: number;
  dead: number;
} {
  const count = (state: string): number => notifications.filter((one) => one.state === state).length;
  const [sent, waiting, dead] = [count('sent'), count('pending'), count('dead')];
  const parts = [sent && `${sent} sent`, waiting && `${waiting} waiting`, dead && `${dead} failed`];
  return { text: parts.filter(Boolean).join(', '), waiting, dead };
}
