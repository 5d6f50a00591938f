/**
 * One running console: its collectors, its state, and the snapshot that the screen reads. It knows neither keys nor React: the
 * keymap calls its methods, the screen subscribes. Nothing here waits for the network before something is shown.
 */
import { type Clock, systemClock } from '../base/clock.ts';
import { ClusterCollector } from '../cluster/cluster-collector.ts';
import type { TailStart } from '../cluster/tail-start.ts';
import type { SchemaRegistry } from '../control/schema-registry.ts';
import type { Herder } from '../herder/herder.ts';
import type { Kafka } from '../kafka/contract.ts';
import { ActionLog } from './action-log.ts';
import { consoleData } from './assemble-data.ts';
import type { BulkRun } from './bulk-run.ts';
import { ConnectCollector } from './connect-collector.ts';
import type { ContextFacts, PaneLogic, Snapshot, Viewport } from './console-data.ts';
import { clusterDemand, connectDemand, idsShown } from './demand.ts';
import type { Dialog } from './dialog.ts';
import { Followers } from './followers.ts';
import { FrameClock } from './frame-clock.ts';
import { type HostPort, NO_HOST } from './host-port.ts';
import { IncidentWatch } from './incidents/incident-watch.ts';
import type { Leaving } from './leaving.ts';
import { OrderKeeper } from './order-keeper.ts';
import { paceAfter } from './poll-pace.ts';
import { SchemaStore } from './schema-store.ts';
import type { TailView } from './tail-view.ts';
import { NO_TERMINAL, type TerminalPort } from './terminal-port.ts';
import { Trail } from './trail.ts';
import { type FlashLevel, initialUi, type UiState } from './ui-state.ts';
import { cursorIndexOf, isTail, makeView, type PaneId, type Target, type ViewState } from './view.ts';

export interface SessionOptions {
  readonly context: ContextFacts;
  readonly panes: ReadonlyMap<PaneId, PaneLogic>;
  readonly actionLogFile: string;
  readonly clock?: Clock;
  /** See Followers. */
  readonly boundedTail?: TailStart;
}

/** Keys pressed before a question could be read do not answer it. */
const DIALOG_GUARD_MS = 250;
const FLASH_MS: Readonly<Record<FlashLevel, number | null>> = { info: 3_000, warn: 6_000, error: null };

export class Session {
  readonly context: ContextFacts;
  readonly clock: Clock;
  readonly actionLog: ActionLog;
  readonly frames: FrameClock;
  connect: ConnectCollector | null = null;
  cluster: ClusterCollector | null = null;
  schemas: SchemaStore | null = null;
  kafka: Kafka | null = null;
  terminal: TerminalPort = NO_TERMINAL;
  host: HostPort = NO_HOST;
  /** What is, or was last, done to many. */
  bulk: BulkRun | null = null;

  readonly #options: SessionOptions;
  readonly #listeners = new Set<() => void>();
  readonly #incidents: IncidentWatch;
  readonly #exit = Promise.withResolvers<Leaving>();
  /** Somebody has asked to leave: no key acts any more. */
  isLeaving = false;
  #ui: UiState = initialUi();
  #size = { columns: 80, rows: 24 };
  #viewport: Viewport = { top: 0, height: 16, count: 0 };
  #version = 0;
  #snapshot: Snapshot | null = null;
  readonly #order = new OrderKeeper();
  readonly #trail = new Trail();
  readonly #followers: Followers;
  #lastKeyMs: number;
  readonly #closed = new AbortController();
  #guard: AbortController | null = null;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.context = options.context;
    this.clock = options.clock ?? systemClock;
    this.#lastKeyMs = this.clock.monoMs();
    this.#incidents = new IncidentWatch({
      clock: this.clock,
      connect: () => this.connect?.data ?? null,
      cluster: () => this.cluster?.data ?? null,
      onJudged: () => this.#onJudged(),
    });
    this.actionLog = new ActionLog({
      file: options.actionLogFile,
      context: options.context.name,
      onProblem: (text) => this.flash('warn', text),
    });
    this.#followers = new Followers({
      clock: this.clock,
      boundedTail: options.boundedTail ?? null,
      pace: () => this.#pace(),
      onChange: () => this.#changed(),
    });
    this.frames = new FrameClock({
      canDraw: (isUrgent) => this.terminal.canDraw(isUrgent),
      monoMs: () => this.clock.monoMs(),
      onFrame: () => this.#emit(),
    });
  }

  // ---- life

  /** Begins to poll. The first frame has been drawn by then. */
  start(sources: { herder: Herder | null; kafka: Kafka | null; registry?: SchemaRegistry | null }): void {
    if (this.#closed.signal.aborted) return;
    const pace = () => this.#pace();
    this.kafka = sources.kafka;
    if (sources.kafka)
      this.cluster = new ClusterCollector({
        kafka: sources.kafka,
        clock: this.clock,
        pace,
        onChange: () => this.#onCluster(),
        groupsShown: () => idsShown('groups', this.current(), this.#viewport),
      });
    if (sources.herder) {
      this.connect = new ConnectCollector({
        herder: sources.herder,
        clock: this.clock,
        addresses: this.context.addresses.connect,
        pace,
        cluster: () => this.cluster?.data ?? null,
        onChange: () => {
          this.cluster?.watch(this.connect?.watches() ?? []);
          this.judge();
        },
      });
    }
    this.schemas = SchemaStore.open(sources.registry ?? null, this, pace);
    this.#demand();
    for (const one of [this.connect, this.cluster, this.schemas]) one?.start();
    void this.#tick();
  }

  close(): void {
    this.#closed.abort();
    this.#guard?.abort();
    this.#incidents.stop();
    this.frames.stop();
    for (const one of [this.connect, this.cluster, this.schemas]) one?.stop();
    this.#followers.close();
  }

  /** Settles once somebody has asked to leave. */
  get exited(): Promise<Leaving> {
    return this.#exit.promise;
  }

  exit(code: number, more: Partial<Leaving> = {}): void {
    this.isLeaving = true;
    this.#exit.resolve({ code, worker: 'stop', next: null, ...more });
  }

  /** The clock in the header moves, and what is late becomes visible even when no answer comes. */
  async #tick(): Promise<void> {
    const { signal } = this.#closed;
    for (;;) {
      await this.clock.sleep(1_000 * this.#pace(), signal);
      if (signal.aborted) return;
      const { flash } = this.#ui;
      if (flash?.untilMs && flash.untilMs <= this.clock.monoMs()) this.update({ flash: null });
      this.judge();
    }
  }

  #pace(): number {
    return paceAfter(this.clock.monoMs() - this.#lastKeyMs);
  }

  #onCluster(): void {
    // Lag and topics of connectors come from the cluster.
    this.connect?.clusterMoved();
    this.judge();
  }

  /** What is wrong is told by the moment in which an answer came, not by the one in which it is drawn. `isNow`: nobody waits for the next tick. */
  judge(isNow = false): void {
    if (!this.#incidents.judge(isNow)) this.#changed();
  }

  #onJudged(): void {
    const acknowledged = this.#incidents.stillAcknowledged(this.#ui.acknowledged);
    if (acknowledged !== this.#ui.acknowledged) this.#ui = { ...this.#ui, acknowledged };
    this.#changed();
  }

  // ---- the snapshot

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  snapshot = (): Snapshot => {
    this.#snapshot ??= this.#assemble();
    return this.#snapshot;
  };

  #emit(): void {
    this.#snapshot = null;
    this.#version++;
    for (const listener of this.#listeners) listener();
    this.terminal.drawn();
  }

  #changed(): void {
    this.frames.markDirty();
  }

  #assemble(): Snapshot {
    const { view } = this;
    // One record is looked at over its tail, whose own filter goes on.
    const over = this.#ui.stack.findLast((one) => isTail(one.pane)) ?? view;
    const tail = this.tail?.data(over, isTail(view.pane) ? this.#viewport.height : 1) ?? null;
    if (tail?.isScanning) this.#changed();
    const data = consoleData(this, { tail, board: this.#incidents.board, log: this.#followers.log?.data ?? null });
    const pane = this.#options.panes.get(view.pane);
    const nowMs = this.clock.monoMs();
    const kept = this.#order.kept(view, nowMs, this.#lastKeyMs);
    const selection = pane?.select?.(data, view, kept) ?? null;
    if (selection) this.#order.keep(view, selection.ids, kept === null, nowMs);
    return {
      version: this.#version,
      size: this.#size,
      data,
      ui: this.#ui,
      view,
      selection,
      cursorIndex: selection ? cursorIndexOf(view, selection.ids) : 0,
    };
  }

  // ---- state

  get ui(): UiState {
    return this.#ui;
  }

  get view(): ViewState {
    return this.#ui.stack.at(-1)!;
  }

  /** What the view in sight can. */
  get pane(): PaneLogic {
    return this.#options.panes.get(this.view.pane)!;
  }

  get viewport(): Viewport {
    return this.#viewport;
  }

  update(change: Partial<UiState>): void {
    this.#ui = { ...this.#ui, ...change };
    this.#changed();
  }

  updateView(change: Partial<ViewState>): void {
    this.update({ stack: [...this.#ui.stack.slice(0, -1), { ...this.view, ...change }] });
    if (change.marks !== undefined) this.#demand();
  }

  resize(columns: number, rows: number): void {
    if (columns === this.#size.columns && rows === this.#size.rows) return;
    this.#size = { columns, rows };
    this.#changed();
  }

  /** What a frame has shown. */
  shown(viewport: Viewport): void {
    // A tail is cut to the height of the frame before: another height needs another frame.
    if (isTail(this.view.pane) && viewport.height !== this.#viewport.height) this.#changed();
    const hasMoved = this.#viewport.top !== viewport.top || this.#viewport.height !== viewport.height;
    this.#viewport = viewport;
    const { view } = this;
    if (hasMoved && view.pane === 'groups') this.cluster?.groupsMoved();
    if (hasMoved) this.schemas?.moved();
    const { top, left = view.left, match: matchAt = null } = viewport;
    if (isTail(view.pane) || (view.top === top && view.left === left && view.matchAt === matchAt)) return;
    // The failure is in sight: it stays there.
    const found = view.failure !== null && matchAt !== null ? { failure: null, isFollowing: false } : {};
    this.#ui = { ...this.#ui, stack: [...this.#ui.stack.slice(0, -1), { ...view, top, left, matchAt, ...found }] };
  }

  pressed(): void {
    this.#lastKeyMs = this.clock.monoMs();
    if (this.#ui.flash?.level === 'error') this.update({ flash: null });
  }

  flash(level: FlashLevel, text: string): void {
    const forMs = FLASH_MS[level];
    this.update({
      flash: { level, text, untilMs: forMs === null ? null : this.clock.monoMs() + forMs },
      unreadErrors: this.#ui.unreadErrors + (level === 'error' ? 1 : 0),
    });
  }

  openDialog(dialog: Dialog): void {
    this.#guard?.abort();
    this.update({ dialog, isDialogArmed: dialog.isHarmless === true, prompt: null });
    if (dialog.isHarmless) return;
    const guard = new AbortController();
    this.#guard = guard;
    // Over a slow line it is seen later, and what was typed until then is still on its way.
    void this.clock.sleep(Math.max(DIALOG_GUARD_MS, this.terminal.latencyMs() ?? 0), guard.signal).then(() => {
      if (!guard.signal.aborted) this.update({ isDialogArmed: true });
    });
  }

  /** Replaces a dialog that is open (its next step); keys go on counting. */
  setDialog(dialog: Dialog | null): void {
    if (dialog !== null && this.#ui.dialog === null) this.openDialog(dialog);
    else this.update({ dialog, ...(dialog === null ? { isDialogArmed: false } : {}) });
  }

  // ---- where we are

  open(pane: PaneId, target: Target = {}, more: Partial<ViewState> = {}): void {
    this.#leaveFor([...this.#ui.stack, makeView(pane, target, more)], false);
  }

  /** Views that stand for themselves (reached by a digit or a word) begin a new way, home below them. */
  jump(pane: PaneId, target: Target = {}, more: Partial<ViewState> = {}): void {
    const home = this.#ui.stack[0]!;
    this.#leaveFor(pane === 'home' ? [home] : [home, makeView(pane, target, more)], true);
  }

  /** False at the root. */
  back(): boolean {
    if (this.#ui.stack.length < 2) return false;
    this.#leaveFor(this.#ui.stack.slice(0, -1), false);
    return true;
  }

  /** To a place where one was; false: there is none. */
  retrace(where: 'back' | 'forward' | 'other'): boolean {
    const way = this.#trail[where](this.#ui.stack);
    if (way) this.#settle(way);
    return way !== null;
  }

  #leaveFor(stack: readonly ViewState[], isJump: boolean): void {
    this.#trail.left(this.#ui.stack, isJump);
    this.#settle(stack);
  }

  #settle(stack: readonly ViewState[]): void {
    this.update({ stack });
    this.#demand();
  }

  /** The row under the cursor, with what the view itself stands for. */
  focus(): Target {
    const { selection, cursorIndex, view } = this.current();
    const id = selection?.ids[cursorIndex];
    return { ...view.target, ...(id === undefined ? {} : selection?.target(id)) };
  }

  /** Snapshot that holds every change up to now (a frame may not have been drawn yet). */
  current(): Snapshot {
    this.#snapshot = null;
    return this.snapshot();
  }

  /** Tells the collectors what the view in sight needs, and starts or ends tail and log. */
  #demand(): void {
    const { view } = this;
    this.cluster?.demand(clusterDemand(view));
    this.schemas?.demand(view);
    this.connect?.demand(connectDemand(view, this.connect.data.connectors));
    this.#follow();
  }

  // ---- tail and log

  get tail(): TailView | null {
    return this.#followers.tail;
  }

  /** Reads anew from there; `target`: other partitions. */
  restartTail(start: TailStart, more: Partial<Pick<ViewState, 'target' | 'isCommittedOnly'>> = {}): void {
    const tailRun = this.view.tailRun + 1;
    this.updateView({ ...more, tailStart: start, tailRun, isFollowing: true, frozenAt: null, cursorId: null, top: 0 });
    this.#follow();
  }

  #follow(): void {
    this.#followers.follow(this.#ui.stack, this.kafka, this.connect?.herder ?? null);
  }

  refresh(): void {
    for (const one of [this.connect, this.cluster, this.schemas]) one?.refresh();
  }
}
