import type { StatusRecord } from './records.ts';
import { TableStatusStore } from './table-store.ts';

/** States that last as long as the process. Source: MemoryStatusBackingStore. */
export class MemoryStatusStore extends TableStatusStore {
  async start(): Promise<void> {}

  async stop(): Promise<void> {}

  async refresh(): Promise<void> {}

  async flush(): Promise<void> {}

  protected write(record: StatusRecord, isSafe: boolean): void {
    if (!isSafe || this.table.maySafelyPut(record)) this.table.apply(record);
  }
}
