// Writes src/lib/api/schema.d.ts from ../docs/openapi.json; with --check, fails when the committed file differs.
import { readFile, writeFile } from 'node:fs/promises';
import openapi, { astToString } from 'openapi-typescript';

const from = new URL('../../docs/openapi.json', import.meta.url);
const to = new URL('../src/lib/api/schema.d.ts', import.meta.url);
const fresh = astToString(await openapi(from));

if (!process.argv.includes('--check')) {
  await writeFile(to, fresh);
} else if ((await readFile(to, 'utf8').catch(() => '')) !== fresh) {
  console.error(
    'src/lib/api/schema.d.ts is not what docs/openapi.json says: run `npm run types` and commit it',
  );
  process.exit(1);
}
