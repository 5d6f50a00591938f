/** What cannot be asked at all: whatever else is shown is old then. */
import { isStale, type Reach } from '../../cluster/poll-loop.ts';
import { type Facts, type Finding, type Rule, rule } from './rule.ts';

function find(what: string, reach: Reach | undefined, { nowMs }: Facts): Finding[] {
  if (!reach || (reach.error === null && !isStale(reach, nowMs, 5))) return [];
  const age = reach.lastOkMs === null ? 'no answer yet' : 'what is shown is old';
  // Silence has lasted since the last answer, not since it was found to be too long.
  const sinceMs = reach.failingSinceMs ?? reach.lastOkMs;
  return [
    {
      subject: what,
      what,
      cause: `${reach.error ?? 'no answer'} · ${age}`,
      target: {},
      since: sinceMs === null ? null : { atMs: sinceMs, isExact: true },
    },
  ];
}

export const REACH_RULES: readonly Rule[] = [
  rule({
    id: 'reach-connect',
    state: 'UNREACHABLE',
    severity: 0,
    key: '',
    about: 'No Connect worker answers. Connectors may well go on running; the console goes on asking.',
    find: (facts) => find('Connect', facts.connect?.reach, facts),
  }),
  rule({
    id: 'reach-kafka',
    state: 'UNREACHABLE',
    severity: 0,
    key: '',
    about: 'No broker answers from here. The console goes on asking.',
    find: (facts) => find('Kafka', facts.cluster?.reach, facts),
  }),
];
