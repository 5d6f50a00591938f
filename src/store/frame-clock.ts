/** When a frame is due: at once after a key, else at a steady pace, and never when nothing has changed. */
/**
 * Ten frames a second, of a tail as well: nobody reads thirty, and each costs 15 to 25 ms of CPU where every line changes (160x50, Korean),
 * which a key would have to wait for.
 */
const INTERVAL_MS = 100;

export interface FrameClockOptions {
  /** False while the terminal does not take what was written: frames wait for it, those that answer a key less than others. */
  canDraw(isUrgent: boolean): boolean;
  onFrame(): void;
  monoMs(): number;
}

export class FrameClock {
  readonly #options: FrameClockOptions;
  #timer: NodeJS.Timeout | null = null;
  #lastMs = Number.NEGATIVE_INFINITY;
  #isDirty = false;
  #isStopped = false;
  frames = 0;

  constructor(options: FrameClockOptions) {
    this.#options = options;
  }

  /** Something to show has changed. */
  markDirty(): void {
    this.#isDirty = true;
    if (this.#timer !== null || this.#isStopped) return;
    const waitMs = Math.max(0, this.#lastMs + INTERVAL_MS - this.#options.monoMs());
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#draw(false);
    }, waitMs);
  }

  /** Draws now if anything has changed: a key was pressed. */
  flush(): void {
    this.#draw(true);
  }

  /** The terminal takes output again. */
  resumeDrawing(): void {
    if (this.#isDirty && this.#timer === null) this.markDirty();
  }

  #draw(isUrgent: boolean): void {
    if (!this.#isDirty || this.#isStopped || !this.#options.canDraw(isUrgent)) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#isDirty = false;
    this.#lastMs = this.#options.monoMs();
    this.frames++;
    this.#options.onFrame();
  }

  stop(): void {
    this.#isStopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  resume(): void {
    this.#isStopped = false;
    if (this.#isDirty) this.markDirty();
  }
}
