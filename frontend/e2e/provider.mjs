// A certified OpenID provider on this machine, with its own pages. Any name and password sign in there.
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

const ID = 'house';
const CLIENT = { client_id: 'tocsin', client_secret: 'a secret of the test' };

/** Everybody has this address there, and it is verified unless their name says otherwise. */
const account = (_, sub) => ({
  accountId: sub,
  claims: () => ({
    sub,
    name: sub,
    email: `${sub}@example.org`,
    email_verified: !sub.startsWith('unverified'),
  }),
});

/** A provider that listens; it answers once it is told the server that it sends people back to. */
export class OpenIdProvider {
  static async start() {
    const http = createServer();
    await new Promise((resolve) => http.listen(0, '127.0.0.1', resolve));
    return new OpenIdProvider(http);
  }

  constructor(http) {
    this.http = http;
    this.host = `127.0.0.1:${http.address().port}`;
    const entry = { id: ID, kind: 'oidc', name: 'Our house', issuer: `http://${this.host}`, ...CLIENT };
    const fields = Object.entries(entry).map(([name, value]) => `${name} = ${JSON.stringify(value)}`);
    /** The setting of the server. */
    this.set = `oauth.providers=[{ ${fields.join(', ')} }]`;
  }

  sendBackTo(server) {
    const provider = new Provider(`http://${this.host}`, {
      clients: [{ ...CLIENT, redirect_uris: [`${server.url}/api/v1/auth/oauth/${ID}/callback`] }],
      claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
      cookies: { keys: ['of no importance'] },
      findAccount: account,
      pkce: { required: () => true },
    });
    this.http.on('request', provider.callback());
  }

  stop() {
    this.http.closeAllConnections();
    this.http.close();
  }
}
