import { expect, expectTypeOf, test } from 'vitest';
import { ConfigError } from '../../../src/base/errors.ts';
import { type ConfOf, defineSpec, extendSpec, key } from '../../../src/spec/define.ts';
import { atLeast, nonEmptyString, nonEmptyStringWithoutControlChars, uniqueAliases } from '../../../src/spec/validators.ts';

const spec = defineSpec({
  name: key.string({
    validator: nonEmptyStringWithoutControlChars(),
    importance: 'HIGH',
    doc: 'Name.',
    group: 'Common',
    orderInGroup: 1,
    width: 'MEDIUM',
    displayName: 'Connector name',
  }),
  file: key.string({ default: null, importance: 'HIGH', doc: 'File.' }),
  'batch.size': key.int({ default: 2000, validator: atLeast(1), importance: 'LOW', doc: 'Batch.' }),
  'timeout.ms': key.long({ default: 60_000n, importance: 'LOW', doc: 'Timeout.' }),
  transforms: key.list({ default: [], validator: uniqueAliases(), importance: 'LOW', doc: 'Transforms.' }),
  enabled: key.boolean({ default: false, importance: 'LOW', doc: 'On.' }),
  tolerance: key.choice(['none', 'all'], { default: 'none', importance: 'LOW', doc: 'Tolerance.' }),
  password: key.password({ default: null, importance: 'LOW', doc: 'Secret.' }),
  ratio: key.double({ default: 0.8, importance: 'LOW', doc: 'Ratio.' }),
  factor: key.short({ default: 3, importance: 'LOW', doc: 'Factor.' }),
  converter: key.class({ default: null, importance: 'LOW', doc: 'Class.', resolve: (n) => (n === 'Json' ? 'org.Json' : null) }),
});
type Conf = ConfOf<typeof spec>;

test('the reader gets its types from the spec', () => {
  expectTypeOf<Conf>().toEqualTypeOf<{
    readonly name: string;
    readonly file: string | null;
    readonly 'batch.size': number;
    readonly 'timeout.ms': bigint;
    readonly transforms: readonly string[];
    readonly enabled: boolean;
    readonly tolerance: 'none' | 'all';
    readonly password: string | null;
    readonly ratio: number;
    readonly factor: number;
    readonly converter: string | null;
  }>();
});

test('defaults and parsed values', () => {
  expect(spec.parse({ name: ' n ' })).toEqual({
    name: 'n',
    file: null,
    'batch.size': 2000,
    'timeout.ms': 60_000n,
    transforms: [],
    enabled: false,
    tolerance: 'none',
    password: null,
    ratio: 0.8,
    factor: 3,
    converter: null,
  });
  const conf = spec.parse({
    name: 'n',
    'batch.size': ' +7 ',
    'timeout.ms': '9007199254740993',
    transforms: ' a , b,c ',
    enabled: 'TRUE',
    tolerance: 'all',
    password: ' p ',
    ratio: '1e3',
    converter: 'Json',
    unknown: 'x',
  });
  expect(conf).toMatchObject({
    'batch.size': 7,
    'timeout.ms': 9007199254740993n,
    transforms: ['a', 'b', 'c'],
    enabled: true,
    tolerance: 'all',
    password: 'p',
    ratio: 1000,
    converter: 'org.Json',
  });
});

test.each([
  [{}, 'Missing required configuration "name" which has no default value.'],
  [{ name: '' }, 'Invalid value  for configuration name: String may not be empty'],
  [
    { name: 'a\u0001\u0085' },
    'Invalid value a\u0001\u0085 for configuration name: String may not contain control sequences but had the following ASCII chars: 1, 133',
  ],
  [{ name: 'n', 'batch.size': '0' }, 'Invalid value 0 for configuration batch.size: Value must be at least 1'],
  [{ name: 'n', 'batch.size': '2147483648' }, 'Invalid value 2147483648 for configuration batch.size: Not a number of type INT'],
  [{ name: 'n', 'batch.size': '1.5' }, 'Invalid value 1.5 for configuration batch.size: Not a number of type INT'],
  [
    { name: 'n', 'timeout.ms': '9223372036854775808' },
    'Invalid value 9223372036854775808 for configuration timeout.ms: Not a number of type LONG',
  ],
  [{ name: 'n', factor: '32768' }, 'Invalid value 32768 for configuration factor: Not a number of type SHORT'],
  [{ name: 'n', ratio: 'x' }, 'Invalid value x for configuration ratio: Not a number of type DOUBLE'],
  [{ name: 'n', enabled: 'yes' }, 'Invalid value yes for configuration enabled: Expected value to be either true or false'],
  [{ name: 'n', tolerance: 'some' }, 'Invalid value some for configuration tolerance: String must be one of: none, all'],
  [{ name: 'n', transforms: 'a,a' }, 'Invalid value [a, a] for configuration transforms: Duplicate alias provided.'],
  [{ name: 'n', converter: 'no.Such' }, 'Invalid value no.Such for configuration converter: Class no.Such could not be found.'],
  [{ name: null }, 'Invalid value null for configuration name: Value must be non-null'],
])('parse refuses %j', (config: Record<string, string | null>, message) => {
  expect(() => spec.parse(config)).toThrow(new ConfigError(message));
});

test('validateAll reports every fault, and two where the validator refuses null as well', () => {
  const values = spec.validateAll({ 'batch.size': 'zero', password: 'secret', ratio: '100000000', transforms: 'a, b' });
  expect(values.get('name')).toEqual({
    name: 'name',
    value: null,
    recommendedValues: [],
    errors: ['Missing required configuration "name" which has no default value.'],
    visible: true,
  });
  expect(values.get('batch.size')).toMatchObject({
    value: null,
    errors: [
      'Invalid value zero for configuration batch.size: Not a number of type INT',
      'Invalid value null for configuration batch.size: Value must be non-null',
    ],
  });
  expect(values.get('password')?.value).toBe('[hidden]');
  expect(values.get('ratio')?.value).toBe('1.0E8');
  expect(values.get('transforms')?.value).toBe('a,b');
  expect(values.get('timeout.ms')?.value).toBe('60000');
  expect([...values.keys()]).toEqual([...spec.keys.keys()]);
});

test('recommenders see the raw configuration', () => {
  const withRecommender = defineSpec({
    mode: key.string({
      default: 'a',
      importance: 'LOW',
      doc: 'Mode.',
      dependents: ['gone'],
      recommender: { validValues: () => ['a', 'b'], visible: (config) => config.show === 'yes' },
    }),
  });
  const values = withRecommender.validateAll({ show: 'no' });
  expect(values.get('mode')).toMatchObject({ recommendedValues: ['a', 'b'], visible: false });
  expect(values.get('gone')).toMatchObject({ errors: ['gone is referred in the dependents, but not defined.'], visible: false });
});

test('extendSpec keeps the order and lets the later key win', () => {
  const more = extendSpec(
    spec,
    defineSpec({
      name: key.string({ default: 'x', validator: nonEmptyString(), importance: 'LOW', doc: 'n' }),
      extra: key.int({ importance: 'LOW', doc: 'e' }),
    }),
  );
  expect([...more.keys.keys()].slice(0, 2)).toEqual(['name', 'file']);
  expect(more.parse({ extra: '1' })).toMatchObject({ name: 'x', extra: 1 });
});
