/**
 * A connector that is being made: its settings as they are typed, judged by the worker a moment after the last key. It knows no screen;
 * `onChange` says that there is something new to draw.
 */
import type { Clock } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import type { Herder } from '../herder/herder.ts';
import type { ConfigInfos, ConfigKeyInfo } from '../herder/model.ts';
import { passwordKeysIn, toProblems, validateConfig } from './config-check.ts';
import type { ConfigProblem } from './config-text.ts';

/** Typing goes on while the worker is not asked yet. */
const QUIET_MS = 300;

export interface FormField {
  readonly key: string;
  /** `null`: a setting that no definition knows. */
  readonly definition: ConfigKeyInfo | null;
  /** `null`: not set, the default counts. */
  readonly value: string | null;
  readonly recommended: readonly string[];
  readonly errors: readonly string[];
  readonly isSecret: boolean;
}

export interface FormData {
  readonly className: string;
  readonly values: Readonly<Record<string, string>>;
  readonly passwordKeys: ReadonlySet<string>;
  /** In the order to fill them in; empty before the first answer. */
  readonly fields: readonly FormField[];
  readonly problems: readonly ConfigProblem[];
  /** Why the worker cannot judge it. */
  readonly error: string | null;
  readonly isJudging: boolean;
}

export interface FormOptions {
  readonly herder: Herder;
  readonly clock: Clock;
  readonly className: string;
  readonly values: Readonly<Record<string, string>>;
  onChange(): void;
}

export class ConnectorForm {
  readonly className: string;
  readonly #options: FormOptions;
  #values: Readonly<Record<string, string>>;
  #infos: ConfigInfos | null = null;
  #judgedValues: Readonly<Record<string, string>> = {};
  #error: string | null = null;
  #isJudging = false;
  #waiting: AbortController | null = null;
  #asked = 0;
  #data: FormData | null = null;
  #watcher: (() => void) | null = null;

  constructor(options: FormOptions) {
    this.#options = options;
    this.className = options.className;
    this.#values = { ...options.values, 'connector.class': options.className };
    void this.judge();
  }

  get data(): FormData {
    this.#data ??= this.#assemble();
    return this.#data;
  }

  /** More than its class was given. */
  get isBegun(): boolean {
    return Object.keys(this.#values).length > 1;
  }

  /** `null` or nothing: the default. The worker is asked when the typing rests. */
  set(key: string, value: string | null): void {
    const { [key]: _, ...rest } = this.#values;
    this.setAll(value === null || value === '' ? rest : { ...rest, [key]: value });
  }

  setAll(values: Readonly<Record<string, string>>): void {
    this.#values = { ...values, 'connector.class': this.className };
    this.#isJudging = true;
    this.#changed();
    this.#waiting?.abort();
    const waiting = new AbortController();
    this.#waiting = waiting;
    void this.#options.clock.sleep(QUIET_MS, waiting.signal).then(() => (waiting.signal.aborted ? undefined : this.judge()));
  }

  /** Now. An answer that a later question has overtaken is dropped. */
  async judge(): Promise<void> {
    this.#waiting?.abort();
    const asked = ++this.#asked;
    const values = this.#values;
    this.#isJudging = true;
    this.#changed();
    let [infos, error]: [ConfigInfos | null, string | null] = [null, null];
    try {
      infos = await validateConfig(this.#options.herder, values);
    } catch (cause) {
      error = messageOf(cause);
    }
    if (asked !== this.#asked) return;
    if (infos !== null) [this.#infos, this.#judgedValues] = [infos, values];
    this.#error = error;
    this.#isJudging = this.#values !== values;
    this.#changed();
  }

  /** The one question about it that is open. */
  watch(watcher: () => void): void {
    this.#watcher = watcher;
  }

  close(): void {
    this.#waiting?.abort();
    this.#asked++;
  }

  #changed(): void {
    this.#data = null;
    this.#options.onChange();
    this.#watcher?.();
  }

  #assemble(): FormData {
    const infos = this.#infos;
    return {
      className: this.className,
      values: this.#values,
      passwordKeys: infos === null ? new Set() : passwordKeysIn(infos),
      fields: infos === null ? [] : fieldsOf(infos, this.#values, this.#judgedValues),
      problems: infos === null ? [] : toProblems(infos, this.#judgedValues),
      error: this.#error,
      isJudging: this.#isJudging,
    };
  }
}

const IMPORTANCE = ['HIGH', 'MEDIUM', 'LOW'];

/** Required ones first, then by importance; what the worker hides for the values that were given is left out. */
function fieldsOf(infos: ConfigInfos, values: Readonly<Record<string, string>>, judged: Readonly<Record<string, string>>): FormField[] {
  const passwords = passwordKeysIn(infos);
  const problems = toProblems(infos, judged);
  const fields = infos.configs.flatMap(({ definition, value }): FormField[] => {
    const { name } = value;
    const errors = problems.filter((one) => one.key === name).map((one) => one.text);
    if ((!value.visible && errors.length === 0 && values[name] === undefined) || name === 'connector.class') return [];
    return [
      { key: name, definition, value: values[name] ?? null, recommended: value.recommended_values, errors, isSecret: passwords.has(name) },
    ];
  });
  const known = new Set(fields.map((one) => one.key));
  const typed = Object.keys(values).filter((key) => !known.has(key) && key !== 'connector.class');
  const rank = ({ key, definition }: FormField): number => {
    if (key === 'name') return 0;
    if (definition?.required) return 1;
    const found = IMPORTANCE.indexOf(definition?.importance ?? '');
    return 2 + (found < 0 ? IMPORTANCE.length : found);
  };
  return [
    ...fields,
    ...typed.map((key): FormField => ({ key, definition: null, value: values[key]!, recommended: [], errors: [], isSecret: false })),
  ].sort((a, b) => rank(a) - rank(b));
}
