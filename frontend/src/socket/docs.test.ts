// What docs/callbacks-to-futures.md shows is what stands in the programs.
import { expect, test } from 'vitest';
import doc from '../../../docs/callbacks-to-futures.md?raw';
import rust from '../../../examples/callback_to_future.rs?raw';
import typescript from './acknowledge.ts?raw';

const blocks = (language: string) =>
  [...doc.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].flatMap(([, of, text]) =>
    of === language && text ? [text] : [],
  );

test.each([
  ['ts', typescript, 7],
  ['rust', rust, 6],
])('the excerpts in %s', (language, program, least) => {
  const all = blocks(language);
  expect(all.length).toBeGreaterThanOrEqual(least);
  for (const block of all) expect(program).toContain(block);
});
