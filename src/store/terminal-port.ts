/** What only the terminal's owner can do. */

/** How a text came back from the user's editor. */
export type EditOutcome =
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'changed'; readonly text: string }
  /** `problem` is a sentence for the user: no editor, it failed, what it left cannot be read. */
  | { readonly kind: 'failed'; readonly problem: string };

export interface TerminalPort {
  /** `isUrgent`: a frame that answers a key. */
  canDraw(isUrgent: boolean): boolean;
  /** From a frame to the terminal's answer; `null`: not known. */
  latencyMs(): number | null;
  /** A frame has been handed over. */
  drawn(): void;
  repaint(): void;
  suspend(): Promise<void>;
  /** Hands a text to the terminal's clipboard; whether it takes it nobody tells. False: it is too long. */
  copy(text: string): boolean;
  /** Gives the terminal to a text that is to be selected by hand, until somebody presses Enter. */
  show(text: string): Promise<void>;
  /** Names of those that there are. */
  skins(): readonly string[];
  /** Draws with this skin from now on. Throws ConfigError naming what is wrong with it. */
  wear(skin: string): void;
  /** The view in sight as text, whole. */
  print(style: 'text' | 'ansi'): string;
  /** Gives the terminal to $VISUAL or $EDITOR with `text`, and takes it back. Editors choose colours by the ending of `fileName`. */
  edit(text: string, fileName: string): Promise<EditOutcome>;
}

/** A console without a screen. */
export const NO_TERMINAL: TerminalPort = {
  canDraw: () => true,
  latencyMs: () => null,
  drawn: () => undefined,
  repaint: () => undefined,
  suspend: async () => undefined,
  copy: () => false,
  show: async () => undefined,
  skins: () => [],
  wear: () => undefined,
  print: () => '',
  edit: async () => ({ kind: 'failed', problem: 'there is no terminal to edit on' }),
};
