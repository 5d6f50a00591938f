import { expect, test } from 'vitest';
import type { SourceOffset, SourcePartition } from '../../../../../../src/plugin-api/records.ts';
import { checkMirrorOffsets, type OffsetRules } from '../../../../../../src/plugins/connectors/mirror/shared/offset-checks.ts';

const SOURCE: OffsetRules = { texts: ['cluster', 'topic'], hasPartition: true, isZero: false };
const HEARTBEAT: OffsetRules = { texts: ['sourceClusterAlias', 'targetClusterAlias'], hasPartition: false, isZero: true };
const good = { cluster: 'A', topic: 't', partition: 0n };
const beat = { sourceClusterAlias: 'A', targetClusterAlias: 'B' };

function answer(rules: OffsetRules, partition: SourcePartition | null, offset: SourceOffset | null): string {
  try {
    checkMirrorOffsets(rules, [{ partition, offset }]);
    return 'ok';
  } catch (error) {
    return String((error as Error).message);
  }
}

// Every sentence is the one that MirrorSourceConnector and MirrorHeartbeatConnector 4.3.1 give.
test.each<[OffsetRules, SourcePartition | null, SourceOffset | null, string]>([
  [SOURCE, good, { offset: 5n }, 'ok'],
  [SOURCE, good, null, 'ok'],
  [SOURCE, { foo: 3n }, null, 'ok'],
  [SOURCE, null, null, 'ok'],
  [SOURCE, { ...good, x: 'y' }, { offset: 1n, z: 2n }, 'ok'],
  [SOURCE, null, { offset: 5n }, 'Source partitions may not be null'],
  [
    SOURCE,
    good,
    { offset: -1n },
    "Source offset {offset=-1} for source partition {cluster=A, partition=0, topic=t} has an invalid value -1 for the 'offset' key, which cannot be negative",
  ],
  [
    SOURCE,
    good,
    { offset: 'x' },
    "Source offset {offset=x} for source partition {cluster=A, partition=0, topic=t} has an invalid value x for the 'offset' key, which must be an integer",
  ],
  [
    SOURCE,
    good,
    { offset: 1.5 },
    "Source offset {offset=1.5} for source partition {cluster=A, partition=0, topic=t} has an invalid value 1.5 for the 'offset' key, which must be an integer",
  ],
  [
    SOURCE,
    good,
    { other: 1n },
    "Source offset {other=1} for source partition {cluster=A, partition=0, topic=t} is missing the 'offset' key, which is required",
  ],
  [
    SOURCE,
    good,
    {},
    "Source offset {} for source partition {cluster=A, partition=0, topic=t} is missing the 'offset' key, which is required",
  ],
  [
    SOURCE,
    { topic: 't', partition: 0n },
    { offset: 1n },
    "Source partition {partition=0, topic=t} is missing the 'cluster' key, which is required",
  ],
  [
    SOURCE,
    { cluster: 'A', partition: 'x', topic: 't' },
    { offset: 1n },
    "Source partition {cluster=A, partition=x, topic=t} has an invalid value x for the 'partition' key, which must be an integer",
  ],
  [
    SOURCE,
    { cluster: 'A', partition: -1n, topic: 't' },
    { offset: 1n },
    "Source partition {cluster=A, partition=-1, topic=t} has an invalid value -1 for the 'partition' key, which cannot be negative",
  ],
  [
    SOURCE,
    { cluster: 1n, partition: 0n, topic: 't' },
    { offset: 1n },
    "Source partition {cluster=1, partition=0, topic=t} has an invalid value 1 for the 'cluster' key, which must be a string",
  ],
  [HEARTBEAT, beat, { offset: 0n }, 'ok'],
  [HEARTBEAT, beat, null, 'ok'],
  [
    HEARTBEAT,
    beat,
    { offset: 1n },
    "Source offset {offset=1} for source partition {sourceClusterAlias=A, targetClusterAlias=B} has an invalid value 1 for the 'offset' key; the only accepted value is 0",
  ],
  [
    HEARTBEAT,
    { sourceClusterAlias: 'A' },
    { offset: 0n },
    "Source partition {sourceClusterAlias=A} is missing the 'targetClusterAlias' key, which is required",
  ],
])('%#', (rules, partition, offset, expected) => {
  expect(answer(rules, partition, offset)).toBe(expected);
});
