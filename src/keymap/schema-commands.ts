/** Commands on schemas: the place, and the difference of two versions. */
import type { Session } from '../store/session.ts';
import { type Command, type CommandContext, command } from './command.ts';

function needsRegistry({ session }: CommandContext): string | null {
  return session.schemas === null
    ? 'no schema registry is configured: --schema-registry URL, or schema.registry.url in the properties'
    : null;
}

/** Two marked versions; else the one in sight and the one before it. */
function pairOf(session: Session, focus: CommandContext['focus']): readonly [before: number, after: number] | null {
  const marked = [...session.view.marks.values()].flatMap(({ version }) => version ?? []).sort((a, b) => a - b);
  if (marked.length === 2) return [marked[0]!, marked[1]!];
  const numbers = session.schemas?.data.open?.versions?.map((one) => one.version) ?? [];
  const at = numbers.indexOf(focus.version ?? -1);
  return at < 1 ? null : [numbers[at - 1]!, numbers[at]!];
}

export const SCHEMA_COMMANDS: readonly Command[] = [
  command({
    id: 'go.schemas',
    title: 'schemas',
    help: 'Subjects of the schema registry.',
    words: ['schemas', 'sc'],
    disabledReason: needsRegistry,
    run: ({ session }) => session.jump('schemas'),
  }),
  command({
    id: 'schema.diff',
    keys: ['='],
    title: 'difference',
    help: 'Of two marked versions, or of this one and the one before.',
    scopes: ['subject', 'schema'],
    hint: 20,
    disabledReason: ({ session, focus }) =>
      pairOf(session, focus) ? null : 'mark two versions (Space), or choose one that has one before it',
    run: ({ session, focus }) => {
      const pair = pairOf(session, focus);
      if (pair)
        session.open('schema-diff', {
          ...(focus.subject === undefined ? {} : { subject: focus.subject }),
          versus: pair[0],
          version: pair[1],
        });
    },
  }),
];
