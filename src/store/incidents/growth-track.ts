/** How much a counter has grown within a window; a value that falls (a restarted task) begins anew. */
interface Point {
  readonly atMs: number;
  readonly value: number;
}

export class GrowthTrack {
  readonly #windowMs: number;
  #points: Point[] = [];

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  add(atMs: number, value: number): void {
    const last = this.#points.at(-1);
    if (last && value < last.value) this.#points = [];
    // Between two changes nothing needs to be kept but the newest look.
    if (this.#points.length > 1 && this.#points.at(-2)!.value === value) this.#points.pop();
    this.#points.push({ atMs, value });
    while (this.#points.length > 1 && this.#points[1]!.atMs <= atMs - this.#windowMs) this.#points.shift();
  }

  /** 0 as long as it stood still for the whole window. */
  get grown(): number {
    const [first, last] = [this.#points[0], this.#points.at(-1)];
    return first && last ? last.value - first.value : 0;
  }
}
