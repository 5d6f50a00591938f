/** `kconsole offsets …`: a connector must be stopped for a change; `--stop` does that and lets it go on afterwards. */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { messageOf } from '../../base/errors.ts';
import { formatExactJson, parseExactJson } from '../../base/exact-json.ts';
import type { HttpHerder } from '../../control/over-http.ts';
import type { ConnectorOffset, Message } from '../../herder/model.ts';
import { type Answer, confirm, EXIT, type OneShotDeps, runOnConnect, UsageError, withConnectOptions, yesOption } from './context.ts';
import { waitForState } from './health.ts';
import { formatTable } from './table.ts';

const STOP_WAIT_MS = 60_000;

interface ChangeFlags {
  readonly file?: string;
  readonly partition?: string;
  readonly offset?: string;
  readonly stop?: boolean;
}

export function registerOffsets(program: Command, deps: OneShotDeps): void {
  const offsets = program.command('offsets').description('offsets of a connector: get, alter, reset');
  withConnectOptions(offsets.command('get <connector>'))
    .description('what is stored')
    .action((connector: string, _, command: Command) =>
      runOnConnect(command, deps, async (herder) => offsetsAnswer((await herder.connectorOffsets(connector)).offsets)),
    );
  withConnectOptions(offsets.command('alter <connector>'))
    .description('store other offsets')
    .option('-f, --file <file>', 'JSON as `offsets get -o json` gives it')
    .option('--partition <json>', 'one partition')
    .option('--offset <json>', 'its offset; null resets it')
    .option('--stop', 'stop the connector before, and let it go on after')
    .addOption(yesOption())
    .action((connector: string, flags: ChangeFlags, command: Command) => {
      const change = (herder: HttpHerder) => herder.alterConnectorOffsets(connector, readChange(flags));
      return changeOffsets(command, deps, connector, flags, 'alter', change);
    });
  withConnectOptions(offsets.command('reset <connector>'))
    .description('forget all offsets: a source reads from its beginning, a sink from where auto.offset.reset says')
    .option('--stop', 'stop the connector before, and let it go on after')
    .addOption(yesOption())
    .action((connector: string, flags: ChangeFlags, command: Command) =>
      changeOffsets(command, deps, connector, flags, 'reset', (herder) => herder.resetConnectorOffsets(connector)),
    );
}

function changeOffsets(
  command: Command,
  deps: OneShotDeps,
  connector: string,
  changeFlags: ChangeFlags,
  verb: 'alter' | 'reset',
  change: (herder: HttpHerder) => Promise<Message>,
): Promise<void> {
  return runOnConnect(command, deps, async (herder, flags) => {
    const before = (await herder.connectorOffsets(connector)).offsets;
    if (verb === 'alter') readChange(changeFlags);
    if (!flags.yes && deps.isInteractive) deps.err(`Stored now:\n${offsetsTable(before)}`);
    await confirm(deps, flags, `${verb} the offsets of ${connector}`, connector);
    const { message } = changeFlags.stop ? await whileStopped(herder, connector, deps, change) : await change(herder);
    const after = (await herder.connectorOffsets(connector)).offsets;
    return { table: `${message}\n${offsetsTable(after)}`, json: { message, before, after }, exit: EXIT.healthy };
  });
}

/** Leaves the connector as it was found, also when the change is refused. */
async function whileStopped(
  herder: HttpHerder,
  connector: string,
  deps: OneShotDeps,
  change: (herder: HttpHerder) => Promise<Message>,
): Promise<Message> {
  const { state } = (await herder.connectorStatus(connector)).connector;
  if (state === 'STOPPED') return change(herder);
  await herder.stopConnector(connector);
  try {
    await waitForState(herder, connector, 'STOPPED', STOP_WAIT_MS, deps.clock);
    return await change(herder);
  } finally {
    await (state === 'PAUSED' ? herder.pauseConnector(connector) : herder.resumeConnector(connector));
  }
}

function readChange({ file, partition, offset }: ChangeFlags): readonly ConnectorOffset[] {
  if (file !== undefined) {
    const json = parse(readText(file), file);
    const offsets = typeof json === 'object' && json !== null && 'offsets' in json ? json.offsets : json;
    if (!Array.isArray(offsets)) throw new UsageError(`${file} must hold {"offsets":[{"partition":…,"offset":…}]}.`);
    return offsets as unknown as readonly ConnectorOffset[];
  }
  if (partition === undefined || offset === undefined) throw new UsageError('Say what to store: --file, or --partition and --offset.');
  return [{ partition: parse(partition, '--partition'), offset: parse(offset, '--offset') }] as unknown as readonly ConnectorOffset[];
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`Cannot read ${file}: ${messageOf(error)}`, { cause: error });
  }
}

function parse(text: string, where: string): ReturnType<typeof parseExactJson> {
  try {
    return parseExactJson(text, 'bigint');
  } catch (error) {
    throw new UsageError(`${where} is not JSON: ${messageOf(error)}`, { cause: error });
  }
}

function offsetsAnswer(offsets: readonly ConnectorOffset[]): Answer {
  return { table: offsetsTable(offsets), json: { offsets }, exit: EXIT.healthy };
}

function offsetsTable(offsets: readonly ConnectorOffset[]): string {
  return formatTable(
    offsets,
    [
      { title: 'PARTITION', cell: (row) => formatExactJson(row.partition) },
      { title: 'OFFSET', cell: (row) => formatExactJson(row.offset) },
    ],
    'no offsets stored',
  );
}
