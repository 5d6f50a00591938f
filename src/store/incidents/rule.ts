/** What a rule is, and what it finds: rules are data, the log of incidents runs them and remembers since when each finding holds. */
import type { ClusterData } from '../../cluster/cluster-model.ts';
import type { ConnectData, Since } from '../connect-model.ts';
import type { Target } from '../view.ts';
import type { Trends } from './trends.ts';

/** 0 we cannot see, 1 data is not available or may be lost, 2 something has stopped, 3 it does not move, 4 less safe than it should be. */
export type Severity = 0 | 1 | 2 | 3 | 4;

/** `null`: not configured. Rules read what was asked already; none of them asks by itself. */
export interface Facts {
  readonly connect: ConnectData | null;
  readonly cluster: ClusterData | null;
  readonly trends: Trends;
  readonly nowMs: number;
}

export interface Finding {
  /** Of this rule: the object's own name. `RULE:SUBJECT` is the incident's id. */
  readonly subject: string;
  /** The object, in a few words: `orders-sink 2/4`. */
  readonly what: string;
  readonly cause: string;
  readonly target: Target;
  /** When that is known better than by the look that found it. */
  readonly since?: Since | null;
  /** Ids of incidents that would explain this one: it is folded under the first of them that is open. */
  readonly explainedBy?: readonly string[];
  /** Wall time from which on records are lost, when nothing is done. */
  readonly lossAtMs?: number;
}

export interface Rule {
  readonly id: string;
  /** In one word: FAILED, STUCK, OFFLINE … */
  readonly state: string;
  readonly severity: Severity;
  /** It must be so for this long before it is told: what passes by itself alarms nobody. */
  readonly holdMs: number;
  /** It is told for this long after it was last found: what comes and goes is one incident, not many. */
  readonly lingerMs: number;
  /** The key that helps first; empty: there is nothing to press. */
  readonly key: string;
  /** What it means, in a sentence; shown below the incident, and in the README. */
  readonly about: string;
  /** Its facts are asked rarely, and after everything else: the first of them says nothing about since when. */
  readonly isSlow?: boolean;
  find(facts: Facts): readonly Finding[];
}

type RuleDraft = Omit<Rule, 'holdMs' | 'lingerMs'> & Partial<Pick<Rule, 'holdMs' | 'lingerMs'>>;

export function rule(draft: RuleDraft): Rule {
  return { holdMs: 0, lingerMs: 0, ...draft };
}
