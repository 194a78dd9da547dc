// A rule as the form holds it, as the API takes it, and which field an error belongs to. Pure.
import type { NewRule, Problem, Rule } from './api/types';
import {
  fromValue,
  toList,
  toMinutes,
  toNumber,
  toScalar,
  toSeconds,
  toText,
  type Parsed,
} from './rule-values';

/** Everybody who is told with `@admins`: each owner and admin. */
export const ADMINS = '@admins';
/** The most conditions of one rule. */
export const MAX_CONDITIONS = 16;

/** One condition. The value of `exists` is apart, so that choosing another comparison loses nothing. */
export interface Row {
  /** Tells rows apart on the screen. */
  key: number;
  field: string;
  op: string;
  value: string;
  exists: string;
}

/** What stands in the form: text, until it is sent. */
export interface Draft {
  name: string;
  type: string;
  where: Row[];
  measure: { kind: string; field: string };
  window_seconds: string;
  comparison: string;
  threshold: string;
  recover_at: string;
  for_seconds: string;
  keep_firing_seconds: string;
  group_by: string;
  notify: { admins: boolean; emails: string; room: string; webhook: string };
  /** Minutes, as people say it; the API counts seconds. */
  repeat: string;
  enabled: boolean;
}

let keys = 0;

/** A condition that is not filled in yet. */
export const row = (): Row => ({ key: (keys += 1), field: '', op: '=', value: '', exists: 'true' });

/** A rule that is not filled in yet. */
export const blank = (): Draft => ({
  name: '',
  type: '',
  where: [],
  measure: { kind: 'count', field: '' },
  window_seconds: '60',
  comparison: '>',
  threshold: '',
  recover_at: '',
  for_seconds: '0',
  keep_firing_seconds: '0',
  group_by: '',
  notify: { admins: true, emails: '', room: '', webhook: '' },
  repeat: '',
  enabled: true,
});

/** Rules to begin with, each a click away: by the last part of the address of its form. */
export const STARTS: Record<string, { words: string; draft: Partial<Draft> }> = {
  errors: {
    words: 'More than 50 errors in the last minute',
    draft: { name: 'many-errors', type: 'error', threshold: '50' },
  },
  orders: {
    words: 'More than 10 orders in the last minute',
    draft: { name: 'many-orders', type: 'order', threshold: '10' },
  },
  amount: {
    words: 'Orders of more than 10,000 together in the last minute',
    draft: {
      name: 'orders-above-10000',
      type: 'order',
      measure: { kind: 'sum', field: 'amount' },
      threshold: '10000',
    },
  },
};

/** The form of a rule to begin with, or an empty one. */
export const begin = (start: string): Draft => structuredClone({ ...blank(), ...STARTS[start]?.draft });

const optional = (value: number | null | undefined): string =>
  value === null || value === undefined ? '' : String(value);

/** A condition of the server, as the form holds it. */
export function toRow({ field, op, value }: Rule['where'][number]): Row {
  if (op === 'exists') return { ...row(), field, op, exists: String(value) };
  return { ...row(), field, op, value: fromValue(op, value) };
}

/** A rule of the server, as the form holds it. */
export function toDraft(rule: Rule): Draft {
  return {
    name: rule.name,
    type: rule.type,
    where: rule.where.map(toRow),
    measure: { kind: rule.measure.kind, field: rule.measure.field ?? '' },
    window_seconds: String(rule.window_seconds),
    comparison: rule.comparison,
    threshold: String(rule.threshold),
    recover_at: optional(rule.recover_at),
    for_seconds: String(rule.for_seconds),
    keep_firing_seconds: String(rule.keep_firing_seconds),
    group_by: rule.group_by ?? '',
    notify: {
      admins: rule.notify.emails.includes(ADMINS),
      emails: rule.notify.emails.filter((email) => email !== ADMINS).join(', '),
      room: rule.notify.room ?? '',
      webhook: rule.notify.webhook ?? '',
    },
    repeat: rule.repeat_seconds ? String(Number((rule.repeat_seconds / 60).toFixed(3))) : '',
    enabled: rule.enabled,
  };
}

type Wrong = NonNullable<Problem['errors']>[number];

/** What a condition compares with; refused where it makes no sense. */
export function toValue({ op, value, exists }: Row): Parsed<unknown> {
  if (op === 'exists') return { value: exists === 'true' };
  if (op === 'in') return toList(value);
  return op === 'contains' ? toText(value) : toScalar(value);
}

/** The addresses that were typed, with commas, spaces or lines between them. */
const addresses = (text: string): string[] => text.split(/[\s,;]+/).filter(Boolean);

/** What the API takes, and what cannot be made sense of here; all else the server judges. */
export function toBody(draft: Draft): { body: NewRule; errors: Wrong[] } {
  const errors: Wrong[] = [];
  const take = <T>(path: string, parsed: Parsed<T>, otherwise: T): T => {
    if ('value' in parsed) return parsed.value;
    errors.push({ path, message: parsed.error });
    return otherwise;
  };
  const needed = (path: string, text: string): string => {
    const trimmed = text.trim();
    if (!trimmed) errors.push({ path, message: 'must be filled in' });
    return trimmed;
  };
  const { kind, field } = draft.measure;
  const body: NewRule = {
    name: needed('/name', draft.name),
    type: needed('/type', draft.type),
    where: draft.where.map((one, n) => ({
      field: needed(`/where/${n}/field`, one.field),
      op: one.op,
      value: take<unknown>(`/where/${n}/value`, toValue(one), null),
    })),
    measure: { kind, field: kind === 'count' ? null : needed('/measure/field', field) },
    window_seconds: take('/window_seconds', toSeconds(draft.window_seconds), 60),
    comparison: draft.comparison,
    threshold: take('/threshold', toNumber(draft.threshold), 0),
    recover_at: draft.recover_at.trim() === '' ? null : take('/recover_at', toNumber(draft.recover_at), 0),
    for_seconds: take('/for_seconds', toSeconds(draft.for_seconds || '0'), 0),
    keep_firing_seconds: take('/keep_firing_seconds', toSeconds(draft.keep_firing_seconds || '0'), 0),
    group_by: draft.group_by.trim() || null,
    notify: {
      emails: [...(draft.notify.admins ? [ADMINS] : []), ...addresses(draft.notify.emails)],
      room: draft.notify.room.trim() || null,
      webhook: draft.notify.webhook.trim() || null,
    },
    repeat_seconds: draft.repeat.trim() === '' ? null : take('/repeat_seconds', toMinutes(draft.repeat), 60),
    enabled: draft.enabled,
  };
  return { body, errors };
}

/** What is different: what is left out of a patch stays as it is, also where somebody else changed it meanwhile. */
export function changes(before: NewRule, after: NewRule): Partial<NewRule> {
  const patch: Partial<NewRule> = different(before, after);
  // Who is told is merged too, recipient by recipient.
  if (patch.notify) patch.notify = different(before.notify ?? {}, patch.notify);
  return patch;
}

function different<T extends object>(before: T, after: T): Partial<T> {
  const differs = ([name, value]: [string, unknown]): boolean =>
    JSON.stringify(value) !== JSON.stringify(before[name as keyof T]);
  return Object.fromEntries(Object.entries(after).filter(differs)) as Partial<T>;
}

const FIELDS =
  /^(?:name|type|where|where\/\d+\/(?:field|op|value)|measure\/(?:kind|field)|window_seconds|comparison|threshold|recover_at|for_seconds|keep_firing_seconds|group_by|notify\/(?:emails|room|webhook)|repeat_seconds|enabled)$/;

/** Fields that are out of sight until they are asked for. */
export const ADVANCED = ['recover_at', 'for_seconds', 'keep_firing_seconds', 'group_by'] as const;

/** Whether one of them says something. */
export const isAdvanced = (draft: Draft): boolean =>
  ADVANCED.some((name) => !['', '0'].includes(draft[name].trim()));

/** The field of the form that an error's JSON pointer means; nothing, where the form has no such field. */
export function fieldOf(pointer: string): string | undefined {
  const path = pointer
    .replace(/^\/rule(?=\/|$)/, '')
    .slice(1)
    .replace(/^(notify\/emails)\/\d+$/, '$1')
    .replace(/^(where\/\d+\/value)\/\d+$/, '$1');
  return FIELDS.test(path) ? path : undefined;
}

/** Each field with what is wrong with it, and what belongs to no field. */
export function located(
  problem: Problem | undefined,
  emails: string[] = [],
): {
  fields: Map<string, string>;
  rest: Problem | undefined;
} {
  const fields = new Map<string, string>();
  if (!problem) return { fields, rest: undefined };
  const wrong =
    problem.code === 'rule_name_taken'
      ? [{ path: '/name', message: 'is taken by another rule' }]
      : problem.errors;
  const strange: string[] = [];
  for (const { path, message } of wrong ?? []) {
    const field = fieldOf(path);
    if (!field) {
      strange.push(`${path} ${message}`.trim());
      continue;
    }
    const which = /\/emails\/(\d+)$/.exec(path)?.[1];
    const email = which === undefined ? undefined : emails[Number(which)];
    const words = email === undefined ? message : `“${email}” ${message}`;
    const before = fields.get(field);
    fields.set(field, before ? `${before}; ${words}` : words);
  }
  const known = fields.size > 0 && strange.length === 0;
  const detail = strange.length > 0 ? strange.join('; ') : problem.detail;
  return { fields, rest: known ? undefined : { ...problem, detail } };
}

/** What a page of rules shows: all, the form of a new one, or one that is there. */
export type Place = { page: 'list' } | { page: 'new'; start: string } | { page: 'one'; id: string };

/** Where an address leads; nothing, when to no page of rules. */
export function placeOf(path: string): Place | undefined {
  const [, root, first, second, ...more] = path.split('/');
  if (root !== 'rules' || first === '' || second === '' || more.length > 0) return undefined;
  if (first === undefined) return { page: 'list' };
  if (first === 'new' && (second === undefined || Object.hasOwn(STARTS, second)))
    return { page: 'new', start: second ?? '' };
  return first === 'new' || second !== undefined ? undefined : { page: 'one', id: first };
}
