// What a person types as the value of a condition, and the JSON it means. Pure.

/** A value that a condition compares with. */
export type Scalar = string | number | boolean | null;

/** The JSON that was meant, or what is wrong with the text. */
export type Parsed<T> = { value: T } | { error: string };

/** As JSON writes a number; also `+5`, `.5` and `5.`, which people write. */
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
/** So many digits every double keeps. */
const SAFE_DIGITS = 15;

/** A number, when the text is one that does not change on its way. */
export function toNumber(text: string): Parsed<number> {
  const trimmed = text.trim();
  const value = Number(trimmed);
  if (!NUMBER.test(trimmed) || !Number.isFinite(value))
    return { error: 'must be a number, such as 10000 or 2.5' };
  const digits = trimmed
    .replace(/e.*$/i, '')
    .replace(/\D/g, '')
    .replace(/^0+|0+$/g, '');
  if (digits.length > SAFE_DIGITS && !Number.isSafeInteger(value))
    return { error: `must have at most ${SAFE_DIGITS} digits` };
  return { value };
}

/** A whole number of seconds, from 0. */
export function toSeconds(text: string): Parsed<number> {
  const trimmed = text.trim();
  return /^\d{1,9}$/.test(trimmed)
    ? { value: Number(trimmed) }
    : { error: 'must be a whole number of seconds' };
}

/** Minutes, 1 to a day of them, as seconds. */
export function toMinutes(text: string): Parsed<number> {
  const parsed = toNumber(text);
  const seconds = 'value' in parsed ? Math.round(parsed.value * 60) : 0;
  return seconds >= 60 && seconds <= 86_400
    ? { value: seconds }
    : { error: 'must be from 1 to 1440 minutes; or empty' };
}

/** `paid` is a text, `18` a number, `"18"` a text again; `true`, `false` and `null` are what they are in JSON. */
export function toScalar(text: string): Parsed<Scalar> {
  const trimmed = text.trim();
  if (trimmed === '') return { error: 'must not be empty; "" is the empty text' };
  if (trimmed === 'true' || trimmed === 'false') return { value: trimmed === 'true' };
  if (trimmed === 'null') return { value: null };
  if (NUMBER.test(trimmed)) {
    const number = toNumber(trimmed);
    return 'error' in number ? { error: `${number.error}; in "quotes" it is a text` } : number;
  }
  return { value: unquoted(trimmed) };
}

/** For `contains`, where everything is a text. */
export function toText(text: string): Parsed<string> {
  const trimmed = text.trim();
  return trimmed === '' ? { error: 'must not be empty' } : { value: unquoted(trimmed) };
}

/** For `in`: values with commas between them; a comma within quotes belongs to its text. */
export function toList(text: string): Parsed<Scalar[]> {
  const parts = text.match(/(?:\s*"(?:[^"\\]|\\.)*"\s*(?=,|$)|[^,])+/g) ?? [];
  const parsed = parts.filter((part) => part.trim() !== '').map(toScalar);
  if (parsed.length === 0) return { error: 'must be one value or more, with commas between them' };
  const values: Scalar[] = [];
  for (const one of parsed) {
    if ('error' in one) return one;
    values.push(one.value);
  }
  return { value: values };
}

/** What is within quotes, where the text is a JSON string; else the text itself. */
function unquoted(text: string): string {
  if (!text.startsWith('"')) return text;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' ? value : text;
  } catch {
    return text;
  }
}

/** The text that means a value: without quotes where it can be. */
export function fromScalar(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value ?? null);
  const back = toScalar(value);
  return 'value' in back && back.value === value ? value : JSON.stringify(value);
}

/** The text that means what `contains` looks for. */
export function fromText(value: unknown): string {
  if (typeof value !== 'string') return fromScalar(value);
  const back = toText(value);
  return 'value' in back && back.value === value ? value : JSON.stringify(value);
}

/** The text that means a list. */
export function fromList(values: unknown): string {
  const list: unknown[] = Array.isArray(values) ? values : [values];
  const quoted = (value: unknown): string =>
    typeof value === 'string' && /[",]/.test(value) ? JSON.stringify(value) : fromScalar(value);
  return list.map(quoted).join(', ');
}

/** The text that means what a condition compares with. */
export function fromValue(op: string, value: unknown): string {
  if (op === 'in') return fromList(value);
  return op === 'contains' ? fromText(value) : fromScalar(value);
}
