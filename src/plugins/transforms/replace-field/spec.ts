/** Settings of ReplaceField. Source: org.apache.kafka.connect.transforms.ReplaceField. */
import { type ConfOf, defineSpec, key } from '../../../spec/define.ts';
import { invalidValue } from '../../../spec/parse.ts';
import { listOf } from '../../../spec/validators.ts';
import { javaSplit } from '../shared/java-split.ts';
import { REPLACE_NULL, replaceNullKey } from '../shared/struct-fields.ts';

const names = listOf({ isEmptyAllowed: true });

export const spec = defineSpec({
  exclude: key.list({
    default: [],
    validator: names,
    importance: 'MEDIUM',
    doc: 'Fields to leave out, also where include names them.',
  }),
  include: key.list({
    default: [],
    validator: names,
    importance: 'MEDIUM',
    doc: 'The only fields to keep; empty: all.',
  }),
  renames: key.list({
    default: [],
    validator: (_name, value) => void parseRenames(value as readonly string[]),
    importance: 'MEDIUM',
    doc: 'New names of fields, as old:new.',
  }),
  [REPLACE_NULL]: replaceNullKey,
});

export type ReplaceFieldConf = ConfOf<typeof spec>;

/** New name by old one. Throws ConfigError for what is not `old:new`. */
export function parseRenames(mappings: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    mappings.map((mapping): [string, string] => {
      const [from, to, ...more] = javaSplit(mapping, ':');
      if (from === undefined || to === undefined || more.length > 0) {
        throw invalidValue('renames', mappings, `Invalid rename mapping: ${mapping}`);
      }
      return [from, to];
    }),
  );
}
