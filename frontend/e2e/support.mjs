// A server of its own and a browser for each test: a free port, a directory that goes away, the development profile.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';

const BIN = process.env.TOCSIN_BIN;
if (!BIN) throw new Error('TOCSIN_BIN names no binary: run `make test-browser`');
const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const executablePath = process.env.TOCSIN_TEST_BROWSER ?? BROWSERS.find(existsSync);
if (!executablePath)
  throw new Error('there is no Chromium: run `make test-setup`, or set TOCSIN_TEST_BROWSER');

/** Some of this is for machines without a way out, where a browser's own calls home only fail. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
];

export const PASSWORD = 'correct horse battery staple';
export const DEADLINE = 20_000;

/** A server that runs until `stop`. */
export class Server {
  constructor(dir, sets = []) {
    this.dir = dir;
    this.sets = sets;
    this.port = 0;
    this.wentAway = false;
  }

  /** With these settings beside its own. */
  static async start(sets) {
    const server = new Server(await mkdtemp(join(tmpdir(), 'tocsin-e2e-')), sets);
    await server.run();
    return server;
  }

  /** Starts it, again on the same port. */
  async run() {
    const sets = [
      `server.bind=127.0.0.1:${this.port}`,
      'auth.scrypt_log_n=10',
      'log.level=info',
      ...this.sets,
    ];
    this.process = spawn(BIN, [...this.common(), ...sets.flatMap((set) => ['--set', set]), 'serve'], {
      cwd: this.dir,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.ended = new Promise((resolve) => this.process.once('exit', resolve));
    this.url = await new Promise((resolve, reject) => {
      this.ended.then((code) => reject(new Error(`the server ended with ${code}`)));
      createInterface({ input: this.process.stdout }).on('line', (line) => {
        const address = /listening on (http:\/\/[0-9.]+:([0-9]+))/.exec(line);
        if (!address) return;
        this.port = Number(address[2]);
        resolve(address[1]);
      });
    });
  }

  common() {
    return ['--profile', 'development', '--set', `data_dir=${join(this.dir, 'data')}`];
  }

  /** Posts lines or NDJSON as documents of a type, as an operator on the server's machine does. */
  async send(lines, type = 'error') {
    const send = spawn(BIN, [...this.common(), 'send', '--type', type, '--url', this.url], {
      cwd: this.dir,
      stdio: ['pipe', 'inherit', 'pipe'],
    });
    let said = '';
    send.stderr.on('data', (part) => (said += part));
    send.stdin.end(`${lines.join('\n')}\n`);
    const code = await new Promise((resolve) => send.once('close', resolve));
    if (code !== 0) throw new Error(`tocsin send ended with ${code}: ${said}`);
  }

  errors(count, fields = {}) {
    return this.send(
      Array.from({ length: count }, (_, n) => JSON.stringify({ message: `payment ${n} failed`, ...fields })),
    );
  }

  orders(...orders) {
    return this.send(
      orders.map((order) => JSON.stringify(order)),
      'order',
    );
  }

  async kill(signal = 'SIGTERM') {
    this.wentAway = true;
    this.process.kill(signal);
    await this.ended;
  }

  async stop() {
    await this.kill('SIGKILL');
    await rm(this.dir, { recursive: true, force: true });
  }
}

/**
 * Runs a test with a server and a browser, and says so when the page reported an error or asked a foreign host, but for
 * those in `hosts`.
 */
export async function inBrowser(context, test, { sets = [], hosts = [] } = {}) {
  const server = await Server.start(sets);
  const browser = await chromium.launch({ executablePath, args: FLAGS });
  try {
    const session = await browser.newContext({
      viewport: { width: 1280, height: 900 },
      locale: 'en-GB',
      ...context,
    });
    session.setDefaultTimeout(DEADLINE);
    const bad = [];
    session.on('page', (page) => {
      page.on('pageerror', (error) => bad.push(error.message));
      page.on('console', (message) => {
        if (message.type() !== 'error') return;
        // The browser itself writes a line for every answer of 400 and more; the pages show those to the reader. So it
        // does for a socket that was opened just as the server went away.
        const own = message.text().startsWith('Failed to load resource');
        const lost = server.wentAway && /^WebSocket connection to \S+ failed/.test(message.text());
        if (!own && !lost) bad.push(message.text());
      });
      page.on('request', (request) => {
        const { protocol, host } = new URL(request.url());
        if (protocol.startsWith('http') && ![new URL(server.url).host, ...hosts].includes(host))
          bad.push(`asked ${request.url()}`);
      });
    });
    await test({ server, session, page: await session.newPage() });
    if (bad.length > 0) throw new Error(`the page reported: ${bad.join('; ')}`);
  } finally {
    await browser.close();
    await server.stop();
  }
}

/** Creates the first account through the page; leaves it on the live dashboard. */
export async function signUp(page, server, email = 'ada@example.org') {
  await page.goto(server.url);
  await page.getByRole('button', { name: 'Create an account' }).click();
  await page.getByLabel('Name').fill('Ada');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Create the account' }).click();
  await isLive(page);
}

/** Signs in by the page that is open. */
export async function signIn(page, email = 'ada@example.org', password = PASSWORD) {
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

/** Another browser, signed in as somebody; leaves it on the live dashboard. */
export async function elsewhere(session, server, email, password) {
  const context = await session.browser().newContext({ locale: 'en-GB' });
  context.setDefaultTimeout(DEADLINE);
  const page = await context.newPage();
  await page.goto(server.url);
  await signIn(page, email, password);
  await isLive(page);
  return page;
}

/** The link of a mail to somebody that leads to a page such as `join`; the first there is. */
export async function mailed(server, page, { to = '', path = '' } = {}) {
  const dir = join(server.dir, 'data', 'mail');
  for (const end = Date.now() + DEADLINE; Date.now() < end; await page.waitForTimeout(20)) {
    for (const name of (await readdir(dir)).filter((name) => name.endsWith('.eml'))) {
      const text = (await readFile(join(dir, name), 'utf8')).replace(/=\r?\n/g, '').replace(/=3D/g, '=');
      const link = /^http\S+#token=\S+/m.exec(text);
      if (link && link[0].includes(`/${path}`) && text.includes(to)) return link[0];
    }
  }
  throw new Error('no such mail with a link was written');
}

export const isLive = (page) => page.locator('[data-connection=live]').waitFor();

/** Tells whether anything is wider than the window. */
export const overflows = (page) =>
  page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);

export const link = (page, name) => page.getByRole('link', { name, exact: true });
export const button = (page, name) => page.getByRole('button', { name, exact: true });
export const said = (page, text) => page.getByRole('status').filter({ hasText: text }).waitFor();

/** Fields of a form by their labels: `{ 'Name of the rule': 'many' }`. */
export async function fill(page, fields) {
  for (const [label, value] of Object.entries(fields))
    await page.getByLabel(label, { exact: true }).fill(value);
}

/** Makes an account as a service would, without the page. */
export async function member(server, name) {
  const email = `${name.toLowerCase()}@example.org`;
  const body = JSON.stringify({ email, name, password: PASSWORD });
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${server.url}/api/v1/auth/register`, { method: 'POST', headers, body });
  assert.equal(answer.status, 201);
  return email;
}

/** What is said to be wrong with a field, once something is. */
export async function wrong(page, label) {
  const field = page.getByLabel(label, { exact: true }).and(page.locator('[aria-invalid=true]'));
  const ids = (await field.getAttribute('aria-describedby')).split(' ');
  return page.locator(`[id="${ids.at(-1)}"]`).textContent();
}

/** The API as an account that there is, without the page: what it answers, or an error. */
export async function apiOf(server, email = 'ada@example.org') {
  const send = async (method, path, body, headers = {}) => {
    const answer = await fetch(`${server.url}/api/v1${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.status === 204 ? undefined : answer.json();
  };
  const session = await send('POST', '/auth/login', { email, password: PASSWORD });
  const authorization = `Bearer ${session.access_token}`;
  return (method, path, body) => send(method, path, body, { authorization });
}
