// What tests of the page of chat do alike.
import { elsewhere, inBrowser, member, signUp } from './support.mjs';

/** A test with Ada and Grace, both in the chat. */
export const two = (run, { context = {}, sets } = {}) =>
  inBrowser(
    context,
    async ({ server, session, page }) => {
      await signUp(page, server);
      const email = await member(server, 'Grace');
      const grace = await elsewhere(session, server, email);
      for (const one of [page, grace]) await openChat(one);
      await run({ server, session, ada: page, grace });
    },
    { sets },
  );

export async function openChat(page) {
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: /^Chat/ }).click();
  await connected(page);
}

export const connected = (page) => page.locator('[data-chat=open]').waitFor();
export const field = (page) => page.getByRole('combobox', { name: 'Message' });
export const log = (page) => page.getByRole('log');
export const messages = (page) => page.locator('[data-message]');
export const said = (page, text) => messages(page).filter({ hasText: text });
export const inList = (page, room) => page.locator(`[data-room="${room}"]`);

export async function create(page, room, topic = '') {
  await page.getByRole('button', { name: 'Find or create a room' }).click();
  await page.getByRole('button', { name: 'Create a room', exact: true }).click();
  await page.getByLabel('Name').fill(room);
  if (topic) await page.getByLabel('Topic').fill(topic);
  await page.getByRole('button', { name: 'Create the room' }).click();
  await field(page).waitFor();
}

export async function join(page, room) {
  await page.getByRole('button', { name: 'Find or create a room' }).click();
  await page.getByLabel('Search rooms').fill(room);
  await page.getByRole('button', { name: `Join #${room}` }).click();
  await field(page).waitFor();
}

export async function say(page, text) {
  await field(page).fill(text);
  await field(page).press('Enter');
}

/** Says it, and waits until the server has it. */
export async function tell(page, text) {
  await say(page, text);
  await said(page, text).last().waitFor();
}

/** What stands in the log, each message's text, when there are so many. */
export async function texts(page, count) {
  await messages(page)
    .nth(count - 1)
    .waitFor();
  return page.locator('[data-message] > p:not(.small)').allTextContents();
}

export async function both(ada, grace, room = 'kitchen') {
  await create(ada, room);
  await join(grace, room);
}

/** Opens what can be done with a message. */
export async function actions(page, text) {
  const message = said(page, text);
  await message.hover();
  await message.getByRole('button', { name: /what to do with it/ }).click();
  return message;
}
