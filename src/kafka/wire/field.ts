/**
 * Words to describe Kafka messages with. A shape is an object of fields in the order of the wire; its type says what decoding gives and encoding takes.
 *
 *   { name: string, epoch: since(4, int32, -1), partitions: array({ index: int32 }), leader: tagged(0, int32) }
 */
export type FieldKind =
  | 'bool'
  | 'int8'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'uint32'
  | 'int64'
  | 'float64'
  | 'uuid'
  | 'string'
  | 'bytes'
  | 'array'
  | 'struct';

/** `Out`: what decoding gives; `In`: what encoding takes; `IsOptional`: may be left out when encoding (the default is written). */
export interface Field<Out, In = Out, IsOptional extends boolean = boolean> {
  readonly kind: FieldKind;
  /** First and last version that has the field. */
  readonly since: number;
  readonly until: number;
  /** First version in which it may be null. */
  readonly nullableSince: number;
  /** Number in the tag section (flexible versions), else `null`. */
  readonly tag: number | null;
  readonly defaultValue: Out;
  /** What the items of an array are. */
  readonly item: AnyField | null;
  /** The fields of a struct. */
  readonly shape: Shape | null;
  /** For the compiler only: never set. */
  readonly phantom?: { readonly input: (value: In) => void; readonly optional: IsOptional };
}

export type AnyField = Field<unknown, never>;
export type Shape = { readonly [name: string]: AnyField };

export type Decoded<S extends Shape> = { readonly [K in keyof S]: S[K] extends Field<infer Out, never> ? Out : never };

type InputOf<F> = F extends { readonly phantom?: { readonly input: (value: infer In) => void } } ? In : never;
type OptionalKeys<S> = { [K in keyof S]: S[K] extends { readonly phantom?: { readonly optional: true } } ? K : never }[keyof S];

export type Encodable<S extends Shape> = { readonly [K in Exclude<keyof S, OptionalKeys<S>>]: InputOf<S[K]> } & {
  readonly [K in OptionalKeys<S>]?: InputOf<S[K]> | undefined;
};

function plain<Out, In = Out>(kind: FieldKind, defaultValue: Out): Field<Out, In, false> {
  return {
    kind,
    since: 0,
    until: Number.MAX_SAFE_INTEGER,
    nullableSince: Number.MAX_SAFE_INTEGER,
    tag: null,
    defaultValue,
    item: null,
    shape: null,
  };
}

export const bool: Field<boolean, boolean, false> = plain('bool', false);
export const int8: Field<number, number, false> = plain('int8', 0);
export const int16: Field<number, number, false> = plain('int16', 0);
export const uint16: Field<number, number, false> = plain('uint16', 0);
export const int32: Field<number, number, false> = plain('int32', 0);
export const uint32: Field<number, number, false> = plain('uint32', 0);
export const int64: Field<bigint, bigint, false> = plain('int64', 0n);
export const float64: Field<number, number, false> = plain('float64', 0);
export const string: Field<string, string, false> = plain('string', '');
/** Decoded as a view of the received buffer. */
export const bytes: Field<Buffer, Uint8Array, false> = plain<Buffer, Uint8Array>('bytes', Buffer.alloc(0));
/** As Kafka prints it: 22 characters of base64url. */
export const uuid: Field<string, string, false> = plain('uuid', 'AAAAAAAAAAAAAAAAAAAAAA');

/** A list of structs. */
export function array<S extends Shape>(shape: S): Field<readonly Decoded<S>[], readonly Encodable<S>[], false> {
  return {
    ...plain<readonly Decoded<S>[], readonly Encodable<S>[]>('array', []),
    item: { ...plain<unknown, never>('struct', null), shape },
  };
}

/** A list of one primitive type. */
export function arrayOf<Out, In>(item: Field<Out, In>): Field<readonly Out[], readonly In[], false> {
  return { ...plain<readonly Out[], readonly In[]>('array', []), item };
}

/** A struct in place. Its default is null, so it is `tagged` or `nullable` where it can be absent. */
export function struct<S extends Shape>(shape: S): Field<Decoded<S>, Encodable<S>, false> {
  return { ...plain<Decoded<S>, Encodable<S>>('struct', {} as Decoded<S>), shape };
}

/** The same field with another default, and what else changes. */
function vary<Out, In, O extends boolean>(
  field: AnyField,
  defaultValue: Out,
  patch: Partial<Omit<AnyField, 'defaultValue' | 'phantom'>>,
): Field<Out, In, O> {
  const { phantom: _, ...rest } = field;
  return { ...rest, ...patch, defaultValue };
}

/** May be null from `version` on; null is its default. */
export function nullable<Out, In, O extends boolean>(field: Field<Out, In, O>, version: number = 0): Field<Out | null, In | null, O> {
  return vary(field, null, { nullableSince: version });
}

/** Only from `version` on; before, decoding gives `fallback` and encoding leaves it out. */
export function since<Out, In>(version: number, field: Field<Out, In>, fallback: Out = field.defaultValue): Field<Out, In, true> {
  return vary(field, fallback, { since: version });
}

/** Only up to `version`. */
export function until<Out, In>(version: number, field: Field<Out, In>, fallback: Out = field.defaultValue): Field<Out, In, true> {
  return vary(field, fallback, { until: version });
}

/** In the tag section of flexible versions; null unless it was sent, not written when null. */
export function tagged<Out, In>(tag: number, field: Field<Out, In>): Field<Out | null, In | null, true> {
  return vary(field, null, { tag });
}

/** May be left out when encoding: `fallback` is written. */
export function optional<Out, In>(field: Field<Out, In>, fallback: Out = field.defaultValue): Field<Out, In, true> {
  return vary(field, fallback, {});
}
