/** The key table of the README, written from the command table. */
import { keyLabel, type Scope } from './command.ts';
import { COMMANDS } from './commands.ts';

const PLACES: Readonly<Partial<Record<Scope, string>>> = {
  all: 'everywhere',
  table: 'tables',
  text: 'texts',
  connector: 'a connector or its tasks',
};

/** GitHub Markdown: key, command word, where, what it does. A test compares it with the README. */
export function keyTableMarkdown(): string {
  const rows = COMMANDS.map((one) => {
    const keys = one.keys.map((key) => `\`${keyLabel(key) === '|' ? '\\|' : keyLabel(key)}\``).join(' ');
    const words = one.words.map((word) => `\`:${word}\``).join(' ');
    const places = one.scopes.map((scope) => PLACES[scope] ?? scope).join(', ');
    return `| ${keys} | ${words} | ${places} | ${one.help}${one.isMutating ? ' †' : ''} |`;
  });
  return [
    '| Key | Word | Where | What it does |',
    '|---|---|---|---|',
    ...rows,
    '| `A`–`Z` |  | tables | Sort by the column whose letter is marked; again turns the order round. |',
    '| `^C` |  | everywhere | Ends what is open; twice within two seconds leaves. |',
    '',
    '† asks first (default No), is absent in read-only contexts, and is written to the action log.',
    '',
  ].join('\n');
}
