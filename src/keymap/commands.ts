/** The one table of commands: keys, hints, help, the `:` line, the README and the tests all come from it. */
import { APP_COMMANDS } from './app-commands.ts';
import type { Command } from './command.ts';
import { CONNECTOR_COMMANDS } from './connector-commands.ts';
import { DLQ_COMMANDS } from './dlq-commands.ts';
import { MOVE_COMMANDS } from './move-commands.ts';
import { PANE_COMMANDS } from './pane-commands.ts';

export const COMMANDS: readonly Command[] = [...PANE_COMMANDS, ...CONNECTOR_COMMANDS, ...DLQ_COMMANDS, ...APP_COMMANDS, ...MOVE_COMMANDS];

/** What there is in a context: read-only ones lack everything that changes something. */
export function commandsFor(context: { readonly isReadOnly: boolean }): readonly Command[] {
  return context.isReadOnly ? COMMANDS.filter((one) => !one.isMutating) : COMMANDS;
}

export function commandById(id: string): Command {
  const found = COMMANDS.find((one) => one.id === id);
  if (!found) throw new Error(`there is no command ${id}`);
  return found;
}
