/**
 * One spec object, many uses: a typed reader, REST validation, documentation, sample files and forms.
 *
 *     export const spec = defineSpec({
 *       file: key.string({ default: null, importance: 'HIGH', doc: 'File to follow.' }),
 *       'batch.size': key.int({ default: 2000, validator: atLeast(1), importance: 'LOW', doc: 'Most records one poll returns.' }),
 *     });
 *     type Conf = ConfOf<typeof spec>; // { readonly file: string | null; readonly 'batch.size': number }
 *
 * Without `default` a key is required; with `default: null` its value may be null.
 */
import type { ConfigDef, ConfigKey, ConfigType, ConfigValue, Importance, Validator, ValueOf, Width } from './config-def.ts';
import { invalidValue, parseConfig, type RawConfig } from './parse.ts';
import { validateAll } from './validate.ts';
import { oneOf } from './validators.ts';

export interface KeyOptions {
  readonly validator?: Validator;
  readonly importance: Importance;
  readonly doc: string;
  readonly group?: string;
  /** From 1; −1 when unset. */
  readonly orderInGroup?: number;
  readonly width?: Width;
  /** Default: the key's name. */
  readonly displayName?: string;
  readonly dependents?: readonly string[];
  readonly recommender?: ConfigKey['recommender'];
  /** Left out of REST answers and generated documentation. */
  readonly internal?: boolean;
}

/** A key without its name; `T` is the type that the reader gets. */
export interface KeyDef<T> {
  readonly fields: Omit<ConfigKey, 'name'>;
  /** Never set: carries `T` for the compiler. */
  readonly valueType?: T;
}

/** Without `default` the key is required; with `default: null` its reader must expect null. */
type Builder<T, O = KeyOptions> = {
  (options: O & { readonly default: null }): KeyDef<T | null>;
  (options: O & { readonly default?: T }): KeyDef<T>;
  (options: O & { readonly default: T | null }): KeyDef<T | null>;
};

/** The config type that a spec's `parse` gives. */
export type ConfOf<S> = S extends Spec<infer C> ? C : never;

export interface Spec<C> extends ConfigDef {
  /** Typed values; unknown keys are ignored. Throws ConfigError (ConfigDef's sentence) at the first fault. */
  parse(config: RawConfig): C;
  /** One row a key with every fault; never throws. */
  validateAll(config: RawConfig): Map<string, ConfigValue>;
}

type ConfOfKeys<K extends Readonly<Record<string, KeyDef<unknown>>>> = {
  readonly [N in keyof K]: K[N] extends KeyDef<infer T> ? T : never;
};

function keyFields(type: ConfigType, o: KeyOptions & { readonly default?: unknown }): Omit<ConfigKey, 'name'> {
  return {
    type,
    defaultValue: o.default,
    validator: o.validator ?? null,
    importance: o.importance,
    documentation: o.doc,
    group: o.group ?? null,
    orderInGroup: o.orderInGroup ?? -1,
    width: o.width ?? 'NONE',
    // An empty name is filled in from the key by defineSpec.
    displayName: o.displayName ?? '',
    dependents: o.dependents ?? [],
    recommender: o.recommender ?? null,
    internal: o.internal ?? false,
  };
}

function builder<T extends ConfigType>(type: T): Builder<ValueOf[T]> {
  return (options: KeyOptions & { readonly default?: unknown }) => ({ fields: keyFields(type, options) });
}

function choice<const V extends string>(values: readonly V[], options: KeyOptions & { readonly default: null }): KeyDef<V | null>;
function choice<const V extends string>(values: readonly V[], options: KeyOptions & { readonly default?: NoInfer<V> }): KeyDef<V>;
function choice(values: readonly string[], options: KeyOptions & { readonly default?: unknown }): KeyDef<string | null> {
  const check = oneOf(...values);
  const orNull: Validator = (name, value) => value === null || check(name, value);
  return { fields: keyFields('STRING', { validator: options.default === null ? orNull : check, ...options }) };
}

interface ClassOptions extends KeyOptions {
  /** Full class name for what users write (full, simple or pruned name), or null when there is no such class. */
  readonly resolve?: (name: string) => string | null;
}

const classKey: Builder<string, ClassOptions> = (options: ClassOptions & { readonly default?: unknown }) => {
  const fields = keyFields('CLASS', options);
  return { fields: options.resolve ? { ...fields, resolveClass: options.resolve } : fields };
};

export const key = {
  boolean: builder('BOOLEAN'),
  string: builder('STRING'),
  /** One of these words, exactly as written; the reader gets them as a union. */
  choice,
  int: builder('INT'),
  short: builder('SHORT'),
  /** Read as bigint. */
  long: builder('LONG'),
  double: builder('DOUBLE'),
  list: builder('LIST'),
  class: classKey,
  /** Plain text for the reader, `[hidden]` in every answer. */
  password: builder('PASSWORD'),
};

/** A spec whose keys keep the order in which they are written. */
export function defineSpec<const K extends Readonly<Record<string, KeyDef<unknown>>>>(keys: K): Spec<ConfOfKeys<K>> {
  const entries = Object.entries(keys).map(([name, { fields }]): [string, ConfigKey] => [
    name,
    { ...fields, name, displayName: fields.displayName || name },
  ]);
  return specOf(new Map(entries));
}

/** The keys of both, first `base`'s; a key in both is `more`'s, at base's place. */
export function extendSpec<A, B>(base: Spec<A>, more: Spec<B>): Spec<Omit<A, keyof B> & B> {
  return specOf(new Map([...base.keys, ...more.keys]));
}

function specOf<C>(keys: ReadonlyMap<string, ConfigKey>): Spec<C> {
  const def: ConfigDef = { keys };
  return {
    keys,
    parse: (config) => {
      const values = parseConfig(def, config);
      // An explicit null is for keys only whose reader expects it.
      for (const k of keys.values()) {
        if (values.get(k.name) === null && k.defaultValue !== null) throw invalidValue(k.name, null, 'Value must be non-null');
      }
      return Object.fromEntries(values) as C;
    },
    validateAll: (config) => validateAll(def, config),
  };
}
