/** Where a file source's bytes come from: a file that is followed, or standard input. */
export type ReadResult =
  /** So many bytes were put into the buffer. */
  | { readonly kind: 'data'; readonly count: number }
  /** Nothing now; look again after this time at the latest. */
  | { readonly kind: 'nothing'; readonly recheckMs: number }
  /** What is read next lies at this position. A line without an end is handed out as it is (`isEnded`) or forgotten. */
  | { readonly kind: 'moved'; readonly position: number; readonly isEnded: boolean };

export interface ByteInput {
  /** Throws ConnectError that names the file, the reason and the position. */
  read(buffer: Buffer): Promise<ReadResult>;
  /** Resolves when there may be more than the last `read` saw, after `ms`, or when the task is to stop. */
  changed(ms: number): Promise<void>;
  close(): Promise<void>;
}
