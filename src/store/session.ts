/**
 * One running console: its collectors, its state, and the snapshot that the screen reads. It knows neither keys nor React: the
 * keymap calls its methods, the screen subscribes. Nothing here waits for the network before something is shown.
 */
import { type Clock, systemClock } from '../base/clock.ts';
import { ClusterCollector, NO_DEMAND } from '../cluster/cluster-collector.ts';
import type { TailStart } from '../cluster/tail.ts';
import type { Herder } from '../herder/herder.ts';
import type { Kafka } from '../kafka/contract.ts';
import { ActionLog } from './action-log.ts';
import { ConnectCollector } from './connect-collector.ts';
import type { ConsoleData, ContextFacts, PaneLogic, Snapshot, Viewport } from './console-data.ts';
import type { Dialog } from './dialog.ts';
import { Followers } from './followers.ts';
import { FrameClock } from './frame-clock.ts';
import { type Incident, IncidentLog } from './incidents.ts';
import { OrderKeeper } from './order-keeper.ts';
import type { TailView } from './tail-view.ts';
import { NO_TERMINAL, type TerminalPort } from './terminal-port.ts';
import { type FlashLevel, initialUi, type UiState } from './ui-state.ts';
import { cursorIndexOf, isTail, makeView, type PaneId, type Target, type ViewState } from './view.ts';

export interface SessionOptions {
  readonly context: ContextFacts;
  readonly panes: ReadonlyMap<PaneId, PaneLogic>;
  readonly actionLogFile: string;
  readonly clock?: Clock;
  readonly tailLimitBytes?: number;
}

/** Keys pressed before a question could be read do not answer it. */
const DIALOG_GUARD_MS = 250;
const FLASH_MS: Readonly<Record<FlashLevel, number | null>> = { info: 3_000, warn: 6_000, error: null };
const IDLE_MS = 120_000;
const LONG_IDLE_MS = 900_000;

export class Session {
  readonly context: ContextFacts;
  readonly clock: Clock;
  readonly actionLog: ActionLog;
  readonly frames: FrameClock;
  connect: ConnectCollector | null = null;
  cluster: ClusterCollector | null = null;
  kafka: Kafka | null = null;
  terminal: TerminalPort = NO_TERMINAL;

  readonly #options: SessionOptions;
  readonly #listeners = new Set<() => void>();
  readonly #incidents = new IncidentLog();
  #wrong: readonly Incident[] = [];
  readonly #exit = Promise.withResolvers<number>();
  #ui: UiState = initialUi();
  #size = { columns: 80, rows: 24 };
  #viewport: Viewport = { top: 0, height: 16, count: 0 };
  #version = 0;
  #snapshot: Snapshot | null = null;
  readonly #order = new OrderKeeper();
  readonly #followers: Followers;
  #lastKeyMs: number;
  readonly #closed = new AbortController();
  #guard: AbortController | null = null;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.context = options.context;
    this.clock = options.clock ?? systemClock;
    this.#lastKeyMs = this.clock.monoMs();
    this.actionLog = new ActionLog({
      file: options.actionLogFile,
      context: options.context.name,
      onProblem: (text) => this.flash('warn', text),
    });
    this.#followers = new Followers({
      clock: this.clock,
      tailLimitBytes: options.tailLimitBytes ?? null,
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
  start(sources: { herder: Herder | null; kafka: Kafka | null }): void {
    if (this.#closed.signal.aborted) return;
    const pace = () => this.#pace();
    this.kafka = sources.kafka;
    if (sources.kafka)
      this.cluster = new ClusterCollector({ kafka: sources.kafka, clock: this.clock, pace, onChange: () => this.#onCluster() });
    if (sources.herder) {
      this.connect = new ConnectCollector({
        herder: sources.herder,
        clock: this.clock,
        pace,
        cluster: () => this.cluster?.data ?? null,
        onChange: () => {
          this.cluster?.watch(this.connect?.watches() ?? []);
          this.#judge();
        },
      });
    }
    this.#demand();
    this.connect?.start();
    this.cluster?.start();
    void this.#tick();
  }

  close(): void {
    this.#closed.abort();
    this.#guard?.abort();
    this.frames.stop();
    this.connect?.stop();
    this.cluster?.stop();
    this.#followers.close();
  }

  /** Settles with the exit code once somebody has asked to leave. */
  get exited(): Promise<number> {
    return this.#exit.promise;
  }

  exit(code: number): void {
    this.#exit.resolve(code);
  }

  /** The clock in the header moves, and what is late becomes visible even when no answer comes. */
  async #tick(): Promise<void> {
    const { signal } = this.#closed;
    for (;;) {
      await this.clock.sleep(1_000 * this.#pace(), signal);
      if (signal.aborted) return;
      const { flash } = this.#ui;
      if (flash?.untilMs && flash.untilMs <= this.clock.monoMs()) this.update({ flash: null });
      this.#judge();
    }
  }

  /** 1 while keys are pressed, up to 4 when nobody has touched it for long. */
  #pace(): number {
    const idleMs = this.clock.monoMs() - this.#lastKeyMs;
    return idleMs < IDLE_MS ? 1 : idleMs < LONG_IDLE_MS ? 2 : 4;
  }

  #onCluster(): void {
    // Lag and topics of connectors come from the cluster.
    this.connect?.changed();
    this.#judge();
  }

  /** What is wrong is told by the moment in which an answer came, not by the one in which it is drawn. */
  #judge(): void {
    this.#wrong = this.#incidents.update(this.connect?.data ?? null, this.cluster?.data ?? null, this.clock.wallMs());
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
    const tail = this.tail?.data(view, isTail(view.pane) ? this.#viewport.height : 1) ?? null;
    if (tail?.isScanning) this.#changed();
    const data = this.#data(tail);
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

  #data(tail: ConsoleData['tail']): ConsoleData {
    const nowMs = this.clock.wallMs();
    const [connect, cluster] = [this.connect?.data ?? null, this.cluster?.data ?? null];
    return {
      nowMs,
      context: this.context,
      connect,
      cluster,
      incidents: this.#wrong,
      acknowledged: this.#ui.acknowledged,
      offsets: this.connect?.offsets ?? null,
      plugins: this.connect?.plugins ?? { plugins: null, error: null },
      pluginConfig: this.connect?.pluginConfig ?? null,
      log: this.#followers.log?.data ?? null,
      tail,
      record: this.#record(),
      actions: this.actionLog.records,
      linkMs: this.terminal.latencyMs(),
    };
  }

  #record() {
    const { record } = this.view.target;
    return record === undefined ? null : (this.tail?.tail.ring.get(record) ?? null);
  }

  // ---- state

  get ui(): UiState {
    return this.#ui;
  }

  get view(): ViewState {
    return this.#ui.stack.at(-1)!;
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
    this.#viewport = viewport;
    if (!isTail(this.view.pane) && this.view.top !== viewport.top)
      this.#ui = { ...this.#ui, stack: [...this.#ui.stack.slice(0, -1), { ...this.view, top: viewport.top }] };
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
    this.update({ dialog, isDialogArmed: false, prompt: null });
    this.#guard?.abort();
    const guard = new AbortController();
    this.#guard = guard;
    void this.clock.sleep(DIALOG_GUARD_MS, guard.signal).then(() => {
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
    this.#settle([...this.#ui.stack, makeView(pane, target, more)]);
  }

  /** Views that stand for themselves (reached by a digit or a word) begin a new way, home below them. */
  jump(pane: PaneId, target: Target = {}, more: Partial<ViewState> = {}): void {
    const home = this.#ui.stack[0]!;
    this.#settle(pane === 'home' ? [home] : [home, makeView(pane, target, more)]);
  }

  /** False at the root. */
  back(): boolean {
    if (this.#ui.stack.length < 2) return false;
    this.#settle(this.#ui.stack.slice(0, -1));
    return true;
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
    const { pane, target } = this.view;
    this.cluster?.demand({
      ...NO_DEMAND,
      hasGroups: pane === 'groups' || pane === 'group',
      group: pane === 'group' ? (target.group ?? null) : null,
      hasTopicRates: pane === 'topics',
      hasDisks: pane === 'brokers' || pane === 'topics',
      boundsOf: pane === 'partitions' ? (target.topic ?? null) : null,
    });
    this.connect?.demand({
      offsetsOf: pane === 'offsets' ? (target.connector ?? null) : null,
      hasPlugins: pane === 'plugins' || pane === 'plugin',
      pluginConfigOf: this.#pluginInSight(pane, target),
    });
    this.#follow();
    this.frames.pace = isTail(pane) ? 'fast' : 'rest';
  }

  /** The config of a connector needs its plugin's settings: which of them are secrets. */
  #pluginInSight(pane: PaneId, target: Target): string | null {
    if (pane === 'plugin') return target.plugin ?? null;
    if (pane !== 'config') return null;
    return this.connect?.data.connectors.find((row) => row.name === target.connector)?.className ?? null;
  }

  // ---- tail and log

  get tail(): TailView | null {
    return this.#followers.tail;
  }

  restartTail(start: TailStart): void {
    this.updateView({ tailStart: start, isFollowing: true, frozenAt: null, cursorId: null, top: 0 });
    this.#follow();
  }

  #follow(): void {
    this.#followers.follow(this.#ui.stack, this.kafka, this.connect?.herder ?? null);
  }

  // ---- asking again

  refresh(): void {
    this.connect?.refresh();
    this.cluster?.refresh();
  }
}
