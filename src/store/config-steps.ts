/** The steps that change what a connector is: its configuration, and its end. What was before is kept for the way back. */
import { createHash } from 'node:crypto';
import type { Clock } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import { plural } from '../base/format.ts';
import { HIDDEN, maskConfig } from '../base/mask.ts';
import type { Herder } from '../herder/herder.ts';
import type { ConnectorOffset, ConnectorState } from '../herder/model.ts';
import { passwordKeys } from './connect-model.ts';
import { connectorTarget } from './connector-offsets.ts';
import { isGone, pathOf, targetOf } from './connector-steps.ts';
import { changeOffsets } from './offset-change.ts';
import { canonical } from './offset-plan.ts';
import type { Step } from './step.ts';
import type { UndoEntry } from './undo.ts';

export type ConnectorConfig = Readonly<Record<string, string>>;

/** True when the worker keeps secrets of this config to itself: with what is known the connector could not be made again. */
export function isHidden(config: ConnectorConfig): boolean {
  return Object.values(config).some((value) => value.includes(HIDDEN));
}

/** The same for two configurations whose keys and values are the same, in whatever order; `name` is there in some answers only. */
export function configHash(config: ConnectorConfig): string {
  const entries = Object.entries({ ...config, name: '' }).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(entries)).digest('hex');
}

async function maskedText(herder: Herder, config: ConnectorConfig): Promise<string> {
  const keys = await herder.pluginConfig(config['connector.class'] ?? '').catch(() => []);
  return JSON.stringify(maskConfig(config, passwordKeys(keys)));
}

export interface ConfigChange {
  readonly next: ConnectorConfig;
  /** What `next` was made from: the change is refused when the worker has another one by now. `null`: not checked. */
  readonly base: ConnectorConfig | null;
}

export function configStep(name: string, { next, base }: ConfigChange): Step {
  return {
    action: 'connector.edit',
    connector: name,
    title: `change the config of ${name}`,
    request: `PUT ${pathOf(name, '/config')}`,
    change: null,
    before: null,
    call: async ({ herder }) => {
      const before = await herder.connectorConfig(name);
      if (base !== null && configHash(before) !== configHash(base))
        throw new Error(`the config of ${name} was changed by somebody else meanwhile: look at it and change it again. Nothing was done.`);
      const { info } = await herder.putConnectorConfig(name, next, { allowReplace: true });
      const [was, is] = await Promise.all([maskedText(herder, before), maskedText(herder, info.config)]);
      return { before: was, after: is, undo: undoOfConfig(name, before, next, configHash(info.config), herder) };
    },
  };
}

/** A secret that the worker hides is «unchanged» when it is sent back hidden: only one that was changed cannot be put back. */
function undoOfConfig(name: string, before: ConnectorConfig, next: ConnectorConfig, afterHash: string, herder: Herder): UndoEntry | null {
  const isLost = Object.entries(before).some(([key, value]) => value.includes(HIDDEN) && next[key] !== value);
  if (isLost || configHash(before) === afterHash) return null;
  const changed = [...new Set([...Object.keys(before), ...Object.keys(next)])].filter((key) => before[key] !== next[key]);
  return {
    title: `put back the config of ${name}`,
    target: name,
    lines: [`${plural(changed.length, 'setting')} as before: ${changed.slice(0, 8).join(', ')}${changed.length > 8 ? ' …' : ''}`],
    refusal: async () => {
      if (await isGone(herder, name)) return `${name} is not there any more`;
      return configHash(await herder.connectorConfig(name)) === afterHash ? null : `the config of ${name} was changed again since`;
    },
    run: (undoBy) => undoBy(configStep(name, { next: before, base: null })),
  };
}

export interface DeleteContext {
  readonly state: ConnectorState | null;
  readonly clock: Clock;
}

export function deleteStep(name: string, context: DeleteContext): Step {
  return {
    action: 'connector.delete',
    connector: name,
    title: `delete ${name}`,
    request: `DELETE ${pathOf(name)}`,
    change: { wanted: 'DELETED', restarted: null },
    before: context.state,
    call: async ({ herder }) => {
      const config = await herder.connectorConfig(name);
      const state = context.state ?? (await herder.connectorStatus(name)).connector.state;
      const offsets = await herder.connectorOffsets(name).then(
        (found) => found.offsets,
        () => null,
      );
      const before = await maskedText(herder, config);
      await herder.deleteConnector(name);
      return { before, after: null, undo: isHidden(config) ? null : undoOfDelete({ name, config, state, offsets }, herder, context) };
    },
  };
}

interface Deleted {
  readonly name: string;
  readonly config: ConnectorConfig;
  readonly state: ConnectorState;
  /** `null`: not known. */
  readonly offsets: readonly ConnectorOffset[] | null;
}

function undoOfDelete(was: Deleted, herder: Herder, context: DeleteContext): UndoEntry {
  const { name, offsets } = was;
  return {
    title: `create ${name} again with the config it had`,
    target: name,
    lines: [
      offsets === null
        ? 'Its offsets were not known: it goes on from those that the worker has kept.'
        : `Its ${plural(offsets.length, 'offset')}: those that are gone by now are put back first.`,
    ],
    refusal: async () => ((await isGone(herder, name)) ? null : `there is a connector ${name} again`),
    run: (undoBy) => undoBy(createAgainStep(was, context.clock)),
  };
}

/** Stands still until its offsets are there; then it is what it was. */
function createAgainStep({ name, config, state, offsets }: Deleted, clock: Clock): Step {
  const target = targetOf(state);
  const isHeld = target === 'STARTED' && (offsets?.length ?? 0) > 0;
  return {
    action: 'connector.create',
    connector: name,
    title: `create ${name} again`,
    request: 'POST /connectors',
    change: null,
    before: null,
    call: async ({ herder }) => {
      const initialState = isHeld ? 'STOPPED' : target;
      await herder.putConnectorConfig(name, config, {
        allowReplace: false,
        ...(initialState === 'STARTED' ? {} : { initialState }),
      });
      try {
        if (offsets !== null && offsets.length > 0) await putBackOffsets(herder, name, offsets, clock);
        if (isHeld) await herder.resumeConnector(name);
      } catch (error) {
        throw new Error(`${name} is there again and ${initialState}, but ${messageOf(error)}. Look at its offsets, then resume it (u).`, {
          cause: error,
        });
      }
      return { after: state, undo: null };
    },
  };
}

/** Only what is gone: offsets that were kept may be further than the saved ones, and going back would write records twice. */
async function putBackOffsets(herder: Herder, name: string, saved: readonly ConnectorOffset[], clock: Clock): Promise<void> {
  const kept = new Set((await herder.connectorOffsets(name)).offsets.map((one) => canonical(one.partition)));
  const gone = saved.filter((one) => one.offset !== null && !kept.has(canonical(one.partition)));
  if (gone.length === 0) return;
  const result = await changeOffsets({
    name,
    work: connectorTarget(name, { herder, admin: null, clock, row: () => null }).work(),
    changes: () => gone,
    // What would be overwritten is nothing.
    save: async () => '',
    onSteps: () => undefined,
  });
  if (!result.isOk) throw new Error(`its offsets were not put back: ${result.message}`);
}
