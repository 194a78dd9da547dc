import { expect, test } from 'vitest';
import { LONGEST, SPREAD } from './backoff';
import { afterClose } from './closing';

test.each<[code: number, failures: number, wait: number, refused: boolean, poisoned: boolean]>([
  [1001, 1, SPREAD / 2, false, false],
  [1006, 2, SPREAD * 1.5, false, false],
  [4408, 1, SPREAD / 2, false, false],
  [4401, 1, 0, true, false],
  [4401, 2, SPREAD * 1.5, true, false],
  [4429, 1, LONGEST * 0.75, false, false],
  [1009, 1, SPREAD / 2, false, true],
  [1007, 3, SPREAD * 3, false, true],
  [1006, 99, LONGEST * 0.75, false, false],
])('after %i, the %i. time', (code, failures, wait, refused, poisoned) => {
  expect(afterClose(code, failures, 0.5)).toEqual({ wait, refused, poisoned });
});
