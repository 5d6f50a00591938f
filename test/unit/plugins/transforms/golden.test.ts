/** Every transform and predicate gives what Apache Kafka's own gives: each entry of test/golden/transforms again, and the list of what differs, with reasons. */
import { expect, test } from 'vitest';
import { type Chain, cases, goldenRecord, results, runChain } from '../../../helpers/transform-golden.ts';

interface Difference {
  readonly reason: string;
  /** `entry`: the chain and the record's name. */
  applies(entry: string, theirs: string): boolean;
  /** What ours gives instead. */
  readonly ours: RegExp;
}

const DIFFERENCES: readonly Difference[] = [
  {
    reason: 'A missing field is a NullPointerException there; ours says which field or setting is missing',
    applies: (_entry, theirs) => theirs.startsWith('! apply java.lang.NullPointerException'),
    ours: /^! apply org\.apache\.kafka\.connect\.errors\.DataException: (?:Field does not exist: |Could not parse timestamp: .* give its pattern)/,
  },
  {
    reason: 'Their sentence goes in where a value belongs, with a Java exception in front',
    applies: (_entry, theirs) => theirs.includes('Invalid value java.lang.IllegalArgumentException'),
    ours: /^! configure org\.apache\.kafka\.common\.config\.ConfigException: (?:Invalid type found in casting spec|TimestampConverter requires a SimpleDateFormat)/,
  },
  {
    reason: 'Their message holds the address of an object',
    applies: (_entry, theirs) => theirs.includes('InsertField$InsertionSpec@'),
    ours: /^! configure .*No value specified for static field: a$/,
  },
  {
    reason: 'Validation refuses repeated elements there as well, so that no task starts with any',
    applies: (entry) => entry.includes('"a,a"'),
    ours: /values must not be duplicated\.$/,
  },
  {
    reason: 'An empty path is refused at once, not with the first record',
    applies: (_entry, theirs) => theirs.includes('fromIndex(0) > toIndex(-1)'),
    ours: /An empty path names no field\.$/,
  },
  {
    reason: 'A JavaScript Date ends in the year 275760; ours refuses what lies behind',
    applies: (entry) => entry.includes('TimestampConverter'),
    ours: /lies beyond the years that a date can hold\.$/,
  },
  {
    reason: 'Java 19 and later write the fewest digits of a float',
    applies: (entry) => /spec":"float32"\}\]\] (?:int32|num6)$/.test(entry),
    ours: /= -?2\.1474836E9$/,
  },
  {
    reason: 'Two fields of one new name: which one wins depends on the order of Java’s hash map',
    applies: (entry) => entry === '[["ReplaceField$Value",{"renames":":b"}]] map',
    ours: /^orders 3/,
  },
];

const used = new Set<Difference>();

const entries = cases.transforms.flatMap(([chain, records], i) =>
  records.map((record, j): [string, Chain, string, string] => [nameOf(chain), chain, record, results.transforms[i]![j]!]),
);

function nameOf(chain: Chain): string {
  return chain.map(([name]) => name).join(' | ');
}

const byChain = Map.groupBy(entries, ([name]) => name);

test.each([...byChain.keys()])('%s', (name) => {
  const group = byChain.get(name)!;
  expect(group.length).toBeGreaterThan(0);
  for (const [, chain, record, theirs] of group) {
    const entry = `${JSON.stringify(chain)} ${record}`;
    const ours = runChain(chain, goldenRecord(record));
    if (ours === theirs) continue;
    const difference = DIFFERENCES.find((one) => one.applies(entry, theirs) && one.ours.test(ours));
    expect(difference, `${entry}\n${theirs}\n---\n${ours}`).toBeDefined();
    used.add(difference!);
  }
});

test('each known difference still is one', () => {
  expect(DIFFERENCES.filter((one) => !used.has(one)).map((one) => one.reason)).toEqual([]);
});

test('all transforms and predicates are there, both sides of those that have two', () => {
  const names = new Set(cases.transforms.flatMap(([chain]) => chain.map(([name]) => name)));
  for (const name of 'Cast ExtractField Flatten HeaderFrom HoistField InsertField MaskField ReplaceField SetSchemaMetadata TimestampConverter'.split(
    ' ',
  )) {
    expect([names.has(`${name}$Key`), names.has(`${name}$Value`)], name).toEqual([true, true]);
  }
  for (const name of 'DropHeaders Filter InsertHeader RegexRouter TimestampRouter ValueToKey'.split(' '))
    expect(names.has(name), name).toBe(true);
  for (const name of 'HasHeaderKey RecordIsTombstone TopicNameMatches'.split(' ')) expect(names.has(`predicates.${name}`), name).toBe(true);
});
