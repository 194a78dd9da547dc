// What a chat server adds to a text before it tells everybody: the same fields that Tocsin adds.
import { randomUUID } from "node:crypto";

let seq = 0;

/** The event for everybody, and the answer for the sender, as objects. */
export function say(request, user) {
  seq += 1;
  const at = new Date().toISOString();
  const message = { id: randomUUID(), user, text: request.text, at, client_id: request.client_id };
  return {
    event: { room: request.room, seq, message },
    answer: { ok: true, message_id: message.id, seq, at },
  };
}

/** Somebody who is as long as the people of Tocsin. */
export function somebody(number) {
  return { id: randomUUID(), name: `Member ${number}` };
}
