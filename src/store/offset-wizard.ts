/** The dialog that changes a connector's offsets: method, value, a preview with old → new, the typed name, then the steps as they go. */

import { messageOf } from '../base/errors.ts';
import { plural } from '../base/format.ts';
import { fetchOffsets } from '../cluster/progress.ts';
import type { ConnectorOffset } from '../herder/model.ts';
import { type Dialog, type DialogLine, line, noticeDialog } from './dialog.ts';
import { EMPTY_LINE, editLine, type LineEdit, lineOf, textOf } from './line-edit.ts';
import {
  canonical,
  methodsFor,
  type OffsetFacts,
  type OffsetMethod,
  type OffsetPlan,
  type PlanRequest,
  parseTime,
  partitionLabel,
  planOffsets,
} from './offset-plan.ts';
import { previewLines } from './offset-preview.ts';
import { runOffsetChange } from './offset-run.ts';
import type { Operations } from './operations.ts';
import type { Session } from './session.ts';

const METHOD_TEXT: Readonly<Record<OffsetMethod, { key: string; sink: string; source: string }>> = {
  earliest: { key: 'e', sink: 'the first record there is', source: 'forget everything: read from the start' },
  latest: { key: 'l', sink: 'the end: skip what waits', source: '' },
  time: { key: 't', sink: 'the first record at or after a time', source: '' },
  shift: { key: 's', sink: 'so many records back or ahead', source: '' },
  explicit: { key: 'x', sink: 'an offset', source: 'an offset as JSON' },
  tombstone: { key: 'd', sink: 'remove the committed offset', source: 'remove the offset of one partition' },
};

interface WizardState {
  readonly method: OffsetMethod | null;
  /** Index into the partitions; −1: all. */
  readonly scope: number;
  readonly value: LineEdit;
  readonly plan: OffsetPlan | null;
  readonly typed: LineEdit;
  readonly complaint: string | null;
}

export class OffsetWizard {
  readonly #session: Session;
  readonly #operations: Operations;
  readonly #connector: string;
  readonly #isSink: boolean;
  #facts: readonly OffsetFacts[] = [];
  #state: WizardState = { method: null, scope: -1, value: EMPTY_LINE, plan: null, typed: EMPTY_LINE, complaint: null };
  #isRunning = false;

  constructor(session: Session, operations: Operations, connector: string) {
    this.#session = session;
    this.#operations = operations;
    this.#connector = connector;
    this.#isSink = operations.row(connector)?.type === 'sink';
  }

  /** `partition`: label of the one under the cursor, if the wizard is opened from the list of offsets. */
  async open(partition: string | null): Promise<void> {
    this.#session.openDialog(noticeDialog(this.#title(), [line('reading the offsets …', 'dim')]));
    try {
      this.#facts = await this.#readFacts();
    } catch (error) {
      this.#session.setDialog(noticeDialog(this.#title(), [line(`The offsets cannot be read: ${messageOf(error)}`, 'fail')]));
      return;
    }
    // Somebody closed it while it was reading.
    if (this.#session.ui.dialog === null) return;
    if (this.#facts.length === 0) {
      this.#session.setDialog(noticeDialog(this.#title(), [line(`${this.#connector} has no offsets yet: there is nothing to change.`)]));
      return;
    }
    const found = this.#facts.findIndex((facts) => partitionLabel(facts.partition) === partition);
    this.#to({ scope: found >= 0 ? found : this.#facts.length === 1 ? 0 : -1 });
  }

  #title(): string {
    return `offsets of ${this.#connector} (${this.#isSink ? 'sink' : 'source'})`;
  }

  async #readFacts(): Promise<OffsetFacts[]> {
    const herder = this.#session.connect?.herder;
    if (!herder) throw new Error('no Connect worker is configured');
    const { offsets } = await herder.connectorOffsets(this.#connector);
    if (!this.#isSink)
      return offsets.flatMap(({ partition, offset }) => (partition ? [{ partition, offset, earliest: null, end: null }] : []));
    const known = new Map(
      offsets.flatMap(({ partition, offset }) => (partition ? [[partitionLabel(partition), { partition, offset }] as const] : [])),
    );
    // Partitions that the sink reads and has never committed can be given an offset as well.
    for (const { topic, partition } of this.#operations.row(this.#connector)?.partitions ?? []) {
      const key = { kafka_topic: topic, kafka_partition: BigInt(partition) };
      if (!known.has(partitionLabel(key))) known.set(partitionLabel(key), { partition: key, offset: null });
    }
    const admin = this.#session.cluster?.admin;
    const places = [...known.values()].map(({ partition }) => ({
      topic: String(partition.kafka_topic),
      partition: Number(partition.kafka_partition),
    }));
    const [first, end] = admin
      ? await Promise.all([fetchOffsets(admin, places, 'earliest'), fetchOffsets(admin, places, 'latest')])
      : [new Map<string, bigint>(), new Map<string, bigint>()];
    return [...known.values()].map(({ partition, offset }) => {
      const key = `${partition.kafka_topic} ${partition.kafka_partition}`;
      return { partition, offset, earliest: first.get(key) ?? null, end: end.get(key) ?? null };
    });
  }

  #to(change: Partial<WizardState>): void {
    this.#state = { ...this.#state, ...change };
    this.#session.setDialog(this.#dialog());
  }

  #inScope(): readonly OffsetFacts[] {
    return this.#state.scope < 0 ? this.#facts : this.#facts.slice(this.#state.scope, this.#state.scope + 1);
  }

  #dialog(): Dialog {
    const { method, plan } = this.#state;
    if (method === null) return this.#methodDialog();
    return plan === null ? this.#valueDialog(method) : this.#previewDialog(plan);
  }

  // ---- which method, which partitions

  #methods(): OffsetMethod[] {
    return methodsFor(
      this.#isSink,
      this.#facts.some((facts) => facts.end !== null),
    );
  }

  #scopeText(): string {
    const all = this.#facts.length;
    const only = this.#facts[this.#state.scope];
    return only ? `${partitionLabel(only.partition)}${all > 1 ? `  (1 of ${all})` : ''}` : `all ${plural(all, 'partition')}`;
  }

  #methodDialog(): Dialog {
    const lines = [
      line(`partitions   ${this.#scopeText()}`),
      line(''),
      ...this.#methods().map((method) =>
        line(`  ${METHOD_TEXT[method].key}  ${method.padEnd(10)} ${METHOD_TEXT[method][this.#isSink ? 'sink' : 'source']}`),
      ),
      line(''),
      line('Nothing is done before a preview and the typed name.', 'dim'),
    ];
    return {
      content: {
        title: this.#title(),
        lines,
        input: null,
        keys: [
          [
            this.#methods()
              .map((method) => METHOD_TEXT[method].key)
              .join(' '),
            'method',
          ],
          ...(this.#facts.length > 1 ? ([['tab', 'partitions']] as const) : []),
          ['esc', 'no'],
        ],
      },
      onKey: (key) => {
        if (key === 'esc' || key === 'ctrl-c' || key === 'q') return null;
        if (key === 'tab') this.#to({ scope: this.#state.scope + 1 >= this.#facts.length ? -1 : this.#state.scope + 1 });
        const method = this.#methods().find((one) => METHOD_TEXT[one].key === key);
        if (method) this.#choose(method);
        return this.#session.ui.dialog;
      },
    };
  }

  #choose(method: OffsetMethod): void {
    if (method === 'earliest' || method === 'latest' || method === 'tombstone') {
      this.#state = { ...this.#state, method };
      void this.#preview();
      return;
    }
    const [only] = this.#inScope();
    const isOneSource = method === 'explicit' && !this.#isSink && this.#inScope().length === 1;
    this.#to({ method, value: isOneSource && only?.offset ? lineOf(canonical(only.offset)) : EMPTY_LINE });
  }

  // ---- the value

  #valueDialog(method: OffsetMethod): Dialog {
    const help = {
      time: 'like 2026-11-23 11:00, 11:00, -30m, -2h, -1d (local time)',
      shift: 'records, like -500 or +10; stays within what there is',
      explicit: this.#isSink ? 'an offset, a whole number' : 'a JSON object, members as they are now',
    };
    const text = method === 'time' || method === 'shift' || method === 'explicit' ? help[method] : '';
    const { value, complaint } = this.#state;
    const lines = [
      line(`partitions   ${this.#scopeText()}`),
      line(`method       ${method}`),
      line(''),
      line(text, 'dim'),
      ...(complaint ? [line(complaint, 'warn')] : []),
    ];
    return {
      content: {
        title: this.#title(),
        lines,
        input: { label: `${method}:`, line: value },
        keys: [
          ['⏎', 'preview'],
          ['esc', 'back'],
        ],
      },
      onKey: (key) => {
        if (key === 'ctrl-c') return null;
        if (key === 'esc') this.#to({ method: null, complaint: null });
        else if (key === 'enter') void this.#preview();
        else {
          const next = editLine(value, key);
          if (next) this.#to({ value: next, complaint: null });
        }
        return this.#session.ui.dialog;
      },
      onPaste: (pasted) => {
        this.#to({ value: { before: value.before + pasted.replace(/[\p{Cc}\p{Cs}]/gu, ' '), after: value.after } });
        return this.#session.ui.dialog ?? this.#dialog();
      },
    };
  }

  async #preview(): Promise<void> {
    const method = this.#state.method;
    if (method === null) return;
    let byTime: ReadonlyMap<string, bigint> = new Map();
    try {
      if (method === 'time') byTime = await this.#offsetsAt(textOf(this.#state.value));
    } catch (error) {
      this.#to({ complaint: messageOf(error) });
      return;
    }
    const plan = planOffsets(this.#planRequest(method, this.#inScope(), byTime));
    if (plan.problem === null) this.#to({ plan, typed: EMPTY_LINE, complaint: null });
    else if (method === 'time' || method === 'shift' || method === 'explicit') this.#to({ complaint: plan.problem });
    else this.#session.setDialog(noticeDialog(this.#title(), [line(plan.problem, 'warn')]));
  }

  #planRequest(method: OffsetMethod, facts: readonly OffsetFacts[], byTime: ReadonlyMap<string, bigint>): PlanRequest {
    const isWhole = facts.length === this.#facts.length;
    return { isSink: this.#isSink, method, value: textOf(this.#state.value), facts, isWhole, byTime };
  }

  async #offsetsAt(value: string): Promise<Map<string, bigint>> {
    const timestampMs = parseTime(value, this.#session.clock.wallMs());
    if (timestampMs === null) throw new Error(`"${value}" is not a time. Write 2026-11-23 11:00, 11:00, -30m or -2h.`);
    const admin = this.#session.cluster?.admin;
    if (!admin) throw new Error('Kafka is not reachable from here: times cannot be looked up');
    const places = this.#inScope().map(({ partition }) => ({
      topic: String(partition.kafka_topic),
      partition: Number(partition.kafka_partition),
    }));
    const found = await fetchOffsets(admin, places, { timestampMs });
    // Kafka answers −1 where nothing is that new: the end then.
    return new Map([...found].filter(([, offset]) => offset >= 0n).map(([key, offset]) => [key.replace(/ (\d+)$/, ' p$1'), offset]));
  }

  // ---- preview and typed name

  #previewDialog(plan: OffsetPlan): Dialog {
    const { typed, complaint } = this.#state;
    const input = { label: `type ${this.#connector} to go on:`, line: typed };
    const lines = [
      ...previewLines(plan, this.#isSink),
      line(''),
      ...this.#movingLines(),
      line('steps  stop → change → read back → resume', 'dim'),
      line('the offsets before are kept: z puts them back', 'dim'),
      ...(complaint ? [line(complaint, 'warn')] : []),
    ];
    return {
      content: {
        title: this.#title(),
        lines,
        input,
        keys: [
          ['⏎', 'after the name'],
          ['esc', 'no'],
        ],
      },
      onKey: (key) => {
        if (key === 'esc' || key === 'ctrl-c') return null;
        if (key === 'enter') {
          if (textOf(typed) === '') return null;
          if (textOf(typed).normalize('NFC') === this.#connector.normalize('NFC')) void this.#run(plan);
          else this.#to({ complaint: 'that is not its name; nothing was done' });
        } else {
          const next = editLine(typed, key);
          if (next) this.#to({ typed: next, complaint: null });
        }
        return this.#session.ui.dialog;
      },
      onPaste: () => {
        this.#to({ complaint: 'type it: a paste is not taken here' });
        return this.#session.ui.dialog ?? this.#dialog();
      },
    };
  }

  /** Until it is stopped a running connector goes on: the figures above are those of now. */
  #movingLines(): DialogLine[] {
    if (this.#operations.row(this.#connector)?.state !== 'RUNNING') return [];
    return [
      line(
        this.#state.method === 'shift'
          ? 'it runs: the shift counts from where it is when it has stopped'
          : 'it runs: NOW moves on until it has stopped',
        'dim',
      ),
    ];
  }

  // ---- doing it

  async #run(plan: OffsetPlan): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    await runOffsetChange(this.#session, this.#operations, {
      connector: this.#connector,
      title: this.#title(),
      action: 'connector.offsets-reset',
      changes: plan.isReset ? null : (stopped) => this.#changesFrom(stopped, plan),
    });
  }

  /** A shift counts from where it has stopped; every other method means the same place whenever it is asked. */
  #changesFrom(stopped: readonly ConnectorOffset[], plan: OffsetPlan): ConnectorOffset[] {
    if (this.#state.method !== 'shift') return plan.changes.map((one) => one.change);
    const now = new Map(stopped.map((one) => [canonical(one.partition), one.offset]));
    const facts = this.#inScope().map((one) => ({ ...one, offset: now.get(canonical(one.partition)) ?? null }));
    const anew = planOffsets(this.#planRequest('shift', facts, new Map()));
    if (anew.problem !== null) throw new Error(anew.problem);
    return anew.changes.map((one) => one.change);
  }
}
