/** The longest wait before a connection is tried again, in milliseconds. */
export const LONGEST = 30_000;
/** After a connection that worked, everybody comes back within this time, not all at once. */
export const SPREAD = 5_000;

/**
 * How long to wait before the next try, in milliseconds: at random within five seconds after the first failure, then
 * about twice as long with each further one. `share` is a random number from 0 to 1.
 */
export function delay(failures: number, share: number): number {
  if (failures <= 1) return Math.round(share * SPREAD);
  const ceiling = Math.min(LONGEST, SPREAD * 2 ** (failures - 1));
  return Math.round(ceiling * (0.5 + share / 2));
}
