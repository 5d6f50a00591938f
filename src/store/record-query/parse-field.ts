/** What a comparison is about: `value.a[0]`, `.a`, `key`, `header.name`, `partition`. */
import { FACTS, type Field, type Step } from './query.ts';
import type { Scanner } from './scanner.ts';

const NAME = /[\p{L}\p{M}\p{N}_$-]+/uy;

/** `null`, and nothing is read, when no field begins here. */
export function parseField(scanner: Scanner, facts: readonly string[]): Field | null {
  const start = scanner.at;
  if (scanner.peek(/\.(?=[\p{L}_$])|\.?\[(?=["'\d])/uy)) return { name: 'value', path: parsePath(scanner) };
  const name = scanner.take(NAME)?.[0];
  if (name === 'key' || name === 'value') return { name, path: parsePath(scanner) };
  if (name === 'header' || name === 'headers') return { name: 'header', header: parseHeader(scanner) };
  const fact = name === 'timestamp' ? 'time' : name;
  if (fact !== undefined && ([...FACTS, ...facts] as string[]).includes(fact)) return { name: 'fact', fact };
  scanner.at = start;
  return null;
}

function parsePath(scanner: Scanner): Step[] {
  const path: Step[] = [];
  for (;;) {
    // Also `.[0]`, as jq has it.
    if (scanner.take(/\.?\[/y)) path.push(parseBracket(scanner));
    else if (scanner.take(/\./y)) {
      const member = scanner.take(NAME)?.[0];
      path.push({ member: member ?? scanner.fail('the name of a member is missing after the dot') });
    } else return path;
  }
}

function parseBracket(scanner: Scanner): Step {
  const start = scanner.at - 1;
  const member = scanner.takeString();
  const index = member === null ? scanner.take(/\d{1,9}/y)?.[0] : undefined;
  if (member === null && index === undefined) scanner.fail('between [ and ] stands a number or a "name"');
  if (!scanner.take(/\]/y)) scanner.fail('the closing ] is missing', start);
  return member === null ? { index: Number(index) } : { member };
}

/** The rest of the word: names of headers have dots in them. */
function parseHeader(scanner: Scanner): string | null {
  if (scanner.take(/\[/y)) {
    const step = parseBracket(scanner);
    return 'member' in step ? step.member : String(step.index);
  }
  if (!scanner.take(/\./y)) return null;
  return scanner.take(/[\p{L}\p{M}\p{N}_$.-]+/uy)?.[0] ?? scanner.fail('the name of a header is missing after the dot');
}
