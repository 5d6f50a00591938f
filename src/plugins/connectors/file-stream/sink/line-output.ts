/** Where a file sink's lines go: a file, or standard output. */
export interface LineOutput {
  /** For messages. */
  readonly name: string;
  /** Before each batch and at each flush: makes sure that what follows goes where the configuration says. */
  prepare(): Promise<void>;
  /** Writes all of it, behind what is there. Throws what the system says; then `rollBack` is to follow. */
  append(bytes: Buffer): Promise<void>;
  /** Takes back what was appended since `prepare`. False: it cannot be taken back. */
  rollBack(): Promise<boolean>;
  close(): Promise<void>;
}
