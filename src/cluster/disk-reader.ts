/** What lies on the disks of all brokers, in answers that a screen can wait for. */
import type { Clock } from '../base/clock.ts';
import { inTurns } from '../base/turn.ts';
import type { Admin } from '../kafka/contract.ts';
import { DiskIndex } from './disk-index.ts';
import { FEW_PARTITIONS, type MetadataReader, piecesOf } from './metadata-reader.ts';
import { isSilence } from './partition-health.ts';

/** Each stands on several brokers. */
const AT_ONCE_PARTITIONS = 5_000;

export class DiskReader {
  readonly #admin: Pick<Admin, 'logDirs'>;
  readonly #clock: Clock;

  constructor(admin: Pick<Admin, 'logDirs'>, clock: Clock) {
    this.#admin = admin;
    this.#clock = clock;
  }

  /** A broker that says nothing is asked once, not for each piece. */
  async read({ info, topics, partitionCount }: Pick<MetadataReader, 'info' | 'topics' | 'partitionCount'>): Promise<DiskIndex> {
    const index = new DiskIndex();
    if (info === null || partitionCount <= FEW_PARTITIONS) {
      await inTurns(index.add(await this.#admin.logDirs()), this.#clock);
      return index;
    }
    let brokerIds = info.brokers.map(({ id }) => id);
    for (const piece of piecesOf(topics, AT_ONCE_PARTITIONS)) {
      const dirs = await this.#admin.logDirs(brokerIds, piece);
      const silent = new Set(dirs.filter(isSilence).map(({ brokerId }) => brokerId));
      brokerIds = brokerIds.filter((id) => !silent.has(id));
      await inTurns(index.add(dirs), this.#clock);
    }
    return index;
  }
}
