/** Brokers, their disks, and the controller. */
import type { BrokerRow } from '../../cluster/cluster-model.ts';
import { type Facts, type Finding, type Rule, rule } from './rule.ts';

const DISK_FILLING_SHARE = 0.85;
const DISK_FULL_SHARE = 0.95;

function find({ cluster }: Facts, what: (broker: BrokerRow) => string, causeOf: (broker: BrokerRow) => string | null): Finding[] {
  return (cluster?.brokers ?? []).flatMap((broker) => {
    const cause = causeOf(broker);
    return cause === null ? [] : [{ subject: String(broker.id), what: what(broker), cause, target: { broker: broker.id } }];
  });
}

const nameOf = ({ id }: BrokerRow) => `broker ${id}`;
const diskOf = ({ id }: BrokerRow) => `broker ${id} disk`;
/** One that is gone or says nothing tells nothing of its disks. */
const answers = ({ isUp, silence }: BrokerRow) => isUp && silence === null;

function disksFrom(facts: Facts, least: number, below: number): Finding[] {
  return find(facts, diskOf, (broker) => {
    const { usedShare } = broker;
    if (!answers(broker) || broker.logDirErrors.length > 0 || usedShare === null || usedShare < least || usedShare >= below) return null;
    return `${Math.round(usedShare * 100)} % used`;
  });
}

export const BROKER_RULES: readonly Rule[] = [
  rule({
    id: 'broker-down',
    state: 'DOWN',
    severity: 1,
    key: '⏎',
    about: 'A broker that was there, or that partitions count on, is not in the metadata: stopped, or cut off from the controller.',
    find: (facts) =>
      find(facts, nameOf, ({ isUp, outOfSync }) =>
        isUp ? null : outOfSync > 0 ? `${outOfSync} replicas are missing` : 'no partition waits for it',
      ),
  }),
  rule({
    id: 'broker-silent',
    state: 'SILENT',
    severity: 1,
    key: '⏎',
    isSlow: true,
    about: 'The controller counts on it, and yet it does not answer from here.',
    find: (facts) =>
      // When nothing can be reached at all, that is said already.
      facts.cluster?.reach.error !== null
        ? []
        : find(facts, nameOf, ({ isUp, silence }) =>
            isUp && silence !== null ? `in the metadata, but does not answer (${silence})` : null,
          ),
  }),
  rule({
    id: 'disk-broken',
    state: 'BROKEN',
    severity: 1,
    key: '⏎',
    isSlow: true,
    about: 'A folder of its log cannot be used: replicas that lay in it are gone from this broker.',
    find: (facts) =>
      find(facts, diskOf, (broker) => (answers(broker) && broker.logDirErrors.length > 0 ? broker.logDirErrors.join('; ') : null)),
  }),
  rule({
    id: 'disk-full',
    state: 'FULL',
    severity: 3,
    key: '⏎',
    isSlow: true,
    about: 'A broker stops when a folder of its log cannot be written.',
    find: (facts) => disksFrom(facts, DISK_FULL_SHARE, Number.POSITIVE_INFINITY),
  }),
  rule({
    id: 'disk-filling',
    state: 'FILLING',
    severity: 4,
    key: '⏎',
    isSlow: true,
    about: 'There is still room, and less than there should be.',
    find: (facts) => disksFrom(facts, DISK_FILLING_SHARE, DISK_FULL_SHARE),
  }),
  rule({
    id: 'controller-none',
    state: 'NONE',
    severity: 1,
    // Between two controllers there is none for a moment.
    holdMs: 5_000,
    key: '⏎',
    about: 'Without a controller topics cannot be made or changed, and a partition that loses its leader gets no other.',
    find: ({ cluster }) =>
      cluster?.info?.controllerId === -1
        ? [{ subject: 'controller', what: 'controller', cause: 'no controller: topics and leaders cannot change', target: {} }]
        : [],
  }),
];
