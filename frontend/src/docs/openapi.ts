// Reading an OpenAPI 3.1 document: the parts that ours uses.

export interface Schema {
  $ref?: string;
  type?: string | string[];
  description?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  allOf?: Schema[];
  oneOf?: Schema[];
  enum?: unknown[];
  additionalProperties?: Schema | boolean;
}

interface Content {
  [mediaType: string]: { schema?: Schema; example?: unknown };
}

export interface Operation {
  summary?: string;
  description?: string;
  operationId: string;
  tags?: string[];
  security?: Record<string, string[]>[];
  parameters?: { name: string; in: string; required?: boolean; description?: string; schema?: Schema }[];
  requestBody?: { description?: string; content: Content };
  responses: Record<string, { description: string; content?: Content }>;
}

export interface OpenApi {
  info: { title: string; description?: string; version: string };
  tags?: { name: string; description?: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

export interface Route {
  method: string;
  path: string;
  operation: Operation;
  /** Whether it answers only with a credential. */
  guarded: boolean;
}

/** The routes of each tag, in the order of the document. */
export function byTag(api: OpenApi): { name: string; description: string; routes: Route[] }[] {
  const routes = Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      operation,
      guarded: (operation.security ?? []).some((one) => Object.keys(one).length > 0),
    })),
  );
  return (api.tags ?? []).map(({ name, description = '' }) => ({
    name,
    description,
    routes: routes.filter(({ operation }) => operation.tags?.includes(name)),
  }));
}

/** A schema as people write types: `{ id: string; at?: string }`. Named schemas stay names, so nothing recurses. */
export function typeOf(schema: Schema | undefined, indent = ''): string {
  if (!schema) return 'anything';
  if (schema.$ref) return schema.$ref.split('/').at(-1) ?? '';
  if (schema.oneOf) return schema.oneOf.map((one) => typeOf(one, indent)).join(' | ');
  if (schema.allOf) return schema.allOf.map((one) => typeOf(one, indent)).join(' & ');
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  const types = [schema.type ?? 'anything'].flat();
  return types
    .map((type) =>
      type === 'array' ? list(schema, indent) : type === 'object' ? object(schema, indent) : type,
    )
    .join(' | ');
}

function list(schema: Schema, indent: string): string {
  const item = typeOf(schema.items, indent);
  return item.includes(' | ') ? `(${item})[]` : `${item}[]`;
}

function object(schema: Schema, indent: string): string {
  const properties = Object.entries(schema.properties ?? {});
  if (properties.length === 0) return 'object';
  const inner = `${indent}  `;
  const lines = properties.map(([name, property]) => {
    const optional = schema.required?.includes(name) ? '' : '?';
    const comment = property.description ? `${inner}// ${property.description.replaceAll('\n', ' ')}\n` : '';
    return `${comment}${inner}${name}${optional}: ${typeOf(property, inner)}`;
  });
  return `{\n${lines.join('\n')}\n${indent}}`;
}
