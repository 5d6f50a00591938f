/** Runs jobs one after the other, in the order they come; a job that fails does not hold up the next. */
export class SerialQueue {
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** Nothing runs or waits. */
  get isIdle(): boolean {
    return this.#waiting === 0;
  }

  /** Resolves or rejects with what the job gives. */
  run<T>(job: () => T | Promise<T>): Promise<T> {
    this.#waiting++;
    const mine = this.#last.then(job).finally(() => {
      this.#waiting--;
    });
    this.#last = mine.catch(() => undefined);
    return mine;
  }
}
