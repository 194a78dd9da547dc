import { describe, expect, it } from 'vitest';
import described from '../../../docs/openapi.json';
import { byTag, typeOf, type OpenApi } from './openapi';

const api = described as unknown as OpenApi;

describe('the description', () => {
  it('has every route under a tag', () => {
    const shown = byTag(api).flatMap(({ routes }) => routes.map(({ operation }) => operation.operationId));
    const all = Object.values(api.paths).flatMap((methods) =>
      Object.values(methods).map((one) => one.operationId),
    );
    expect(shown.toSorted()).toEqual(all.toSorted());
  });

  it('says which routes need a credential', () => {
    const guarded = new Map(
      byTag(api).flatMap(({ routes }) => routes.map((one) => [one.operation.operationId, one.guarded])),
    );
    expect([guarded.get('postDocuments'), guarded.get('login')]).toEqual([true, false]);
  });
});

describe('typeOf', () => {
  it.each([
    [undefined, 'anything'],
    [{ $ref: '#/components/schemas/Rule' }, 'Rule'],
    [{ type: ['string', 'null'] }, 'string | null'],
    [{ type: 'array', items: { type: 'string' } }, 'string[]'],
    [{ type: 'array', items: { enum: ['a', 1] } }, '("a" | 1)[]'],
    [{ type: 'object' }, 'object'],
    [{ type: 'object', properties: { a: { type: 'string' } } }, '{\n  a?: string\n}'],
  ])('%j', (schema, written) => expect(typeOf(schema)).toBe(written));
});
