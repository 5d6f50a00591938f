/** Settings of JsonConverter. Source: org.apache.kafka.connect.json.JsonConverterConfig. */
import { type ConfOf, defineSpec, key } from '../../../spec/define.ts';
import { oneOfIgnoreCase } from '../../../spec/validators.ts';
import { CONVERTER_TYPE, converterTypeKey } from '../shared/converter-type.ts';

const schemas = { importance: 'HIGH', group: 'Schemas', width: 'MEDIUM' } as const;
const serialization = { importance: 'LOW', group: 'Serialization', width: 'MEDIUM' } as const;

export const spec = defineSpec({
  [CONVERTER_TYPE]: converterTypeKey,
  'schemas.enable': key.boolean({
    ...schemas,
    default: true,
    orderInGroup: 0,
    displayName: 'Enable Schemas',
    doc: 'Whether each message carries its schema: an object with the members "schema" and "payload". Otherwise the message is the bare value.',
  }),
  'schemas.cache.size': key.int({
    ...schemas,
    default: 1000,
    orderInGroup: 1,
    displayName: 'Schema Cache Size',
    doc: 'How many different schemas one converter keeps ready, so that they need not be read again for every message.',
  }),
  'schema.content': key.string({
    ...schemas,
    default: null,
    orderInGroup: 2,
    displayName: 'Schema Content',
    doc: 'A schema in the JSON form of the "schema" member. Messages are then read as bare values of this schema. Needs schemas.enable=true; has no effect on writing.',
  }),
  'decimal.format': key.string({
    ...serialization,
    default: 'BASE64',
    orderInGroup: 0,
    displayName: 'Decimal Format',
    validator: oneOfIgnoreCase('NUMERIC', 'BASE64'),
    doc: 'How decimals are written: BASE64 (the bytes of the unscaled number) or NUMERIC (a JSON number), in any case. Both are read.',
  }),
  'replace.null.with.default': key.boolean({
    ...serialization,
    default: true,
    orderInGroup: 1,
    displayName: 'Replace null with default',
    doc: "Whether a field that is null takes its schema's default value, if there is one. Otherwise it stays null.",
  }),
});

export type JsonConf = ConfOf<typeof spec>;
