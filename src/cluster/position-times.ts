/** How old the next record is that a reader will get: asked once for each place that it stands at. */
import type { Admin } from '../kafka/contract.ts';
import type { TopicPartition } from '../plugin-api/records.ts';

export interface Place extends TopicPartition {
  readonly offset: bigint;
}

export interface PlaceTime {
  /** Wall time of the record, as its writer or the broker has set it. */
  readonly timestampMs: number;
  /** False: it is not newer than this. */
  readonly isExact: boolean;
}

export class PositionTimes {
  readonly #admin: Pick<Admin, 'recordTimes'>;
  #known: ReadonlyMap<string, PlaceTime> = new Map();

  constructor(admin: Pick<Admin, 'recordTimes'>) {
    this.#admin = admin;
  }

  /** Wall time of the record at this place, as its writer or the broker has set it; `null`: not known. */
  at(place: Place): number | null {
    return this.look(place)?.timestampMs ?? null;
  }

  look(place: Place): PlaceTime | null {
    return this.#known.get(keyOf(place)) ?? null;
  }

  /** Places that are not among `places` are forgotten; one that cannot be read stays unknown. */
  async read(places: readonly Place[]): Promise<void> {
    const kept = new Map<string, PlaceTime>();
    const unknown = new Map<string, Place>();
    for (const place of places) {
      const known = this.look(place);
      if (known) kept.set(keyOf(place), known);
      else unknown.set(keyOf(place), place);
    }
    this.#known = kept;
    if (unknown.size === 0) return;
    const answers = await this.#admin.recordTimes([...unknown.values()]);
    const told = answers.flatMap(({ timestampMs, isExact, ...place }): [string, PlaceTime][] =>
      timestampMs !== null && timestampMs > 0 ? [[keyOf(place), { timestampMs, isExact }]] : [],
    );
    this.#known = new Map([...kept, ...told]);
  }
}

function keyOf({ topic, partition, offset }: Place): string {
  return `${topic} ${partition} ${offset}`;
}
