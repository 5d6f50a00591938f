/** Runs the rules and remembers: since when each finding holds, what it is part of, and what has ended a short while ago. */
import { atOnce } from '../../base/turn.ts';
import type { Since } from '../connect-model.ts';
import { inOrder } from './folding.ts';
import type { Incident, IncidentBoard, IncidentMinute, ResolvedIncident } from './incident.ts';
import type { Facts, Finding, Rule } from './rule.ts';
import { RULES } from './rules.ts';

/** How long one that is over stays in the list. */
export const RESOLVED_SHOWN_MS = 600_000;
const MINUTE_MS = 60_000;
const MINUTES = 60;

interface Kept {
  readonly rule: Rule;
  finding: Finding;
  readonly since: Since;
  lastFoundMs: number;
}

export class IncidentLog {
  readonly #rules: readonly Rule[];
  readonly #kept = new Map<string, Kept>();
  #told: ReadonlyMap<string, Incident> = new Map();
  #resolved: readonly ResolvedIncident[] = [];
  #minutes: readonly IncidentMinute[] = [];
  /** True once what was so before we looked has been seen. */
  #hadAnswers = false;
  #hadDisks = false;

  constructor(rules: readonly Rule[] = RULES) {
    this.#rules = rules;
  }

  update(facts: Facts): IncidentBoard {
    return atOnce(this.inSteps(facts));
  }

  /** Rule by rule; left half-way nothing has changed. */
  *inSteps(facts: Facts): Generator<void, IncidentBoard> {
    const { nowMs } = facts;
    const found: Array<{ readonly rule: Rule; readonly findings: readonly Finding[] }> = [];
    for (const rule of this.#rules) {
      found.push({ rule, findings: rule.find(facts) });
      yield;
    }
    for (const { rule, findings } of found) for (const finding of findings) this.#note(rule, finding, nowMs);
    this.#hadAnswers ||= [facts.connect?.reach, facts.cluster?.reach].every((reach) => reach?.lastOkMs !== null);
    this.#hadDisks ||= facts.cluster?.logDirs != null;
    for (const [id, { rule, lastFoundMs }] of this.#kept) if (nowMs - lastFoundMs > rule.lingerMs) this.#kept.delete(id);
    const open = inOrder(this.#due(nowMs));
    this.#resolve(open, nowMs);
    this.#count(open, nowMs);
    return { open, resolved: this.#resolved, minutes: this.#minutes };
  }

  #note(rule: Rule, finding: Finding, nowMs: number): void {
    const id = `${rule.id}:${finding.subject}`;
    const known = this.#kept.get(id);
    if (known) {
      known.finding = finding;
      known.lastFoundMs = nowMs;
      return;
    }
    const isExact = rule.isSlow ? this.#hadDisks : this.#hadAnswers;
    this.#kept.set(id, { rule, finding, since: { atMs: nowMs, isExact }, lastFoundMs: nowMs });
  }

  /** What holds for as long as its rule wants. What was so before we looked has held for longer than anybody knows. */
  #due(nowMs: number): Incident[] {
    const due = [...this.#kept].filter(([, { rule, since }]) => !since.isExact || nowMs - since.atMs >= rule.holdMs);
    const open = new Set(due.map(([id]) => id));
    return due.map(([id, { rule, finding, since }]) => ({
      id,
      rule: rule.id,
      severity: rule.severity,
      since: finding.since ?? since,
      what: finding.what,
      state: rule.state,
      cause: finding.cause,
      key: rule.key,
      target: { ...finding.target, incident: id },
      about: rule.about,
      partOf: finding.explainedBy?.find((other) => other !== id && open.has(other)) ?? null,
      lossAtMs: finding.lossAtMs ?? null,
    }));
  }

  #resolve(open: readonly Incident[], nowMs: number): void {
    const now = new Map(open.map((one) => [one.id, one]));
    const subjects = new Set(open.map(subjectOf));
    const ended = [...this.#told.values()].filter((one) => !now.has(one.id)).map((one) => ({ ...one, endedAtMs: nowMs }));
    this.#told = now;
    // What only has got another name, or has come back, is not over.
    const again = new Set(ended.map((one) => one.id));
    const before = this.#resolved.filter((one) => !again.has(one.id));
    this.#resolved = [...ended, ...before].filter((one) => nowMs - one.endedAtMs < RESOLVED_SHOWN_MS && !subjects.has(subjectOf(one)));
  }

  #count(open: readonly Incident[], nowMs: number): void {
    const atMs = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS;
    const worst = open[0]?.severity ?? null;
    const roots = open.filter((one) => one.partOf === null).length;
    const last = this.#minutes.at(-1);
    if (last?.atMs !== atMs) this.#minutes = [...this.#minutes.slice(1 - MINUTES), { atMs, open: roots, worst }];
    else if (roots > last.open || (worst ?? 9) < (last.worst ?? 9))
      this.#minutes = [
        ...this.#minutes.slice(0, -1),
        { atMs, open: Math.max(roots, last.open), worst: worst === null || (last.worst ?? 9) < worst ? last.worst : worst },
      ];
  }
}

/** The object, whatever is wrong with it. */
function subjectOf({ id, rule }: Incident): string {
  return `${rule.split('-', 1)[0]} ${id.slice(rule.length + 1)}`;
}
