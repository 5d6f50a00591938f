/** The transforms of a connector in order. An empty chain costs nothing: the loops ask `isEmpty` once. */
import type { Transformation } from '../plugin-api/plugin.ts';
import type { ConnectRecord } from '../plugin-api/records.ts';

export interface ChainStep {
  readonly alias: string;
  readonly className: string;
  readonly transformation: Transformation;
}

export class TransformationChain {
  readonly steps: readonly ChainStep[];
  readonly isEmpty: boolean;
  /** Step that is running, or ran last: names the culprit after a throw. */
  #at = 0;

  constructor(steps: readonly ChainStep[]) {
    this.steps = steps;
    this.isEmpty = steps.length === 0;
  }

  /** The changed record, or `null` when a step dropped it. What a step throws goes through as it is. */
  apply<R extends ConnectRecord>(record: R): R | null {
    let current: R | null = record;
    for (let i = 0; i < this.steps.length; i++) {
      this.#at = i;
      current = this.steps[i]!.transformation.apply(current);
      if (current === null) return null;
    }
    return current;
  }

  get executingClass(): string {
    return this.steps[this.#at]?.className ?? '';
  }

  close(): void {
    for (const step of this.steps) step.transformation.close?.();
  }
}
