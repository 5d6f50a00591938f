/** What a schema registry tells, asked only while somebody looks: all names, then what is in sight. A dead registry is one sentence. */
import type { Clock } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import { inParallel } from '../base/in-parallel.ts';
import { PollLoop } from '../cluster/poll-loop.ts';
import type { SchemaRegistry, SchemaVersion } from '../control/schema-registry.ts';
import { idsShown } from './demand.ts';
import type { Session } from './session.ts';
import type { ViewState } from './view.ts';

export interface SubjectRow {
  readonly subject: string;
  /** `null`: not asked yet, or not told. */
  readonly latest: SchemaVersion | null;
  readonly compatibility: string | null;
  readonly error: string | null;
}

export interface OpenSubject {
  readonly subject: string;
  /** Oldest first. */
  readonly versions: readonly SchemaVersion[] | null;
  readonly error: string | null;
}

export interface SchemasData {
  readonly address: string;
  readonly subjects: readonly SubjectRow[] | null;
  readonly compatibility: string | null;
  readonly error: string | null;
  readonly open: OpenSubject | null;
}

export interface SchemaStoreOptions {
  readonly registry: SchemaRegistry;
  readonly clock: Clock;
  pace(): number;
  onChange(): void;
  /** Subjects on the screen. */
  shown(): readonly string[];
}

const LOOK_MS = 5_000;
const AT_ONCE = 4;
/** Versions that are read of a subject, the newest. */
const MOST_VERSIONS = 50;

export class SchemaStore {
  readonly #options: SchemaStoreOptions;
  readonly #loop: PollLoop;
  readonly #rows = new Map<string, SubjectRow>();
  #wanted: { readonly hasSubjects: boolean; readonly open: string | null } = { hasSubjects: false, open: null };
  #data: SchemasData;

  constructor(options: SchemaStoreOptions) {
    this.#options = options;
    this.#data = { address: options.registry.address, subjects: null, compatibility: null, error: null, open: null };
    this.#loop = new PollLoop({
      clock: options.clock,
      intervalMs: () => LOOK_MS * options.pace(),
      run: () => this.#read(),
      onSettled: () => options.onChange(),
    });
  }

  static open(registry: SchemaRegistry | null, session: Session, pace: () => number): SchemaStore | null {
    if (registry === null) return null;
    const shown = () => idsShown('schemas', session.snapshot(), session.viewport);
    return new SchemaStore({ registry, clock: session.clock, pace, shown, onChange: () => session.frames.markDirty() });
  }

  /** Frozen; the same object until something was told. */
  get data(): SchemasData {
    return this.#data;
  }

  start(): void {
    this.#loop.start();
  }

  stop(): void {
    this.#loop.stop();
    this.#options.registry.close();
  }

  refresh(): void {
    this.#rows.clear();
    this.#loop.kick();
  }

  /** Rows have come into sight. */
  moved(): void {
    if (this.#wanted.hasSubjects && this.#options.shown().some((subject) => this.#rows.get(subject)?.latest == null)) this.#loop.kick();
  }

  demand({ pane, target }: Pick<ViewState, 'pane' | 'target'>): void {
    const before = this.#wanted;
    this.#wanted = { hasSubjects: pane === 'schemas', open: target.subject ?? null };
    if (this.#wanted.hasSubjects !== before.hasSubjects || this.#wanted.open !== before.open) this.#loop.kick();
  }

  #set(change: Partial<SchemasData>): void {
    this.#data = { ...this.#data, ...change };
    this.#options.onChange();
  }

  /** Never rejects: what went wrong stands beside what was known before. */
  async #read(): Promise<void> {
    const { hasSubjects, open } = this.#wanted;
    await Promise.all([hasSubjects ? this.#readSubjects() : null, open === null ? null : this.#readVersions(open)]);
  }

  async #readSubjects(): Promise<void> {
    const { registry } = this.#options;
    try {
      const [names, compatibility] = await Promise.all([registry.subjects(), registry.compatibility(null).catch(() => null)]);
      const known = new Set(names);
      for (const subject of this.#rows.keys()) if (!known.has(subject)) this.#rows.delete(subject);
      this.#set({ subjects: this.#toRows(names), compatibility, error: null });
      await inParallel(
        this.#options.shown().filter((subject) => known.has(subject)),
        AT_ONCE,
        (subject) => this.#readSubject(subject),
      );
      this.#set({ subjects: this.#toRows(names) });
    } catch (error) {
      this.#set({ error: messageOf(error) });
    }
  }

  #toRows(names: readonly string[]): SubjectRow[] {
    return names.map((subject) => this.#rows.get(subject) ?? { subject, latest: null, compatibility: null, error: null });
  }

  async #readSubject(subject: string): Promise<void> {
    const { registry } = this.#options;
    const before = this.#rows.get(subject);
    try {
      const [latest, compatibility] = await Promise.all([registry.version(subject, 'latest'), registry.compatibility(subject)]);
      this.#rows.set(subject, { subject, latest, compatibility, error: null });
    } catch (error) {
      this.#rows.set(subject, { subject, latest: null, compatibility: null, ...before, error: messageOf(error) });
    }
  }

  /** A version never changes: each is read once. */
  async #readVersions(subject: string): Promise<void> {
    const { registry } = this.#options;
    const before = this.#data.open?.subject === subject ? this.#data.open : null;
    if (before === null) this.#set({ open: { subject, versions: null, error: null } });
    try {
      const known = new Map((before?.versions ?? []).map((one) => [one.version, one]));
      const numbers = (await registry.versions(subject)).slice(-MOST_VERSIONS);
      await inParallel(
        numbers.filter((one) => !known.has(one)),
        AT_ONCE,
        async (one) => void known.set(one, await registry.version(subject, one)),
      );
      if (this.#wanted.open === subject)
        this.#set({ open: { subject, versions: numbers.flatMap((one) => known.get(one) ?? []), error: null } });
    } catch (error) {
      this.#set({ open: { subject, versions: before?.versions ?? null, error: messageOf(error) } });
    }
  }
}
