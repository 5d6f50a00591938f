/** Single settings of a topic or broker, changed and read back; what was set before is the way back. */
import type { Clock } from '../base/clock.ts';
import { HIDDEN } from '../base/mask.ts';
import type { Admin, ConfigEntry, ConfigResource } from '../kafka/contract.ts';
import type { Step } from './step.ts';
import type { UndoEntry } from './undo.ts';

/** `null`: back to the default. */
export type SettingChanges = Readonly<Record<string, string | null>>;

/** Set for this very object, and not by a file or for all. */
export function isOwnSetting({ source }: ConfigEntry): boolean {
  return source === 'topic' || source === 'broker' || source === 'group';
}

export function secretNames(entries: readonly ConfigEntry[]): Set<string> {
  return new Set(entries.flatMap(({ name, isSensitive }) => (isSensitive ? [name] : [])));
}

/** What is set for the object itself: a text, or null where a default holds. */
export function ownSettings(entries: readonly ConfigEntry[], names: readonly string[]): SettingChanges {
  return Object.fromEntries(
    names.map((name) => {
      const entry = entries.find((one) => one.name === name);
      return [name, entry && isOwnSetting(entry) ? (entry.isSensitive ? HIDDEN : (entry.value ?? '')) : null];
    }),
  );
}

export function resourceName({ type, name }: ConfigResource): string {
  return type === 'topic' ? name : `${type} ${name}`;
}

export interface SettingsContext {
  readonly clock: Clock;
  /** Entries that the change was made from: when they are others by now it is refused. `null`: not checked. */
  readonly base: readonly ConfigEntry[] | null;
  /** Told after a change. */
  onChanged(): void;
}

const LOOKS = 25;
const LOOK_MS = 200;

export function settingsStep(resource: ConfigResource, changes: SettingChanges, context: SettingsContext): Step {
  const names = Object.keys(changes);
  const target = resourceName(resource);
  const describe = async (admin: Admin) => ownSettings(await admin.describeConfigs(resource), names);
  return {
    action: 'settings.change',
    connector: target,
    title: `change ${names.join(', ')} of ${target}`,
    request: `IncrementalAlterConfigs ${resource.type} ${resource.name}: ${names.map((name) => `${name}=${changes[name] ?? '(default)'}`).join(', ')}`,
    change: null,
    before: null,
    call: async ({ admin }) => {
      const entries = await admin.describeConfigs(resource);
      const secret = secretNames(entries);
      const before = ownSettings(entries, names);
      if (context.base !== null && textOf(before) !== textOf(ownSettings(context.base, names)))
        throw new Error(`the settings of ${target} were changed by somebody else meanwhile: look at them again. Nothing was done.`);
      await admin.alterConfigs(resource, changes);
      const wanted = textOf(
        Object.fromEntries(names.map((name) => [name, changes[name] != null && secret.has(name) ? HIDDEN : changes[name]!])),
      );
      let after = await describe(admin);
      // Brokers learn of it one after the other.
      for (let look = 1; look < LOOKS && textOf(after) !== wanted; look++) {
        await context.clock.sleep(LOOK_MS);
        after = await describe(admin);
      }
      context.onChanged();
      if (textOf(after) !== wanted)
        throw new Error(`the broker took it, but still answers ${textOf(after)} after ${(LOOKS * LOOK_MS) / 1000} s: look at it again`);
      const isLost = names.some((name) => before[name] === HIDDEN);
      return { before: textOf(before), after: textOf(after), undo: isLost ? null : undoOf(resource, before, after, admin, context) };
    },
  };
}

function undoOf(
  resource: ConfigResource,
  before: SettingChanges,
  after: SettingChanges,
  admin: Admin,
  context: SettingsContext,
): UndoEntry | null {
  if (textOf(before) === textOf(after)) return null;
  const target = resourceName(resource);
  return {
    title: `put back ${Object.keys(before).join(', ')} of ${target}`,
    target,
    lines: [textOf(before)],
    refusal: async () => {
      const now = ownSettings(await admin.describeConfigs(resource), Object.keys(before));
      return textOf(now) === textOf(after) ? null : `the settings of ${target} were changed again since`;
    },
    run: (undoBy) => undoBy(settingsStep(resource, before, { ...context, base: null })),
  };
}

/** `retention.ms = 3600000, cleanup.policy = (default)`. */
function textOf(settings: SettingChanges): string {
  return Object.keys(settings)
    .sort()
    .map((name) => `${name} = ${settings[name] ?? '(default)'}`)
    .join(', ');
}
