/** What only the terminal's owner can do. */
export interface TerminalPort {
  /** `isUrgent`: a frame that answers a key. */
  canDraw(isUrgent: boolean): boolean;
  /** From a frame to the terminal's answer; `null`: not known. */
  latencyMs(): number | null;
  /** A frame has been handed over. */
  drawn(): void;
  repaint(): void;
  suspend(): Promise<void>;
}

/** A console without a screen. */
export const NO_TERMINAL: TerminalPort = {
  canDraw: () => true,
  latencyMs: () => null,
  drawn: () => undefined,
  repaint: () => undefined,
  suspend: async () => undefined,
};
