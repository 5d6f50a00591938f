/** Where a console can go: saved contexts, workers left on this host, the demo. */
export type Place =
  | { readonly kind: 'worker'; readonly pid: number }
  | { readonly kind: 'context'; readonly name: string }
  | { readonly kind: 'demo' };

export interface PlaceChoice {
  readonly place: Place;
  readonly label: string;
  readonly detail: string;
}

/** NewPlace as they were typed; empty ones are `null`. */
export interface NewPlace {
  readonly brokers: string | null;
  /** A file of Kafka client properties. */
  readonly commandConfig: string | null;
  readonly connect: string | null;
}
