/** Incidents as the console shows them: open ones in the order of their weight, those that are over, and the course of the last hour. */
import type { Since } from '../connect-model.ts';
import type { Target } from '../view.ts';
import type { Severity } from './rule.ts';

export interface Incident {
  readonly id: string;
  /** Id of its rule. */
  readonly rule: string;
  readonly severity: Severity;
  readonly since: Since;
  /** The object, in a few words: `orders-sink 2/4`. */
  readonly what: string;
  /** In one word: FAILED, STUCK, OFFLINE … */
  readonly state: string;
  readonly cause: string;
  /** The key that helps first. */
  readonly key: string;
  readonly target: Target;
  /** What the rule means, in a sentence. */
  readonly about: string;
  /** Id of the open incident that is its likely cause; `null`: it stands for itself. */
  readonly partOf: string | null;
  /** Wall time from which on records are lost; `null`: no such danger. */
  readonly lossAtMs: number | null;
}

export interface ResolvedIncident extends Incident {
  readonly endedAtMs: number;
}

/** A minute of the last hour. */
export interface IncidentMinute {
  readonly atMs: number;
  /** Most that were open at once, consequences not counted. */
  readonly open: number;
  /** `null`: nothing was wrong. */
  readonly worst: Severity | null;
}

export interface IncidentBoard {
  /** Worst first; what is folded under another follows it. */
  readonly open: readonly Incident[];
  /** Newest first. */
  readonly resolved: readonly ResolvedIncident[];
  /** Oldest first; begins when the console began to look. */
  readonly minutes: readonly IncidentMinute[];
}

export const NO_INCIDENTS: IncidentBoard = { open: [], resolved: [], minutes: [] };
