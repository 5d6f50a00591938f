/**
 * Configuration as data: one object per configurable thing gives parsing, REST validation, documentation, sample files and the
 * console's form. Semantics and message texts: org.apache.kafka.common.config.ConfigDef.
 */
export type ConfigType = 'BOOLEAN' | 'STRING' | 'INT' | 'SHORT' | 'LONG' | 'DOUBLE' | 'LIST' | 'CLASS' | 'PASSWORD';
export type Importance = 'HIGH' | 'MEDIUM' | 'LOW';
export type Width = 'NONE' | 'SHORT' | 'MEDIUM' | 'LONG';

/** Typed value of a parsed key, by its ConfigType; `null` where the value is absent. */
export interface ValueOf {
  BOOLEAN: boolean;
  STRING: string;
  INT: number;
  SHORT: number;
  LONG: bigint;
  DOUBLE: number;
  LIST: readonly string[];
  CLASS: string;
  PASSWORD: string;
}

/** Throws ConfigError with the full sentence when the value is refused; `value` is parsed already. */
export type Validator = (name: string, value: unknown) => void;

export interface ConfigKey {
  readonly name: string;
  readonly type: ConfigType;
  /** `undefined`: required. Lists as arrays. */
  readonly defaultValue: unknown;
  readonly validator: Validator | null;
  readonly importance: Importance;
  readonly documentation: string;
  readonly group: string | null;
  /** −1 when unset. */
  readonly orderInGroup: number;
  readonly width: Width;
  readonly displayName: string;
  readonly dependents: readonly string[];
  /** Recommended values, and whether the key shows, from the raw config. */
  readonly recommender: {
    validValues(config: Readonly<Record<string, string | null>>): readonly string[];
    visible(config: Readonly<Record<string, string | null>>): boolean;
  } | null;
  /** Name of an entry for documentation only (`internal` keys do not show in REST answers). */
  readonly internal: boolean;
  /** CLASS only: full class name for a name as users write it, or null when there is none. Absent: any text is taken. */
  readonly resolveClass?: (name: string) => string | null;
}

/** One row of a validation answer; mutable so that connectors can add what they find. */
export interface ConfigValue {
  readonly name: string;
  value: string | null;
  recommendedValues: string[];
  errors: string[];
  visible: boolean;
}

/** Keys in the order of definition. */
export interface ConfigDef {
  readonly keys: ReadonlyMap<string, ConfigKey>;
}
