/** Steps with seconds: a live line on a terminal, plain lines elsewhere. */
export class Steps {
  readonly #out: NodeJS.WriteStream;

  constructor(out: NodeJS.WriteStream) {
    this.#out = out;
  }

  /** Runs one step; `work` answers with a note for its line. */
  async run(title: string, work: () => Promise<string>): Promise<void> {
    const startedMs = performance.now();
    const seconds = () => `${((performance.now() - startedMs) / 1000).toFixed(1)} s`;
    const clear = this.#out.isTTY ? '\r\x1b[2K' : '';
    const timer = this.#out.isTTY ? setInterval(() => this.#out.write(`${clear}  … ${title}  ${seconds()}`), 200) : null;
    try {
      const note = await work();
      this.#out.write(`${clear}  ✓ ${[title, note, seconds()].filter((part) => part !== '').join('  ')}\n`);
    } catch (error) {
      this.#out.write(`${clear}  ✖ ${title}  ${seconds()}\n`);
      throw error;
    } finally {
      if (timer) clearInterval(timer);
    }
  }

  line(text: string): void {
    this.#out.write(`  ${text}\n`);
  }
}
