import { describe, expect, it } from 'vitest';
import type { Incident, Notification } from './api/types';
import { around, documentsOf, fate, incidentOf, newer, recipient, story } from './incidents';

const START = Date.parse('2026-11-24T08:00:00Z');
const at = (seconds: number): string => new Date(START + seconds * 1000).toISOString();

function message(transition: string, more: Partial<Notification> = {}): Notification {
  return { id: transition, channel: 'email', to: 'a@b.c', transition, state: 'sent', attempts: 1, ...more };
}

const incident: Incident = {
  id: 'i',
  rule_id: 'r',
  rule_name: 'errors',
  state: 'firing',
  value: 51,
  peak: 60,
  threshold: 50,
  started_at: at(0),
  silenced: false,
  seq: 3,
  notifications: [message('firing')],
};
const over: Incident = { ...incident, state: 'resolved', resolved_at: at(600) };

describe('the page of an incident', () => {
  it('has an address', () => {
    expect(incidentOf('/incidents/01a2-b')).toBe('01a2-b');
    for (const path of ['/incidents', '/incidents/', '/incidents/a/b', '/incident/a'])
      expect(incidentOf(path)).toBeUndefined();
  });

  it('shows what is newer', () => {
    const later = { ...incident, seq: 4 };
    expect(newer(incident, later)).toBe(later);
    expect(newer(later, incident)).toBe(later);
    expect(newer(incident, { ...incident, value: 55 })?.value).toBe(55);
    expect(newer(undefined, later)).toBe(later);
    expect(newer(later, undefined)).toBe(later);
    expect(newer(undefined, undefined)).toBeUndefined();
  });

  it('shows a window before it, and one after it', () => {
    expect(around(over, 300, START + 86_400_000)).toEqual({
      from: START - 300_000,
      to: START + 900_000,
      step_seconds: 2,
      cut: false,
    });
    // The future is not known.
    expect(around(over, 300, START + 700_000).to).toBe(START + 700_000);
    expect(around(incident, 60, START + 30_000)).toMatchObject({ from: START - 60_000, to: START + 30_000 });
    // An hour before an incident of a minute would leave nothing of it to see.
    expect(around(incident, 3600, START + 60_000).from).toBe(START - 300_000);
    // The clock of the reader may be late.
    expect(around(incident, 60, START - 5000).to).toBe(START);
  });

  it('shows at most what one series may have', () => {
    const long = around(incident, 60, START + 5 * 86_400_000);
    expect(long.to - long.from).toBe(86_400_000);
    expect(long.cut).toBe(true);
    expect(86_400 / long.step_seconds).toBeLessThan(2000);
  });

  it('is about the documents of the window, up to the last', () => {
    expect(documentsOf(over, 60, 0)).toEqual({ from: at(-60), to: at(600.001) });
    expect(documentsOf(incident, 3600, START + 1000)).toEqual({ from: at(-3600), to: at(1) });
  });
});

describe('what happened', () => {
  const keys = (one: Incident): string[] => story(one).map(({ key }) => key);

  it('is told in order', () => {
    const notifications = ['resolved', 'firing', 'reminder', 'reminder'].map((one) => message(one));
    const full = { ...over, acknowledged_by: 'Ada', notifications };
    expect(keys(full)).toEqual(['began', 'reminder', 'acknowledged', 'resolved']);
    expect(story(full).map(({ messages }) => messages.length)).toEqual([1, 2, 0, 1]);
    expect(story(full)[3]?.at).toBe(over.resolved_at);
    expect(keys(incident)).toEqual(['began']);
  });

  it('says why nobody was told', () => {
    const silent = { ...incident, silenced: true, notifications: [] };
    expect(story(silent)[1]?.text).toBe('People are told at the end of the silence if it still fires.');
    expect(story(silent)[0]?.text).toBeUndefined();
    expect(story({ ...silent, state: 'resolved' })[1]?.text).toMatch(/nobody was told/);
    expect(story({ ...incident, notifications: [] })[0]?.text).toMatch(/nobody to tell/);
  });

  it.each([
    [{ channel: 'email', to: 'a@b.c' }, 'Mail to a@b.c'],
    [{ channel: 'room', to: 'incidents' }, '#incidents in the chat'],
    [{ channel: 'webhook', to: 'https://x.org/…' }, 'Webhook https://x.org/…'],
  ])('names the recipient: %#', (one, words) => expect(recipient(one)).toBe(words));

  it.each([
    ['sent', 1, 'sent'],
    ['sent', 3, 'sent at the 3rd try'],
    ['sent', 12, 'sent at the 12th try'],
    ['pending', 0, 'on its way'],
    ['pending', 2, 'waiting for its next try, after 2 tries'],
    ['dead', 1, 'given up after 1 try'],
  ])('says how a message went: %s, %i', (state, attempts, words) =>
    expect(fate({ state, attempts })).toBe(words),
  );
});
