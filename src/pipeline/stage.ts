/** What a record was going through when something failed. Source: org.apache.kafka.connect.runtime.errors.Stage (names are on the wire of dead-letter headers). */
export type Stage =
  | 'TASK_POLL'
  | 'TASK_PUT'
  | 'TRANSFORMATION'
  | 'KEY_CONVERTER'
  | 'VALUE_CONVERTER'
  | 'HEADER_CONVERTER'
  | 'KAFKA_PRODUCE'
  | 'KAFKA_CONSUME';

/** Stages in which any error may be tolerated; in the others only a RetriableError may. */
export const TOLERATES_ANY: ReadonlySet<Stage> = new Set<Stage>(['TRANSFORMATION', 'KEY_CONVERTER', 'VALUE_CONVERTER', 'HEADER_CONVERTER']);
