/**
 * What an operator does to connectors: each call goes through the herder's door, is written to the action log with what was before and
 * what came of it, and leaves an undo where there is an honest one. The screen shows «pause requested» until the status says so.
 */
import { messageOf } from '../base/errors.ts';
import { HIDDEN, maskConfig } from '../base/mask.ts';
import type { Herder } from '../herder/herder.ts';
import type { ActionRecord } from './action-log.ts';
import { type ConnectorRow, passwordKeys, type RestartScope, type WantedChange, type WantedState } from './connect-model.ts';
import type { Session } from './session.ts';

export interface UndoEntry {
  /** What it will do: `resume orders`. */
  readonly title: string;
  readonly connector: string;
  run(): Promise<void>;
}

interface Step {
  readonly action: string;
  readonly connector: string;
  /** In words, for the flash: `pause`. */
  readonly verb: string;
  readonly request: string;
  readonly change: WantedChange | null;
  readonly undo: UndoEntry | null;
}

/** True when the worker keeps secrets of this config to itself: with what is known the connector could not be made again. */
export function isHidden(config: Readonly<Record<string, string>>): boolean {
  return Object.values(config).includes(HIDDEN);
}

export class Operations {
  readonly #session: Session;
  /** Two at once could write the same records. */
  isRedriving = false;
  #undo: readonly UndoEntry[] = [];

  constructor(session: Session) {
    this.#session = session;
  }

  get nextUndo(): UndoEntry | null {
    return this.#undo.at(-1) ?? null;
  }

  pushUndo(entry: UndoEntry): void {
    this.#undo = [...this.#undo.slice(-19), entry];
  }

  takeUndo(): UndoEntry | null {
    const entry = this.nextUndo;
    this.#undo = this.#undo.slice(0, -1);
    return entry;
  }

  get #herder(): Herder {
    const herder = this.#session.connect?.herder;
    if (!herder) throw new Error('no Connect worker is configured');
    return herder;
  }

  row(name: string): ConnectorRow | null {
    return this.#session.connect?.data.connectors.find((row) => row.name === name) ?? null;
  }

  pause(name: string): Promise<boolean> {
    return this.#do(this.#step('connector.pause', name, 'pause', 'PAUSED', `PUT /connectors/${name}/pause`), (herder) =>
      herder.pauseConnector(name),
    );
  }

  resume(name: string): Promise<boolean> {
    return this.#do(this.#step('connector.resume', name, 'resume', 'RUNNING', `PUT /connectors/${name}/resume`), (herder) =>
      herder.resumeConnector(name),
    );
  }

  stop(name: string): Promise<boolean> {
    return this.#do(this.#step('connector.stop', name, 'stop', 'STOPPED', `PUT /connectors/${name}/stop`), (herder) =>
      herder.stopConnector(name),
    );
  }

  restart(name: string, scope: RestartScope): Promise<boolean> {
    const path = `/connectors/${name}`;
    if (typeof scope === 'number')
      return this.#do(this.#restartStep(name, scope, `restart of task ${scope}`, `${path}/tasks/${scope}/restart`), (herder) =>
        herder.restartTask(name, scope),
      );
    if (scope === 'connector')
      return this.#do(this.#restartStep(name, scope, 'restart of the connector', `${path}/restart`), (herder) =>
        herder.restartConnector(name),
      );
    const onlyFailed = scope === 'failed';
    const verb = onlyFailed ? 'restart of what failed' : 'restart of connector and tasks';
    return this.#do(
      this.#restartStep(name, scope, verb, `${path}/restart?includeTasks=true&onlyFailed=${onlyFailed}`),
      async (herder) => void (await herder.restartConnectorAndTasks(name, { includeTasks: true, onlyFailed })),
    );
  }

  #restartStep(connector: string, restarted: RestartScope, verb: string, path: string): Step {
    const change: WantedChange = { wanted: 'RESTARTED', restarted };
    return { action: 'connector.restart', connector, verb, request: `POST ${path}`, change, undo: null };
  }

  async delete(name: string): Promise<boolean> {
    const config = this.row(name)?.config ?? (await this.#herder.connectorConfig(name));
    const undo: UndoEntry | null = isHidden(config)
      ? null
      : {
          title: `create ${name} again with the config it had`,
          connector: name,
          run: () => this.#recreate(name, config),
        };
    const step: Step = { ...this.#step('connector.delete', name, 'delete', 'DELETED', `DELETE /connectors/${name}`), undo };
    const keys = await this.#herder.pluginConfig(config['connector.class'] ?? '').catch(() => []);
    return this.#do(step, (herder) => herder.deleteConnector(name), JSON.stringify(maskConfig(config, passwordKeys(keys))));
  }

  async #recreate(name: string, config: Readonly<Record<string, string>>): Promise<void> {
    const step: Step = { action: 'app.undo', connector: name, verb: 'creation', request: 'POST /connectors', change: null, undo: null };
    await this.#do(step, async (herder) => {
      await herder.putConnectorConfig(name, config, { allowReplace: false });
    });
  }

  /** Pause and resume undo each other; a stop is undone to what was before. */
  #step(action: string, connector: string, verb: string, wanted: WantedState, request: string): Step {
    const before = this.row(connector)?.state;
    const undo = (title: string, run: () => Promise<unknown>): UndoEntry => ({
      title: `${title} ${connector}`,
      connector,
      run: async () => void (await run()),
    });
    const back =
      wanted === 'PAUSED' || (wanted === 'STOPPED' && before !== 'PAUSED')
        ? undo('resume', () => this.resume(connector))
        : wanted === 'STOPPED'
          ? undo('pause', () => this.pause(connector))
          : wanted === 'RUNNING'
            ? before === 'STOPPED'
              ? undo('stop', () => this.stop(connector))
              : undo('pause', () => this.pause(connector))
            : null;
    return { action, connector, verb, request, change: { wanted, restarted: null }, undo: before === wanted ? null : back };
  }

  /** True when the worker took it. Never throws: an error is flashed and logged. */
  async #do(step: Step, call: (herder: Herder) => Promise<void>, before: string | null = null): Promise<boolean> {
    const { connector } = step;
    const startedMs = this.#session.clock.monoMs();
    const title = `${step.verb} ${step.verb.includes(' of ') ? `(${connector})` : connector}`;
    this.#session.update({ running: { title, sinceMs: this.#session.clock.wallMs() } });
    if (step.change !== null) this.#session.connect?.request(connector, step.change);
    try {
      await call(this.#herder);
      this.record({ ...step, before: before ?? this.row(connector)?.state ?? null, result: 'ok', detail: null, startedMs });
      if (step.undo) this.pushUndo(step.undo);
      this.#session.flash('info', `${title} requested${step.undo ? ' · z undoes it' : ''}`);
      return true;
    } catch (error) {
      const message = messageOf(error);
      this.#session.connect?.dropRequest(connector);
      this.record({ ...step, before: before ?? this.row(connector)?.state ?? null, result: 'failed', detail: message, startedMs });
      this.#session.flash('error', `${title}: ${message}`);
      return false;
    } finally {
      this.#session.update({ running: null });
      this.#session.refresh();
    }
  }

  record(entry: {
    action: string;
    connector: string;
    request: string;
    before: string | null;
    result: ActionRecord['result'];
    detail: string | null;
    startedMs: number;
  }): void {
    const { action, connector, request, before, result, detail, startedMs } = entry;
    const durationMs = Math.round(this.#session.clock.monoMs() - startedMs);
    this.#session.actionLog.add({ action, target: connector, request, before, result, detail, durationMs }, this.#session.clock.wallMs());
  }
}
