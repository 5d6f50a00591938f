/** Config specs and validated values as the REST API shows them. Source: AbstractHerder.generateResult, convertConfigKey, convertConfigValue. */
import { HIDDEN } from '../base/mask.ts';
import { hideSecrets } from '../base/secrets.ts';
import type { ConfigKey, ConfigValue } from '../spec/config-def.ts';
import { toConfigText } from '../spec/parse.ts';
import type { ConfigInfos, ConfigKeyInfo, ConfigValueInfo } from './model.ts';

/** Members in the order of Apache Kafka 4.3.1. `prefix` goes before the name only. */
export function toKeyInfo(key: ConfigKey, prefix = ''): ConfigKeyInfo {
  return {
    name: `${prefix}${key.name}`,
    type: key.type,
    required: key.defaultValue === undefined,
    // The default of a password is nobody's secret, but it is shown as the JVM shows it.
    default_value: toConfigText(key.defaultValue, key.type),
    importance: key.importance,
    documentation: key.documentation,
    group: key.group,
    order_in_group: key.orderInGroup,
    width: key.width,
    display_name: key.displayName,
    dependents: [...key.dependents],
  };
}

function toValueInfo(value: ConfigValue): ConfigValueInfo {
  return {
    name: value.name,
    value: value.value,
    recommended_values: [...value.recommendedValues],
    errors: [...value.errors],
    visible: value.visible,
  };
}

export interface ConfigRow {
  readonly definition: ConfigKeyInfo | null;
  readonly value: ConfigValue;
}

/** Rows of keys in their order, those without a definition first. An internal key shows when something is wrong with it only. */
export function rowsOf(keys: ReadonlyMap<string, ConfigKey>, values: ReadonlyMap<string, ConfigValue>, prefix = ''): ConfigRow[] {
  const undefinedRows = [...values.values()].filter((value) => !keys.has(value.name)).map((value) => ({ definition: null, value }));
  const rows = [...keys.values()].flatMap((key) => {
    const value = values.get(key.name);
    return value === undefined || (key.internal && value.errors.length === 0)
      ? []
      : [{ definition: toKeyInfo(key, prefix), value: { ...value, name: `${prefix}${value.name}` } }];
  });
  return [...undefinedRows, ...rows];
}

/** `name`: the class as it was submitted. `keys`: those of `rows` and internal ones, whose groups are named all the same. */
export function toConfigInfos(name: string, keys: ReadonlyMap<string, ConfigKey>, rows: readonly ConfigRow[]): ConfigInfos {
  const groups = [...[...keys.values()].map(({ group }) => group), ...rows.map(({ definition }) => definition?.group)];
  return {
    name,
    error_count: rows.reduce((count, row) => count + row.value.errors.length, 0),
    groups: [...new Set(groups.flatMap((group) => group ?? []))],
    configs: rows.map(({ definition, value }) => ({ definition, value: toValueInfo(value) })),
  };
}

/** The answer with the references of `submitted` where it holds the values that they stood for (`resolved`). Passwords stay hidden. */
export function withoutSecrets(
  infos: ConfigInfos,
  submitted: Readonly<Record<string, string | null>>,
  resolved: Readonly<Record<string, string | null>>,
): ConfigInfos {
  const configs = infos.configs.map(({ definition, value }) => {
    const reference = submitted[value.name] ?? null;
    const used = resolved[value.name] ?? null;
    if (reference === null || used === null || reference === used) return { definition, value };
    const shown = value.value === null || value.value === HIDDEN ? value.value : reference;
    // Here also what is too short to be known anywhere else.
    const errors = value.errors.map((error) => error.replace(`Invalid value ${used} for`, () => `Invalid value ${reference} for`));
    return { definition, value: { ...value, value: shown, errors } };
  });
  return cleaned({ ...infos, configs });
}

/** An alias may come from a provider as well, and be part of names and groups. */
function cleaned<T>(part: T): T {
  if (typeof part === 'string') return hideSecrets(part) as T;
  if (Array.isArray(part)) return part.map(cleaned) as T;
  if (part === null || typeof part !== 'object') return part;
  return Object.fromEntries(Object.entries(part).map(([name, member]) => [name, cleaned(member)])) as T;
}
