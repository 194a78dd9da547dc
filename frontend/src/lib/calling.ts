// When somebody at the screen is called, by a sound or a notification of the desktop. Pure.
import type { Incident } from './api/types';
import { called } from './alerts';
import { measured } from './rule-words';

type Known = Pick<Incident, 'silenced' | 'state'>;

/**
 * Whether a change that came live calls people: something began to fire, or its silence ended while it did. What was
 * there when the page was opened does not come as a change, and what somebody is on needs nobody else.
 */
export function calls(known: Known | undefined, incident: Incident): boolean {
  if (incident.state !== 'firing' || incident.silenced || incident.acknowledged_by) return false;
  return !known || known.silenced;
}

/** What it says. */
export const words = (incident: Incident): { title: string; body: string } => ({
  title: `▲ ${called(incident)} is firing`,
  body: `${measured(incident.value)}, the line is ${measured(incident.threshold)}.`,
});
