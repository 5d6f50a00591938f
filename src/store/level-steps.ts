/** Changes of log levels as steps. Setting a logger sets those below it too (KIP-495), so the way back sets each to what it was. */
import type { LogLevel } from '../base/log.ts';
import type { Herder } from '../herder/herder.ts';
import type { LoggerLevel } from '../herder/model.ts';
import type { Step } from './step.ts';
import type { UndoEntry } from './undo.ts';

export type LevelScope = 'worker' | 'cluster';

export interface LevelChange {
  readonly logger: string;
  readonly level: LogLevel;
  readonly scope: LevelScope;
  /** Address of the worker that the levels were read from, and that a change of one worker goes to; `null`: there is but one to ask. */
  readonly worker: string | null;
}

/** A change of one worker, and its way back, must reach that worker; what all of them take may go to any. */
const onlyAt = ({ scope, worker }: LevelChange) => (scope === 'worker' && worker !== null ? worker : undefined);

/** What was set, and what the loggers were before; parents come before those below them. */
export interface LevelsBefore extends LevelChange {
  readonly levels: ReadonlyArray<readonly [logger: string, level: LogLevel]>;
}

type Loggers = Readonly<Record<string, LoggerLevel>>;

/** Its own, else that of the nearest logger above it that is known, else root's. */
export function levelOf(loggers: Loggers, name: string): LogLevel | null {
  for (let at = name; at !== ''; at = at.includes('.') ? at.slice(0, at.lastIndexOf('.')) : '') {
    const known = loggers[at];
    if (known) return known.level;
  }
  return loggers.root?.level ?? null;
}

/** What must be set, and in which order, so that all are what they were; those that the one above them sets need no call. */
export function levelsBefore(loggers: Loggers, change: LevelChange): LevelsBefore {
  const own = levelOf(loggers, change.logger) ?? 'INFO';
  const below = Object.keys(loggers)
    .filter((name) => name !== change.logger && (change.logger === 'root' || name.startsWith(`${change.logger}.`)))
    .sort();
  const levels = [[change.logger, own] as const];
  for (const name of below) {
    const level = loggers[name]!.level;
    const above = levels.findLast(([one]) => one === 'root' || name.startsWith(`${one}.`));
    if (level !== above?.[1]) levels.push([name, level]);
  }
  return { ...change, levels };
}

const requestOf = ({ logger, scope }: LevelChange) => `PUT /admin/loggers/${encodeURIComponent(logger)}?scope=${scope}`;

/** `onSet` hears what was before, once it is set; `onUndone` that it is so again. */
export function levelStep(change: LevelChange, { onSet, onUndone }: { onSet(before: LevelsBefore): void; onUndone(): void }): Step {
  const { logger, level, scope } = change;
  return {
    action: 'logger.level',
    connector: logger,
    title: `${level} for ${logger}`,
    request: requestOf(change),
    change: null,
    before: null,
    call: async ({ herder }) => {
      const before = levelsBefore(await herder.loggers(change.worker ?? undefined), change);
      await herder.setLogger(logger, level, scope, onlyAt(change));
      onSet(before);
      return { before: before.levels[0]![1], after: level, undo: undoOf(before, herder, onUndone) };
    },
  };
}

/** Sets everything to what it was. */
export function restoreStep(before: LevelsBefore): Step {
  const { logger, level, scope, levels } = before;
  const own = levels[0]![1];
  return {
    action: 'logger.restore',
    connector: logger,
    title: `${own} for ${logger} again`,
    request: requestOf(before),
    change: null,
    before: level,
    call: async ({ herder }) => {
      for (const [name, was] of levels) await herder.setLogger(name, was, scope, onlyAt(before));
      return { after: own, undo: null };
    },
  };
}

/** Why it must not be set back: somebody else has set it meanwhile. `null`: it is as we left it. */
export async function restoreRefusal(before: LevelsBefore, herder: Herder): Promise<string | null> {
  const now = levelOf(await loggersNow(before, herder), before.logger);
  return now === before.level || now === null
    ? null
    : `${before.logger} was set to ${before.level} from here and is ${now} now: it is left`;
}

/** What holds for all of them may be read from any, when the one that was set last is gone. */
function loggersNow({ scope, worker }: LevelChange, herder: Herder): Promise<Loggers> {
  const asked = herder.loggers(worker ?? undefined);
  return scope === 'worker' || worker === null ? asked : asked.catch(() => herder.loggers());
}

function undoOf(before: LevelsBefore, herder: Herder, onUndone: () => void): UndoEntry {
  return {
    title: `set ${before.logger} back to ${before.levels[0]![1]}`,
    target: before.logger,
    refusal: () => restoreRefusal(before, herder),
    run: async (undoBy) => {
      const outcome = await undoBy(restoreStep(before));
      if (outcome.outcome === 'ok') onUndone();
      return outcome;
    },
  };
}
