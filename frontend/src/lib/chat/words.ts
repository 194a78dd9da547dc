// What went wrong, in plain language.
import { RequestError } from '../../socket/protocol';
import { Refused } from '../session.svelte';

const WORDS: Record<string, string> = {
  timeout: 'The server took too long.',
  disconnected: 'The connection was lost. Try again.',
  closed: 'You have left the chat.',
  too_large: 'This is too long.',
  room_exists: 'There is a room of this name already.',
  unknown_room: 'There is no such room, or it is not open to you.',
  unknown_message: 'This message is not there any more.',
  unknown_user: 'There is no such person.',
  not_joined: 'You are not in this room.',
  not_yours: 'Only who wrote a message can change it.',
  too_many: 'That was too fast. Wait a moment.',
  room_full: 'The room is full.',
  too_many_rooms: 'You are in as many rooms as there may be. Leave one first.',
  busy: 'The server is busy. Try again in a moment.',
  internal: 'Something went wrong on the server. Try again.',
};

/** A sentence for whoever reads it; errors of the page itself are passed on. */
export function inWords(error: unknown): string {
  if (error instanceof RequestError) return WORDS[error.code] ?? error.detail;
  if (error instanceof Refused) return WORDS[error.problem.code] ?? error.problem.detail;
  throw error;
}
