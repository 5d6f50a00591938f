/** What a connector says of a configuration that is right, before it is started with it: `kconsole validate`. */

/** One thing that was looked at: the connection, a table. */
export interface InspectedPart {
  readonly title: string;
  /** Names and values; a value may have several lines. */
  readonly facts: ReadonlyArray<readonly [name: string, value: string]>;
  /** It would fail for these; a sentence each. */
  readonly errors: readonly string[];
  /** It would run, and these are worth knowing before; a sentence each. */
  readonly warnings: readonly string[];
}
