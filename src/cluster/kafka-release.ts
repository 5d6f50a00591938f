/** Kafka's releases by the level of `metadata.version` that came with each: the protocol knows no version number of a broker. */
import type { Features } from '../kafka/contract.ts';

/** First level of each release, oldest first. Source: org.apache.kafka.server.common.MetadataVersion (4.3). */
const FIRST_LEVELS: ReadonlyArray<readonly [level: number, release: string]> = [
  [7, '3.3'],
  [8, '3.4'],
  [9, '3.5'],
  [12, '3.6'],
  [15, '3.7'],
  [20, '3.8'],
  [21, '3.9'],
  [22, '4.0'],
  [26, '4.1'],
  [28, '4.2'],
  [30, '4.3'],
  [31, '4.4'],
];

const NAME = 'metadata.version';

/** `4.3`; a level above all that are known here is named by itself. `null`: before 3.3. */
export function releaseOf(level: number): string | null {
  const [last] = FIRST_LEVELS.at(-1)!;
  if (level > last) return `> ${FIRST_LEVELS.at(-1)![1]}`;
  return FIRST_LEVELS.findLast(([first]) => first <= level)?.[1] ?? null;
}

/** The release of a broker, told by the most that it could do; and the one whose ways the cluster keeps to. */
export function releasesOf({ supported, finalized }: Features): { readonly broker: string | null; readonly cluster: string | null } {
  const most = supported.find(({ name }) => name === NAME)?.max;
  const level = finalized.find(({ name }) => name === NAME)?.level;
  return { broker: most === undefined ? null : releaseOf(most), cluster: level === undefined ? null : releaseOf(level) };
}
