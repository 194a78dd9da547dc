// What one wants to be mailed about: as the API has it, and as the form holds it. Pure.
import type { AlertChoice } from './api/types';

/** In general, each choice with its words. */
export const MAILS = [
  ['as_named', 'When a rule names me', 'By my address, or as an owner or admin where I am one.'],
  ['all', 'When any rule rings', 'Also where others are named, or nobody.'],
  ['none', 'Never', 'The dashboards show everything in any case.'],
] as const;

/** Of one rule, each choice with its words. */
export const OF_ONE = [
  ['', 'as chosen above'],
  ['yes', 'mail me'],
  ['no', 'do not mail me'],
] as const;

/** What is chosen of one rule; empty for what holds in general. */
export const chosenOf = (choice: Pick<AlertChoice, 'rules'>, rule: string): string =>
  rule in choice.rules ? (choice.rules[rule] ? 'yes' : 'no') : '';

/** What is sent for that. */
export const wish = (chosen: string): boolean | null => (chosen === '' ? null : chosen === 'yes');

/** How many of these rules are chosen apart. */
export const apart = (choice: Pick<AlertChoice, 'rules'>, rules: readonly { id: string }[]): number =>
  rules.filter(({ id }) => id in choice.rules).length;
