/** The settings of a JDBC sink as its task works with them. */
import { ConfigError } from '../../../../base/errors.ts';
import type { RawConfig } from '../../../../spec/parse.ts';
import { intlZoneOf } from '../shared/time-zone.ts';
import type { TableNaming } from './destination.ts';
import { INSERT_MODES, PK_MODES, type SinkKeys, spec, TABLE_TYPES } from './spec.ts';

export type InsertMode = (typeof INSERT_MODES)[number];
export type PkMode = (typeof PK_MODES)[number];
export type TableType = (typeof TABLE_TYPES)[number];

export interface SinkConf {
  /** As written, with everything else in it. */
  readonly keys: SinkKeys;
  readonly connector: string;
  readonly insertMode: InsertMode;
  readonly pkMode: PkMode;
  readonly pkFields: readonly string[];
  readonly fieldsWhitelist: ReadonlySet<string>;
  readonly stringColumn: string;
  readonly naming: TableNaming;
  readonly tableTypes: ReadonlySet<TableType>;
  readonly deletesEnabled: boolean;
  readonly replacesNullWithDefault: boolean;
  readonly quotesNames: boolean;
  /** Names as Intl knows them, or `±hh:mm`. */
  readonly zone: string;
  readonly dateZone: string;
  readonly isProleptic: boolean;
  readonly timestampFields: ReadonlySet<string>;
  readonly timestampUnit: 'microseconds' | 'nanoseconds';
}

/** Throws ConfigError. */
export function parseSinkConf(config: RawConfig): SinkConf {
  const keys = spec.parse(config);
  const pkMode = wordOf(PK_MODES, keys['pk.mode']);
  if (keys['delete.enabled'] && pkMode !== 'record_key') {
    throw new ConfigError(`Primary key mode must be 'record_key' when delete support is enabled, but pk.mode is '${keys['pk.mode']}'.`);
  }
  const zone = intlZoneOf(keys['db.timezone']) ?? 'UTC';
  return {
    keys,
    connector: config.name ?? '',
    insertMode: wordOf(INSERT_MODES, keys['insert.mode']),
    pkMode,
    pkFields: keys['pk.fields'],
    fieldsWhitelist: new Set(keys['fields.whitelist']),
    stringColumn: keys['string.output.value.column.name'],
    naming: {
      format: keys['table.name.format'],
      isNormalized: keys['table.name.normalize'],
      byTopic: new Map(
        keys['topics.to.tables.mapping'].map((item) => [item.slice(0, item.indexOf(':')), item.slice(item.indexOf(':') + 1)]),
      ),
    },
    tableTypes: new Set(keys['table.types'].map((type) => wordOf(TABLE_TYPES, type))),
    deletesEnabled: keys['delete.enabled'],
    replacesNullWithDefault: keys['replace.null.with.default'],
    quotesNames: quotesNames(config, keys),
    zone,
    dateZone: keys['date.timezone'].toUpperCase() === 'UTC' ? 'UTC' : zone,
    isProleptic: keys['date.calendar.system'] === 'PROLEPTIC_GREGORIAN',
    timestampFields: new Set(keys['timestamp.fields.list']),
    timestampUnit: keys['timestamp.precision.mode'].toLowerCase() === 'nanoseconds' ? 'nanoseconds' : 'microseconds',
  };
}

function quotesNames(config: RawConfig, keys: SinkKeys): boolean {
  const ofFork = config['quote.sql.identifiers'] === undefined ? keys['sql.quote.identifiers'] : null;
  return ofFork ?? keys['quote.sql.identifiers'].toLowerCase() === 'always';
}

/** The word of the list that `text` is, in any case; the first for another one that the spec has let through. */
function wordOf<const W extends string>(words: readonly W[], text: string): W {
  return words.find((word) => word.toLowerCase() === text.toLowerCase()) ?? words[0]!;
}
