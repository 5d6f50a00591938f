/** The `:` line: a word of the command table, a name, and what it could become. Completion asks only what is known already. */
import { fuzzyRank } from '../store/filter.ts';
import { isGlob, matchGlob } from '../store/glob.ts';
import type { Session } from '../store/session.ts';
import type { Target } from '../store/view.ts';
import { workersOf } from '../store/worker-rows.ts';
import type { Command } from './command.ts';

export interface ParsedLine {
  readonly command: Command;
  /** What the argument names. */
  readonly target: Target;
  /** All that the arguments name, when they name more than one. */
  readonly targets: readonly Target[];
  readonly args: readonly string[];
  /** From `/filter` at the end. */
  readonly filter: string | null;
}

export type ParseResult = { readonly ok: true; readonly line: ParsedLine } | { readonly ok: false; readonly problem: string };

export function parseCommandLine(text: string, commands: readonly Command[], names: NameSource): ParseResult {
  const [, head = '', filter = null] = /^(.*?)(?:\s\/(.*))?$/s.exec(text.trim()) ?? [];
  const [word = '', ...rest] = head.split(/\s+/).filter((part) => part !== '');
  const found =
    commands.find((one) => one.words.includes(word)) ??
    commands.find((one) => one.words.some((own) => own.startsWith(word) && word.length > 1));
  if (!found) return { ok: false, problem: `there is no command "${word}"; ? lists them` };
  if (found.argument === null || rest.length === 0)
    return { ok: true, line: { command: found, target: {}, targets: [], args: rest, filter } };
  const name = rest[0]!;
  const known = names(found.argument);
  if (known === null) return unheardOf(found, found.argument, rest, filter);
  if (found.isBulk && (rest.length > 1 || isGlob(name))) return manyNamed(found, found.argument, rest, known, filter);
  const exact = closestName(name, known) ?? (found.argument === 'plugin' ? closestPlugin(name, known) : null);
  if (exact === null) return { ok: false, problem: `there is no ${found.argument} "${name}"` };
  return { ok: true, line: { command: found, target: named(found.argument, exact), targets: [], args: rest.slice(1), filter } };
}

/** Nobody has asked for the list of names yet. A look may be taken at the name as it is; what changes something needs one that is there. */
function unheardOf(
  command: Command,
  kind: NonNullable<Command['argument']>,
  [name = '', ...args]: readonly string[],
  filter: string | null,
): ParseResult {
  if (command.isMutating) return { ok: false, problem: `the ${kind}s are not known yet: :${kind}s asks for them` };
  return { ok: true, line: { command, target: named(kind, name), targets: [], args, filter } };
}

/** Every word must mean something: half of what was asked for is not what was asked for. */
function manyNamed(
  command: Command,
  kind: NonNullable<Command['argument']>,
  words: readonly string[],
  known: readonly string[],
  filter: string | null,
): ParseResult {
  const found = new Set<string>();
  for (const word of words) {
    const matching = isGlob(word) ? matchGlob(word, known) : known.includes(word) ? [word] : [];
    if (matching.length === 0)
      return { ok: false, problem: isGlob(word) ? `no ${kind} matches "${word}"` : `there is no ${kind} "${word}"` };
    for (const name of matching) found.add(name);
  }
  const targets = [...found].map((name) => named(kind, name));
  return { ok: true, line: { command, target: targets[0]!, targets: targets.length > 1 ? targets : [], args: [], filter } };
}

/** A worker is named by its id; its address need not be known. */
function named(kind: NonNullable<Command['argument']>, name: string): Target {
  return kind === 'worker' ? { workerId: name } : { [kind]: name };
}

/** The name itself, or the only one that begins so. */
export function closestName(text: string, names: readonly string[]): string | null {
  if (names.includes(text)) return text;
  const starting = names.filter((name) => name.startsWith(text));
  return starting.length === 1 ? starting[0]! : null;
}

/** A class by its short name, as in a connector's configuration. */
function closestPlugin(text: string, classes: readonly string[]): string | null {
  const short = (name: string) => name.slice(name.lastIndexOf('.') + 1);
  const found = closestName(text, classes.map(short));
  return found === null ? null : (classes.find((name) => short(name) === found) ?? null);
}

/** `null`: nobody has asked for them yet. */
export type NameSource = (kind: NonNullable<Command['argument']>) => readonly string[] | null;

export function namesOf(session: Session): NameSource {
  return (kind) => {
    switch (kind) {
      case 'connector':
        return session.connect?.data.connectors.map((row) => row.name) ?? [];
      case 'topic':
        return session.cluster?.data.topics.map((row) => row.info.name) ?? [];
      case 'group':
        return session.cluster === null ? [] : (session.cluster.data.groups?.map((row) => row.groupId) ?? null);
      case 'plugin':
        return session.connect === null ? [] : (session.connect.details.plugins.plugins?.map((plugin) => plugin.class) ?? null);
      case 'worker':
        return workersOf(session).map(({ id }) => id);
      case 'context':
        return session.host.places.flatMap(({ place }) => (place.kind === 'context' ? [place.name] : []));
      case 'skin':
        return session.terminal.skins();
    }
  };
}

const SHOWN = 6;

/** Whole lines that the text could become, best first. */
export function complete(text: string, commands: readonly Command[], names: NameSource): string[] {
  const words = text.split(/\s+/);
  if (words.length <= 1) return completeWord(words[0] ?? '', commands);
  const found = commands.find((one) => one.words.includes(words[0]!));
  if (!found || found.argument === null || words.length > 2) return [];
  const part = words[1] ?? '';
  const known = names(found.argument) ?? [];
  const starting = known.filter((name) => name.startsWith(part)).sort();
  const fuzzy = part === '' ? [] : fuzzyRank(part, known, SHOWN);
  return [...new Set([...starting, ...fuzzy])].slice(0, SHOWN).map((name) => `${words[0]} ${name}`);
}

function completeWord(part: string, commands: readonly Command[]): string[] {
  const firsts = commands.flatMap((one) => (one.words[0] ? [one.words[0]] : []));
  const aliases = new Map(commands.flatMap((one) => one.words.map((word) => [word, one.words[0]!] as const)));
  const exact = aliases.get(part);
  const starting = firsts.filter((word) => word.startsWith(part));
  return [...new Set([...(exact ? [exact] : []), ...starting, ...(part === '' ? [] : fuzzyRank(part, firsts, SHOWN))])].slice(0, SHOWN);
}
