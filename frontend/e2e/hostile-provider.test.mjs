// A provider that lies (oauth2-mock-server): whatever it says, nobody is signed in, and the page says so in words.
import assert from 'node:assert/strict';
import { createHmac, createPublicKey } from 'node:crypto';
import { test } from 'node:test';
import { OAuth2Server } from 'oauth2-mock-server';
import { inBrowser, isLive } from './support.mjs';

const base64 = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const payloadOf = (token) => token.split('.')[1];

/** The ID token with another header and another signature. */
const resigned = (token, header, sign = () => '') => {
  const text = `${base64(header)}.${payloadOf(token)}`;
  return `${text}.${sign(text)}`;
};

/** What it does, each to a sign-in of its own: to the claims before they are signed, or to the ID token afterwards. */
const LIES = {
  'another nonce': { claims: (claims) => (claims.nonce = 'of another browser') },
  'no nonce': { claims: (claims) => delete claims.nonce },
  'another issuer': { claims: (claims) => (claims.iss = 'https://evil.example.org') },
  'another audience': { claims: (claims) => (claims.aud = 'another client') },
  'a token of yesterday': { claims: (claims) => (claims.exp = claims.iat - 86_400) },
  'an expiry that is no number': { claims: (claims) => (claims.exp = String(claims.exp)) },
  'no subject': { claims: (claims) => delete claims.sub },
  'no signature': { token: (token) => token.slice(0, token.lastIndexOf('.') + 1) },
  'another signature': {
    token: (token) => token.replace(/[^.]+$/, (mac) => mac.split('').reverse().join('')),
  },
  'other claims under the same signature': {
    token: (token) => {
      const [header, payload, signature] = token.split('.');
      const claims = JSON.parse(Buffer.from(payload, 'base64url'));
      return [header, base64({ ...claims, email: 'owner@example.org' }), signature].join('.');
    },
  },
  'the algorithm none': { token: (token, key) => resigned(token, { alg: 'none', kid: key.kid }) },
  'its public key as a secret': {
    token: (token, key) => {
      const pem = createPublicKey({ key, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
      const sign = (text) => createHmac('sha256', pem).update(text).digest('base64url');
      return resigned(token, { alg: 'HS256', kid: key.kid }, sign);
    },
  },
  'no ID token at all': { token: () => undefined },
};

/** What it does to the way back. */
const DETOURS = {
  'another state': (url) => url.searchParams.set('state', 'A'.repeat(43)),
  'no state': (url) => url.searchParams.delete('state'),
};

/** A provider with one key, and the setting of the server for it. */
async function liar() {
  const provider = new OAuth2Server();
  await provider.issuer.keys.generate('RS256');
  await provider.start(0, '127.0.0.1');
  const url = `http://127.0.0.1:${provider.address().port}`;
  provider.issuer.url = url;
  const entry = `{ id = "house", kind = "oidc", name = "Our house", issuer = "${url}", client_id = "tocsin", client_secret = "s" }`;
  return { provider, host: new URL(url).host, set: `oauth.providers=[${entry}]` };
}

test('whatever a provider makes up, nobody is signed in', async () => {
  const { provider, host, set } = await liar();
  const { service } = provider;
  let lie = {};
  let detour = () => {};
  service.on('beforeTokenSigning', ({ payload }) => {
    Object.assign(payload, { name: 'Grace', email: 'grace@example.org', email_verified: true });
    lie.claims?.(payload);
  });
  service.on('beforeResponse', ({ body }) => {
    if (lie.token) body.id_token = lie.token(body.id_token, provider.issuer.keys.toJSON()[0]);
  });
  service.on('beforeAuthorizeRedirect', ({ url }) => detour(url));
  const run = async ({ server, session, page }) => {
    const tries = async (what, sentence) => {
      await page.goto(server.url);
      await page.getByRole('link', { name: 'Continue with Our house' }).click();
      await page.getByText(sentence).waitFor();
      const kept = (await session.cookies()).map(({ name }) => name);
      assert.deepEqual(kept, [], what);
    };
    for (const [what, made] of Object.entries(LIES)) {
      lie = made;
      await tries(what, 'The provider’s answer could not be accepted.');
    }
    lie = {};
    for (const [what, other] of Object.entries(DETOURS)) {
      detour = other;
      await tries(what, 'This sign-in took too long, or was begun in another window.');
    }
    detour = () => {};
    // The same provider, telling the truth: it was the lies that were refused. The first account owns the server, so
    // none was made before.
    await page.goto(server.url);
    await page.getByRole('link', { name: 'Continue with Our house' }).click();
    await isLive(page);
    await page.getByRole('link', { name: 'Administration' }).waitFor();
  };
  await inBrowser({}, run, { sets: [set], hosts: [host] }).finally(() => provider.stop());
});
