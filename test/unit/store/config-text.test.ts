/** A configuration as a file to edit, and back. Secrets never stand in it. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { listProperties } from '../../../src/spec/properties-file.ts';
import { type ConfigBase, formatConfig, readConfig, withProblems } from '../../../src/store/config-text.ts';

// biome-ignore lint/suspicious/noTemplateCurlyInString: references of config providers are written so
const reference = '${file:/secrets:key}';

const base: ConfigBase = {
  config: {
    topics: 'orders',
    'connection.password': 'geheim',
    'own.key': 'auch geheim',
    'connection.url': 'jdbc:mysql://kim:pass@db/shop',
    'ssl.key.password': reference,
    name: 'snk',
    'connector.class': 'FileStreamSink',
    note: '한글 "x"=\\ :\nzweite',
  },
  passwordKeys: new Set(['own.key']),
};

test('what a connector is comes first, secrets are placeholders, references stay', () => {
  expect(formatConfig(base, 'properties', ['head'])).toBe(`# head

name=snk
connector.class=FileStreamSink
connection.password=[hidden]
connection.url=jdbc:mysql://[hidden]@db/shop
note=한글 "x"=\\\\ :\\nzweite
own.key=[hidden]
ssl.key.password=\${file:/secrets:key}
topics=orders
`);
});

test.each(['properties', 'json'] as const)('what is left as it was in %s keeps the stored values', (format) => {
  const text = formatConfig(base, format);
  for (const secret of ['geheim', 'pass@']) expect(text).not.toContain(secret);
  expect(readConfig(text, format, base)).toEqual({ config: base.config, problems: [] });
  const edited = readConfig(text.replace('orders', 'orders,주문'), format, base);
  expect(edited.config).toEqual({ ...base.config, topics: 'orders,주문' });
});

test('any settings are read back as they were written', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ minLength: 1, unit: 'binary' }), fc.string({ unit: 'binary' })), (config) => {
      const clean = Object.fromEntries(Object.entries(config).filter(([key]) => key !== '__proto__'));
      const text = formatConfig({ config: clean, passwordKeys: new Set() }, 'properties');
      const back = Object.fromEntries(listProperties(text, 'it').map(({ key, value }) => [key, value]));
      for (const [key, value] of Object.entries(clean))
        if (!value.includes('://') && back[key] !== '[hidden]') expect(back[key]).toBe(value);
    }),
  );
});

test.each([
  ['a placeholder in another value', 'connection.url=jdbc:mysql://[hidden]@other/shop', 1, /stands for the stored value/],
  ['a placeholder of a new key', '\nnew.password=[hidden]', 2, /write the real value/],
  ['a key twice', 'a=1\n\na=2', 3, 'a was set in line 1 already'],
  ['another name', 'name=other', 1, 'the name cannot be changed: it stays snk'],
  ['an odd escape', 'ok=1\na=\\u12', null, /line 2: \\u needs four hexadecimal digits/],
  ['bytes', 'a=\x00', null, 'the file holds bytes that are no text. Nothing was taken from it.'],
  ['too much', 'x'.repeat(1_000_001), null, /1000001 characters; more than 1000000 is no configuration/],
])('%s is refused at its place', (_, text, line, problem) => {
  const { problems } = readConfig(text, 'properties', base);
  expect(problems).toMatchObject([{ line, text: typeof problem === 'string' ? problem : expect.stringMatching(problem) }]);
});

test('JSON: as an object or as POST takes it; numbers are texts; what is none says so', () => {
  expect(readConfig('{"name":"snk","config":{"tasks.max":2,"errors.log.enable":true}}', 'json', base).config).toEqual({
    'tasks.max': '2',
    'errors.log.enable': 'true',
    name: 'snk',
  });
  const problem = (text: string) => readConfig(text, 'json', base).problems[0]?.text;
  expect(problem('{"a":\n1,}')).toMatch(/the file is not JSON: .*line 2/);
  expect(problem('[]')).toBe('the file must hold a JSON object of settings');
  expect(problem('{"a":{"b":1}}')).toBe('a must be a text, a number, true or false');
  expect(readConfig('{\n"a":"[hidden]"}', 'json', base).problems[0]?.line).toBe(2);
});

test('problems stand at their fields in the user’s own text, and go when the next ones come', () => {
  const text = '# mine\nname=snk\ntasks.max=x\n';
  const once = withProblems(text, 'properties', [
    { key: 'tasks.max', line: null, text: 'is no number\nof tasks' },
    { key: 'topics', line: null, text: 'is missing' },
  ]);
  expect(once).toBe('# ✖ topics: is missing\n# mine\nname=snk\n# ✖ is no number\n# ✖ of tasks\ntasks.max=x\n');
  expect(withProblems(once, 'properties', [{ key: 'name', line: null, text: '\x1b[31m' }])).toBe(
    '# mine\n# ✖ ␛[31m\nname=snk\ntasks.max=x\n',
  );
  expect(readConfig(once, 'properties', base).config).toEqual({ name: 'snk', 'tasks.max': 'x' });
});
