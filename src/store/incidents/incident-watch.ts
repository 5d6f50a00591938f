/** Judges what the collectors know, each time they know more: the rules, and what they must remember. */
import type { Clock } from '../../base/clock.ts';
import { Pass } from '../../base/pass.ts';
import type { ClusterData } from '../../cluster/cluster-model.ts';
import type { ConnectData } from '../connect-model.ts';
import { type IncidentBoard, NO_INCIDENTS } from './incident.ts';
import { IncidentLog } from './incident-log.ts';
import { Trends } from './trends.ts';

export interface IncidentWatchOptions {
  readonly clock: Clock;
  /** `null`: not configured. */
  connect(): ConnectData | null;
  cluster(): ClusterData | null;
  onJudged(): void;
}

/** Times the last judgement that pass before the next one: over ten thousand topics it takes its time. */
const REST = 15;

export class IncidentWatch {
  readonly #options: IncidentWatchOptions;
  readonly #log = new IncidentLog();
  readonly #trends = new Trends();
  readonly #pass: Pass;
  #againMs = 0;
  #board: IncidentBoard = NO_INCIDENTS;

  constructor(options: IncidentWatchOptions) {
    this.#options = options;
    this.#pass = new Pass(options.clock, () => this.#judge());
  }

  get board(): IncidentBoard {
    return this.#board;
  }

  /** True: it was, or is being, judged anew; false: that is due a little later. `isNow`: nobody waits for it. */
  judge(isNow: boolean): boolean {
    if (isNow) this.#pass.now();
    else if (this.#pass.isRunning || this.#options.clock.monoMs() < this.#againMs) return false;
    else this.#pass.want();
    return true;
  }

  stop(): void {
    this.#pass.drop();
  }

  *#judge(): Generator<void> {
    const { clock, connect, cluster, onJudged } = this.#options;
    const startMs = clock.monoMs();
    const facts = { connect: connect(), cluster: cluster(), trends: this.#trends, nowMs: clock.wallMs() };
    yield* this.#trends.note(facts.connect, facts.cluster, facts.nowMs);
    this.#board = yield* this.#log.inSteps(facts);
    const endMs = clock.monoMs();
    this.#againMs = endMs + (endMs - startMs) * REST;
    onJudged();
  }

  /** What was acknowledged and is over is told again when it comes back. The same set when nothing of it is over. */
  stillAcknowledged(ids: ReadonlySet<string>): ReadonlySet<string> {
    if (ids.size === 0) return ids;
    const still = new Set(this.#board.open.map((one) => one.id).filter((id) => ids.has(id)));
    return still.size < ids.size ? still : ids;
  }
}
