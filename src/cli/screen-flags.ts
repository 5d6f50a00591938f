/** How the console is to look, from the command line; what is not said there the environment decides. */
import { type Command, Option } from 'commander';

export interface ScreenFlags {
  readonly skin?: string;
  readonly color?: 'auto' | 'never' | '16' | '256' | 'truecolor';
  readonly ascii?: boolean;
  readonly accessible?: boolean;
}

/** What the screen is told. */
export interface ScreenLook {
  readonly skin?: string;
  /** 0 none, 1: 16 colours, 2: 256, 3: true colour. */
  readonly colours?: 0 | 1 | 2 | 3;
  readonly isAscii?: boolean;
  readonly isAccessible?: boolean;
}

const COLOURS = { never: 0, '16': 1, '256': 2, truecolor: 3 } as const;

export function withScreenOptions(command: Command): Command {
  return command
    .option('--skin <name>', 'default, light, high-contrast, colour-blind, mono, one of your own, or a file')
    .addOption(new Option('--color <when>', 'how many colours').choices(['auto', 'never', '16', '256', 'truecolor']))
    .option('--ascii', 'no characters beyond ASCII on the screen')
    .option('--accessible', 'for a screen reader: sentences instead of a screen');
}

export function lookOf(flags: ScreenFlags): ScreenLook {
  const { skin, color, ascii } = flags;
  return {
    ...(skin === undefined ? {} : { skin }),
    ...(color === undefined || color === 'auto' ? {} : { colours: COLOURS[color] }),
    ...(ascii ? { isAscii: true } : {}),
    ...(isAccessible(flags) ? { isAccessible: true } : {}),
  };
}

function isAccessible({ accessible }: ScreenFlags): boolean {
  return accessible === true || process.env.INK_SCREEN_READER === 'true';
}

/** A sentence when there is no terminal that the console could use; `null`: there is one. */
export function screenProblem(flags: ScreenFlags): string | null {
  if (!process.stdout.isTTY || !process.stdin.isTTY) return 'there is no terminal to draw on';
  if (isAccessible(flags)) return null;
  const term = process.env.TERM ?? '';
  if (term !== '' && term !== 'dumb') return null;
  return `TERM=${term || 'unset'} is a terminal that cannot be drawn on; --accessible speaks in lines instead`;
}
