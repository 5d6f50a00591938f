/** Changing a log level, for a while. */

import { LOG_LEVELS, type LogLevel } from '../base/log.ts';
import { hostOf } from '../store/addresses.ts';
import { type Dialog, line } from '../store/dialog.ts';
import type { LevelScope } from '../store/level-steps.ts';
import { type Command, type CommandContext, command } from './command.ts';
import { gate } from './gate.ts';
import { needsConnect } from './needs.ts';

/** The first one is the default: long enough to see something, short enough to be forgotten. */
const TIMES: ReadonlyArray<readonly [text: string, ms: number | null]> = [
  ['for 5 min', 300_000],
  ['for 15 min', 900_000],
  ['for 1 h', 3_600_000],
  ['for good', null],
  ['for 1 min', 60_000],
];

const LETTERS: Readonly<Record<LogLevel, string>> = {
  TRACE: 't',
  DEBUG: 'd',
  INFO: 'i',
  WARN: 'w',
  ERROR: 'e',
  FATAL: 'f',
  OFF: 'o',
};

interface Choice {
  readonly logger: string;
  readonly now: string;
  readonly time: number;
  readonly scope: LevelScope;
  /** Address; `null`: there is but one to ask. */
  readonly worker: string | null;
}

/** A letter sets the level at once; `m` and `c` change for how long and where first. */
function levelDialog(choice: Choice, onLevel: (level: LogLevel, forMs: number | null, scope: LevelScope) => void): Dialog {
  const [text, ms] = TIMES[choice.time]!;
  const again = (change: Partial<Choice>) => levelDialog({ ...choice, ...change }, onLevel);
  const here = choice.worker === null ? 'the worker that answers here' : `${hostOf(choice.worker)} alone`;
  const self: Dialog = {
    content: {
      title: `log level of ${choice.logger}`,
      lines: [
        line(
          `${text}${ms === null ? ': it stays until somebody changes it' : `, then ${choice.now} again by itself`}`,
          ms === null ? 'warn' : 'text',
        ),
        line(choice.scope === 'cluster' ? 'on every worker' : `on ${here}`, 'dim'),
        line(''),
        ...LOG_LEVELS.map((level) => line(`  ${LETTERS[level]}  ${level}${level === choice.now ? '  now' : ''}`)),
      ],
      input: null,
      keys: [
        ['m', 'how long'],
        ['c', choice.scope === 'cluster' ? 'this worker' : 'all workers'],
        ['esc', 'no'],
      ],
    },
    onKey: (key) => {
      if (['esc', 'ctrl-c', 'q', 'enter'].includes(key)) return null;
      if (key === 'm') return again({ time: (choice.time + 1) % TIMES.length });
      if (key === 'c') return again({ scope: choice.scope === 'cluster' ? 'worker' : 'cluster' });
      const level = LOG_LEVELS.find((one) => LETTERS[one] === key);
      if (!level) return self;
      onLevel(level, ms, choice.scope);
      return null;
    },
  };
  return self;
}

function changeLevel(context: CommandContext): void {
  const { session, operations, focus } = context;
  const logger = focus.logger!;
  const { loggers, worker } = session.connect?.details.loggers ?? { loggers: null, worker: null };
  const now = loggers?.[logger]?.level ?? 'INFO';
  // Who came from one worker means that one.
  const isOfOne = session.view.target.worker !== undefined || (session.connect?.data.knownWorkers.length ?? 0) < 2;
  session.openDialog(
    levelDialog({ logger, now, time: 0, scope: isOfOne ? 'worker' : 'cluster', worker }, (level, forMs, where) => {
      const change = () => void operations.setLevel({ logger, level, scope: where, worker }, forMs);
      // The choice was the question; in a protected context it is asked once more.
      if (session.context.isProtected)
        gate(context, { danger: 1, title: `${level} for ${logger}?`, lines: [], verb: 'set it', name: logger }, change);
      else change();
    }),
  );
}

export const LOGGER_COMMANDS: readonly Command[] = [
  command({
    id: 'logger.level',
    keys: ['enter', 'e'],
    title: 'level',
    help: 'Change the level, for 5 minutes unless you say otherwise.',
    scopes: ['loggers'],
    hint: 10,
    danger: 1,
    isMutating: true,
    disabledReason: (context) => needsConnect(context) ?? (context.focus.logger === undefined ? 'put the cursor on a logger first' : null),
    run: changeLevel,
  }),
];
