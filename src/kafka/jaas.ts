/**
 * `sasl.jaas.config`: one login module, its flag and its options. The text is data: it selects an entry of a fixed table and never
 * causes code to be loaded (CVE-2023-25194, CVE-2025-27818/27819). No message repeats anything of the text but known names.
 * Grammar: `LoginModuleClass required|requisite|sufficient|optional key="value" … ;` (org.apache.kafka.common.security.JaasConfig).
 */
import { ConfigError } from '../base/errors.ts';

export type LoginModule = 'plain' | 'scram' | 'oauthbearer' | 'kerberos';

export interface JaasEntry {
  readonly module: LoginModule;
  /** In the order of the text; the last of equal keys wins. */
  readonly options: ReadonlyMap<string, string>;
}

const LOGIN_MODULES: ReadonlyMap<string, LoginModule> = new Map([
  ['org.apache.kafka.common.security.plain.PlainLoginModule', 'plain'],
  ['org.apache.kafka.common.security.scram.ScramLoginModule', 'scram'],
  ['org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule', 'oauthbearer'],
  ['com.sun.security.auth.module.Krb5LoginModule', 'kerberos'],
]);

const FLAGS = ['required', 'requisite', 'sufficient', 'optional'];

/** Longest text taken; a real one has some hundred characters. */
const MAX_LENGTH = 64 * 1024;

type Token = { readonly kind: 'text'; readonly text: string; readonly isQuoted: boolean } | { readonly kind: '=' } | { readonly kind: ';' };

/** Throws ConfigError; `property` names the setting in messages. */
export function parseJaas(text: string, property = 'sasl.jaas.config'): JaasEntry {
  const fail = (problem: string) => new ConfigError(`${property}: ${problem}`);
  if (text.length > MAX_LENGTH) throw fail(`the text has ${text.length} characters, more than ${MAX_LENGTH}.`);
  const tokens = tokenize(text, fail);
  const first = tokens[0];
  if (first === undefined)
    throw fail('it is empty. It needs a login module, e.g. org.apache.kafka.common.security.plain.PlainLoginModule required …;');
  const module = first.kind === 'text' ? LOGIN_MODULES.get(first.text) : undefined;
  if (module === undefined) throw fail(`the login module is not one of ${[...LOGIN_MODULES.keys()].join(', ')}.`);
  const flag = tokens[1];
  if (flag?.kind !== 'text' || !FLAGS.includes(flag.text.toLowerCase())) {
    throw fail(`after the login module must come one of ${FLAGS.join(', ')}.`);
  }
  const end = tokens.findIndex((token) => token.kind === ';');
  if (end === -1) throw fail('the entry is not terminated by a semicolon.');
  const options = readOptions(tokens.slice(2, end), fail);
  if (end !== tokens.length - 1)
    throw fail('there is more text after the first semicolon; exactly one login module is allowed. Quote a value that holds a semicolon.');
  return { module, options };
}

function readOptions(tokens: readonly Token[], fail: (problem: string) => ConfigError): Map<string, string> {
  const options = new Map<string, string>();
  for (let at = 0; at < tokens.length; at += 3) {
    const [key, equals, value] = tokens.slice(at, at + 3);
    // The number, not the text: with a quote missing, a key may be the rest of a password.
    if (key?.kind !== 'text' || key.isQuoted || equals?.kind !== '=' || value?.kind !== 'text') {
      throw fail(
        `option ${at / 3 + 1} is not of the form name="value". Quote values, and write \\" for a quote and \\\\ for a backslash inside.`,
      );
    }
    options.set(key.text, value.text);
  }
  return options;
}

const ESCAPES: Readonly<Record<string, string>> = { a: '\u0007', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

function tokenize(text: string, fail: (problem: string) => ConfigError): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const char = text[at] ?? '';
    if (char <= ' ') at++;
    else if (char === '=' || char === ';') {
      tokens.push({ kind: char });
      at++;
    } else if (text.startsWith('//', at)) at = endOr(text.indexOf('\n', at), text.length);
    else if (text.startsWith('/*', at)) at = endOr(text.indexOf('*/', at + 2), text.length - 2) + 2;
    else if (char === '"' || char === "'") {
      const quoted = readQuoted(text, at, fail);
      tokens.push({ kind: 'text', text: quoted.text, isQuoted: true });
      at = quoted.end;
    } else {
      const word = /^[^\s=;"']+/.exec(text.slice(at, at + MAX_LENGTH))?.[0] ?? char;
      tokens.push({ kind: 'text', text: word, isQuoted: false });
      at += word.length;
    }
  }
  return tokens;
}

function endOr(index: number, otherwise: number): number {
  return index === -1 ? otherwise : index;
}

function readQuoted(text: string, start: number, fail: (problem: string) => ConfigError): { text: string; end: number } {
  const quote = text[start];
  let value = '';
  for (let at = start + 1; at < text.length; at++) {
    const char = text[at] ?? '';
    if (char === quote) return { text: value, end: at + 1 };
    if (char === '\n' || char === '\r') break;
    if (char !== '\\') {
      value += char;
      continue;
    }
    const octal = /^(?:[0-3][0-7]{0,2}|[4-7][0-7]?)/.exec(text.slice(at + 1, at + 4))?.[0];
    if (octal) value += String.fromCharCode(Number.parseInt(octal, 8));
    else value += ESCAPES[text[at + 1] ?? ''] ?? text[at + 1] ?? '';
    at += octal ? octal.length : 1;
  }
  throw fail('a quoted value is not closed.');
}
