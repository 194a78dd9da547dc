// The names the pages use for what the API describes.
import type { Export } from './exports';
import type { components } from './schema';

type Schemas = components['schemas'];

export type User = Schemas['User'];
export type Rule = Schemas['Rule'];
export type NewRule = Schemas['NewRule'];
export type Preview = Schemas['Preview'];
export type OnItsWay = Schemas['OnItsWay'];
export type Session = Schemas['Session'];
export type Incident = Schemas['Incident'];
export type Series = Schemas['Series'];
export type Document = Schemas['Document'];
export type Silence = Schemas['Silence'];
export type NewSilence = Schemas['NewSilence'];
export type AlertChoice = Schemas['AlertChoice'];
export type Weekly = Schemas['Weekly'];
export type Notification = Schemas['Notification'];
export type Room = Schemas['Room'];
export type Somebody = Schemas['Somebody'];
export type Provider = Schemas['Provider'];
export type ApiKey = Schemas['ApiKey'];
export type ShownApiKey = Schemas['ShownApiKey'];
export type MailSummary = Schemas['MailSummary'];
export type MailBody = Schemas['MailBody'];

/** A rule as `/ws/alerts` shows it. */
export interface RuleStatus {
  rule_id: string;
  name: string;
  /** Nothing, where there is nothing to measure; of a rule with groups, that of the furthest. */
  value: number | null;
  /** Which group that is. */
  group: string | null;
  threshold: number;
  comparison: string;
  window_seconds: number;
  state: 'ok' | 'pending' | 'firing';
  since: string;
}

/** What `/ws/alerts` sends. */
export type ServerFrame =
  | { type: 'snapshot'; seq: number; rules: RuleStatus[]; incidents: Incident[] }
  | {
      type: 'metric';
      rule_id: string;
      value: number | null;
      group: string | null;
      threshold: number;
      at: string;
    }
  | { type: 'rule'; rule: RuleStatus }
  | { type: 'rule_removed'; rule_id: string }
  | { type: 'alert'; seq: number; incident: Incident }
  | { type: 'export'; export: Export }
  | { type: 'pong' }
  | { type: 'error'; error: { code: string; detail: string } };

/** RFC 9457. */
export interface Problem {
  status: number;
  code: string;
  title: string;
  detail: string;
  errors?: { path: string; message: string }[];
}
