// Each entry of a room once, and in the order of its numbers. Pure: a place and what arrives give a new place and what
// may be shown.
import type { Entry, Epoch, JoinReply, Since } from './protocol';

/** So many entries wait behind a gap at most; what is dropped comes again with what closes the gap. */
export const HELD = 500;

/** How far a room has been shown, and what waits behind a gap. */
export interface Place extends Since {
  held: ReadonlyMap<number, Entry>;
}

export interface Step {
  place: Place;
  /** To be shown now, in this order. */
  show: Entry[];
  /** Something between is missing: join again with `since`. */
  gap: boolean;
}

export const at = (epoch: Epoch, seq: number): Place => ({ epoch, seq, held: new Map() });

/** An entry arrived, live or replayed. */
export function arrived(place: Place, entry: Entry): Step {
  if (entry.seq <= place.seq) return { place, show: [], gap: place.held.size > 0 };
  if (entry.seq > place.seq + 1) {
    if (place.held.size >= HELD) return { place, show: [], gap: true };
    return { place: { ...place, held: new Map(place.held).set(entry.seq, entry) }, show: [], gap: true };
  }
  return released({ ...place, seq: entry.seq }, [entry]);
}

/**
 * The answer to a join. With a place it closes the gap: what was missed is shown, then what waited. `reset` says that
 * this could not be done, so that what is known of the room is to be read afresh.
 */
export function joined(place: Place | undefined, reply: JoinReply): Step & { reset: boolean } {
  if (!place) return { place: at(reply.epoch, reply.seq), show: [], gap: false, reset: false };
  if (place.epoch !== reply.epoch || (reply.recovered !== true && reply.seq > place.seq))
    return { ...released({ ...at(reply.epoch, reply.seq), held: heldOf(place, reply) }, []), reset: true };
  const { seq } = place;
  const missed = [
    ...(reply.messages ?? []).map((one): Entry => ({ ...one, type: 'message', room: reply.room })),
    ...(reply.changes ?? []),
  ]
    .filter((entry) => entry.seq > seq && entry.seq <= reply.seq)
    .sort((a, b) => a.seq - b.seq);
  return { ...released({ ...place, seq: Math.max(seq, reply.seq) }, missed), reset: false };
}

/** Entries of another epoch count differently: none of them may wait on. */
const heldOf = (place: Place, reply: JoinReply): ReadonlyMap<number, Entry> =>
  place.epoch === reply.epoch ? place.held : new Map();

/** Lets go what waited and has its turn now; forgets what waited and was shown meanwhile. */
function released(place: Place, show: Entry[]): Step {
  const held = new Map(place.held);
  let { seq } = place;
  for (let next = held.get(seq + 1); next; next = held.get(seq + 1)) {
    show.push(next);
    seq += 1;
  }
  for (const waiting of held.keys()) if (waiting <= seq) held.delete(waiting);
  return { place: { ...place, seq, held }, show, gap: held.size > 0 };
}
