/** stop → change → read back → as it was. Whatever happens, the end tells how it stands. */
import { expect, test } from 'vitest';
import { RestError } from '../../../src/base/errors.ts';
import type { Herder } from '../../../src/herder/herder.ts';
import type { ConnectorOffset } from '../../../src/herder/model.ts';
import { connectorTarget } from '../../../src/store/connector-offsets.ts';
import { type ChangeResult, type ChangeStep, changeOffsets } from '../../../src/store/offset-change.ts';
import { connector, ScriptedWorld } from '../../helpers/scripted-world.ts';
import { createTestClock } from '../../helpers/test-clock.ts';

const place = (offset: bigint | null): ConnectorOffset => ({
  partition: { kafka_topic: 't', kafka_partition: 0n },
  offset: offset === null ? null : { kafka_offset: offset },
});

interface Outcome extends ChangeResult {
  readonly steps: readonly string[];
  readonly world: ScriptedWorld;
}

async function change(
  more: {
    before?: 'RUNNING' | 'PAUSED' | 'STOPPED';
    herder?: (herder: Herder, world: ScriptedWorld) => Partial<Herder>;
    isReset?: boolean;
    isAll?: boolean;
    save?: () => Promise<string>;
  } = {},
): Promise<Outcome> {
  const world = new ScriptedWorld();
  world.connectors = [connector('snk', 'sink', { state: more.before ?? 'RUNNING', offsets: [place(700n)] })];
  if (more.before === 'STOPPED') world.connectors[0]!.tasks = [];
  const clock = createTestClock();
  let last: readonly ChangeStep[] = [];
  const running = changeOffsets({
    name: 'snk',
    work: connectorTarget('snk', {
      herder: { ...world.herder, ...more.herder?.(world.herder, world) },
      admin: null,
      clock,
      row: () => null,
    }).work(),
    changes: more.isReset
      ? null
      : (stopped) =>
          stopped.slice(0, more.isAll ? undefined : 1).map(({ partition, offset }) => ({
            partition,
            offset: { kafka_offset: (offset!.kafka_offset as bigint) - 500n },
          })),
    save: more.save ?? (async (before) => `${before.length} kept`),
    onSteps: (steps) => {
      last = steps;
    },
  });
  let isDone = false;
  void running.finally(() => {
    isDone = true;
  });
  for (let i = 0; i < 400 && !isDone; i++) await clock.advance(500);
  const result = await running;
  return { ...result, steps: last.map((step) => `${step.name} ${step.state}`), world };
}

test('a running connector is stopped, changed, read back and runs again', async () => {
  const { isOk, message, before, steps, world } = await change();
  expect(isOk).toBe(true);
  expect(message).toBe('offsets of snk changed; it is RUNNING again');
  expect(steps).toEqual(['stop done', 'save done', 'change done', 'read back done', 'resume done']);
  expect(world.calls.map((call) => call.split(' ')[0])).toEqual(['stop', 'alter', 'resume']);
  expect(world.connector('snk')).toMatchObject({ state: 'RUNNING', offsets: [place(200n)] });
  expect(before).toEqual([place(700n)]);
});

test('what to set is worked out from where it has stopped, not from where it was seen', async () => {
  const { isOk, before, changes } = await change({
    herder: (herder, world) => ({
      stopConnector: async (name) => {
        world.connector(name).offsets = [place(1_200n)];
        await herder.stopConnector(name);
      },
    }),
  });
  expect(isOk).toBe(true);
  expect(before).toEqual([place(1_200n)]);
  expect(changes).toEqual([place(700n)]);
});

test.each(['PAUSED', 'STOPPED'] as const)('one that was %s is so again', async (before) => {
  const { isOk, message, world } = await change({ before });
  expect(isOk).toBe(true);
  expect(message).toContain(`it is ${before} as before`);
  expect(world.connector('snk').state).toBe(before);
});

test('a reset forgets all by one call', async () => {
  const { isOk, changes, world } = await change({ isReset: true });
  expect(isOk).toBe(true);
  expect(world.calls).toContain('reset offsets snk');
  expect(changes).toEqual([place(null)]);
});

test('a group that is not empty yet is asked again', async () => {
  let refusals = 3;
  const { isOk } = await change({
    herder: (herder) => ({
      alterConnectorOffsets: async (name, offsets) => {
        if (refusals-- > 0) throw new RestError(500, 'The consumer group is not empty: it is still active');
        return herder.alterConnectorOffsets(name, offsets);
      },
    }),
  });
  expect(isOk).toBe(true);
  expect(refusals).toBe(-1);
});

test('one that does not stop is left alone', async () => {
  const { isOk, message, before, steps, world } = await change({ herder: () => ({ stopConnector: async () => undefined }) });
  expect(isOk).toBe(false);
  expect(message).toBe(
    'snk: stop failed: it is RUNNING with 1 task after 60 s. Nothing was changed. Look at the state of snk: u resumes it should it be STOPPED.',
  );
  expect(steps).toEqual(['stop failed', 'save waiting', 'change waiting', 'read back waiting', 'resume waiting']);
  expect(world.calls).toEqual([]);
  expect(before).toBeNull();
});

test('a change that is refused changes nothing, and the connector comes back', async () => {
  const { isOk, message, world } = await change({
    herder: () => ({
      alterConnectorOffsets: async () => {
        throw new RestError(400, 'Offsets are not supported by this connector');
      },
    }),
  });
  expect(isOk).toBe(false);
  expect(message).toBe('The offsets were not changed: Offsets are not supported by this connector. snk is RUNNING again.');
  expect(world.connector('snk')).toMatchObject({ state: 'RUNNING', offsets: [place(700n)] });
});

test('a call that failed and yet has changed them is told by what was read back', async () => {
  const { isOk, message } = await change({
    herder: (herder) => ({
      alterConnectorOffsets: async (name, offsets) => {
        await herder.alterConnectorOffsets(name, offsets);
        throw new Error('no answer for 90 s');
      },
    }),
  });
  expect(isOk).toBe(true);
  expect(message).toBe('offsets of snk changed; it is RUNNING again');
});

test('when nobody can tell, it stays STOPPED and says so', async () => {
  const { isOk, message, steps, world } = await change({
    herder: (herder, one) => ({
      alterConnectorOffsets: async () => ({ message: 'taken' }),
      connectorOffsets: async (name) => (one.connector(name).state === 'STOPPED' ? herder.connectorOffsets(name) : { offsets: [] }),
    }),
  });
  expect(isOk).toBe(false);
  expect(message).toBe(
    '0 of 1 partition hold what was set. Whether the offsets were changed is not known: snk stays STOPPED: look at its offsets, then resume it (u); z puts the old ones back.',
  );
  expect(steps.at(-1)).toBe('resume skipped');
  expect(world.connector('snk').state).toBe('STOPPED');
});

test('one that does not come back is told with what was done', async () => {
  const { isOk, message } = await change({ herder: () => ({ resumeConnector: async () => undefined }) });
  expect(isOk).toBe(false);
  expect(message).toMatch(
    /^offsets of snk changed, but resume of snk failed: it is STOPPED with 0 tasks after 30 s\. Look at its state; u resumes it\.$/,
  );
});

test('a saved point that cannot be written is shown and stops nothing', async () => {
  const { isOk, steps } = await change({ save: () => Promise.reject(new Error('no space left on device')) });
  expect(isOk).toBe(true);
  expect(steps).toEqual(['stop done', 'save failed', 'change done', 'read back done', 'resume done']);
});

test('a part that was changed is told as a part, and can be put back', async () => {
  const other = { partition: { kafka_topic: 't', kafka_partition: 1n }, offset: { kafka_offset: 700n } };
  const { isOk, message, applied, world } = await change({
    herder: (herder, one) => {
      one.connector('snk').offsets.push(other);
      return {
        alterConnectorOffsets: async (name, offsets) => {
          await herder.alterConnectorOffsets(name, offsets.slice(0, 1));
          throw new Error('partition 1 has no leader');
        },
      };
    },
    isAll: true,
  });
  expect(isOk).toBe(false);
  expect(applied).toBe(1);
  expect(message).toBe(
    'partition 1 has no leader; 1 of 2 partitions holds what was set. Only a part of the offsets was changed: snk stays STOPPED: look at its offsets, then resume it (u); z puts the old ones back.',
  );
  expect(world.connector('snk').state).toBe('STOPPED');
});
