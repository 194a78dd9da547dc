// What a client does when its connection ended. Pure.
import { delay, LONGEST } from './backoff';

export const NOT_SIGNED_IN = 4401;
export const TOO_MANY = 4429;
/** It sent what the server does not take: not the protocol, not UTF-8, too large. Sending it again would end as badly. */
const OWN_FAULT = new Set([1002, 1003, 1007, 1009]);

export interface Next {
  /** Milliseconds until the next try. */
  wait: number;
  /** The credential was refused: a fresh one is needed. */
  refused: boolean;
  /** What was sent may be why it ended: it is not sent again. */
  poisoned: boolean;
}

/** After the `failures`-th failure in a row; `share` is a random number from 0 to 1. */
export function afterClose(code: number, failures: number, share: number): Next {
  const refused = code === NOT_SIGNED_IN;
  const poisoned = OWN_FAULT.has(code);
  if (refused && failures <= 1) return { wait: 0, refused, poisoned };
  if (code === TOO_MANY) return { wait: Math.round(LONGEST * (0.5 + share / 2)), refused, poisoned };
  return { wait: delay(failures, share), refused, poisoned };
}
