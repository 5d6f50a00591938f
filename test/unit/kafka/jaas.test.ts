import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ConfigError } from '../../../src/base/errors.ts';
import { parseJaas } from '../../../src/kafka/jaas.ts';

const PLAIN = 'org.apache.kafka.common.security.plain.PlainLoginModule';

test.each([
  [`${PLAIN} required username="alice" password="secret";`, { username: 'alice', password: 'secret' }],
  [`  ${PLAIN}\n  required\n  username="alice"\n  password='se"cret' ;\n`, { username: 'alice', password: 'se"cret' }],
  [`${PLAIN} REQUIRED username=alice password=pa-ss_1.2;`, { username: 'alice', password: 'pa-ss_1.2' }],
  [`${PLAIN} required password="a\\"b\\\\c;=\\101\\n";`, { password: 'a"b\\c;=A\n' }],
  [`${PLAIN} required /* user */ username="u" // rest\n password="http://x/*y*/";`, { username: 'u', password: 'http://x/*y*/' }],
  [`${PLAIN} required username = "비밀" a="";`, { username: '비밀', a: '' }],
  [`${PLAIN} required a="1" a="2";`, { a: '2' }],
  [`${PLAIN} optional;`, {}],
])('%s', (text, options) => {
  const entry = parseJaas(text);
  expect(entry.module).toBe('plain');
  expect(Object.fromEntries(entry.options)).toEqual(options);
});

test('the known login modules', () => {
  const module = (name: string) => parseJaas(`${name} required;`).module;
  expect(module('org.apache.kafka.common.security.scram.ScramLoginModule')).toBe('scram');
  expect(module('org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule')).toBe('oauthbearer');
  expect(module('com.sun.security.auth.module.Krb5LoginModule')).toBe('kerberos');
});

test.each([
  ['', 'it is empty'],
  ['com.sun.security.auth.module.JndiLoginModule required user.provider.url="ldap://evil";', 'the login module is not one of'],
  ['com.sun.security.auth.module.LdapLoginModule required;', 'the login module is not one of'],
  ['hunter2', 'the login module is not one of'],
  [PLAIN, 'must come one of required'],
  [`${PLAIN} "required" x;`, 'option 1 is not of the form'],
  [`${PLAIN} required username="hunter2"`, 'not terminated by a semicolon'],
  [`${PLAIN} required username="a" password="hunter2`, 'a quoted value is not closed'],
  [`${PLAIN} required username="a" password="hunter2"hunter2" ;`, 'a quoted value is not closed'],
  [`${PLAIN} required username="a" password="x"hunter2 y="z";`, 'option 3 is not of the form'],
  [`${PLAIN} required username="a" password=;`, 'option 2 is not of the form'],
  [`${PLAIN} required; ${PLAIN} required password="hunter2";`, 'exactly one login module is allowed'],
  [`${PLAIN} required password=hunter2;hunter2;`, 'exactly one login module is allowed'],
  ['x'.repeat(70_000), 'more than 65536'],
])('refuses %s without repeating it', (text, message) => {
  let error: unknown = null;
  try {
    parseJaas(text);
  } catch (e) {
    error = e;
  }
  expect(error).toBeInstanceOf(ConfigError);
  expect(String(error)).toContain(`sasl.jaas.config: `);
  expect(String(error)).toContain(message);
  expect(String(error)).not.toContain('hunter2');
});

test('any text gives an entry or a ConfigError', () => {
  const piece = fc.constantFrom(PLAIN, ' required ', 'a', '=', '"', "'", ';', '\\', '//', '/*', '*/', '\n', ' ', 'x="y"', '\\7');
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(piece).map((all) => `${PLAIN} required ${all.join('')}`),
      ),
      (text) => {
        try {
          expect(parseJaas(text).module).toBe('plain');
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigError);
        }
      },
    ),
    { numRuns: 5000 },
  );
});
