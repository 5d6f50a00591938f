/** What the worker is busy with, for answers that could not be given in time. Source: Connect's `Stage`. */
export interface WorkerStage {
  /** Completes «The worker is currently …». */
  readonly description: string;
  readonly startedMs: number;
  /** `null` while it goes on. */
  readonly completedMs: number | null;
}

/** One sentence for an error message. */
export function summarizeStage(stage: WorkerStage): string {
  const began = `which began at ${new Date(stage.startedMs).toISOString()}`;
  return stage.completedMs === null
    ? `The worker is currently ${stage.description}, ${began}.`
    : `The last operation the worker completed was ${stage.description}, ${began} and completed at ${new Date(stage.completedMs).toISOString()}.`;
}
