/** The one table of commands: keys, hints, help, the `:` line, the README and the tests all come from it. */
import { ACCESS_COMMANDS } from './access-commands.ts';
import { APP_COMMANDS } from './app-commands.ts';
import { BULK_COMMANDS } from './bulk-commands.ts';
import { CLUSTER_COMMANDS } from './cluster-commands.ts';
import type { Command } from './command.ts';
import { CONFIG_COMMANDS } from './config-commands.ts';
import { CONNECTOR_COMMANDS } from './connector-commands.ts';
import { COPY_COMMANDS } from './copy-commands.ts';
import { DLQ_COMMANDS } from './dlq-commands.ts';
import { GROUP_COMMANDS } from './group-commands.ts';
import { LEADER_COMMANDS } from './leader-commands.ts';
import { LOGGER_COMMANDS } from './logger-commands.ts';
import { LOOK_COMMANDS } from './look-commands.ts';
import { MARK_COMMANDS } from './mark-commands.ts';
import { MOVE_COMMANDS } from './move-commands.ts';
import { PANE_COMMANDS } from './pane-commands.ts';
import { PLACE_COMMANDS } from './place-commands.ts';
import { RECORD_COMMANDS } from './record-commands.ts';
import { SAVE_COMMANDS } from './save-commands.ts';
import { SCHEMA_COMMANDS } from './schema-commands.ts';
import { SETTINGS_COMMANDS } from './settings-commands.ts';
import { TABLE_COMMANDS } from './table-commands.ts';
import { TAIL_COMMANDS } from './tail-commands.ts';
import { TOPIC_COMMANDS } from './topic-commands.ts';
import { WORKER_COMMANDS } from './worker-commands.ts';

export const COMMANDS: readonly Command[] = [
  ...PANE_COMMANDS,
  ...TABLE_COMMANDS,
  ...LOOK_COMMANDS,
  ...TAIL_COMMANDS,
  ...RECORD_COMMANDS,
  ...SAVE_COMMANDS,
  ...CONNECTOR_COMMANDS,
  ...CONFIG_COMMANDS,
  ...CLUSTER_COMMANDS,
  ...LEADER_COMMANDS,
  ...TOPIC_COMMANDS,
  ...SETTINGS_COMMANDS,
  ...DLQ_COMMANDS,
  ...GROUP_COMMANDS,
  ...ACCESS_COMMANDS,
  ...LOGGER_COMMANDS,
  ...WORKER_COMMANDS,
  ...SCHEMA_COMMANDS,
  ...BULK_COMMANDS,
  ...MARK_COMMANDS,
  ...COPY_COMMANDS,
  ...APP_COMMANDS,
  ...PLACE_COMMANDS,
  ...MOVE_COMMANDS,
];

/** What there is in a context: read-only ones lack everything that changes something. */
export function commandsFor(context: { readonly isReadOnly: boolean }): readonly Command[] {
  return context.isReadOnly ? COMMANDS.filter((one) => !one.isMutating) : COMMANDS;
}

export function commandById(id: string): Command {
  const found = COMMANDS.find((one) => one.id === id);
  if (!found) throw new Error(`there is no command ${id}`);
  return found;
}
