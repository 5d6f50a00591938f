/**
 * Whole frames as text, compared with test/golden/frames. Written anew with KCONSOLE_GOLDEN_UPDATE=1, and then read by a person: a
 * frame is right when one would want it at three in the morning.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { UnreachableError } from '../../../src/base/errors.ts';
import { type ConsoleRig, startConsole } from '../../helpers/console-rig.ts';
import { ScriptedWorld } from '../../helpers/scripted-world.ts';
import { deadLetterWorld, koreanWorld, troubledWorld } from '../../helpers/worlds.ts';

const FOLDER = path.resolve(import.meta.dirname, '../../golden/frames');
const SMALL = [80, 24] as const;
const LARGE = [160, 50] as const;

interface Scene {
  readonly name: string;
  readonly world: () => ScriptedWorld;
  readonly sizes?: ReadonlyArray<readonly [number, number]>;
  readonly options?: Parameters<typeof startConsole>[1];
  /** After the sources were asked six times. Ends when the screen shows what the frame is about. */
  readonly steps?: (rig: ConsoleRig) => Promise<unknown>;
  readonly shows: string | RegExp;
}

const quietWorld = () => {
  const world = troubledWorld();
  world.connectors = world.connectors.filter((one) => one.name !== 'orders-sink');
  for (const { partitions } of world.topics) for (const one of partitions) one.isr = [...one.replicas];
  return world;
};

const brokenWorld = () => {
  const world = troubledWorld();
  world.brokers = [1, 2];
  for (const { partitions } of world.topics) for (const one of partitions) one.isr = one.replicas.filter((id) => id !== 3);
  for (const { name, partitions } of world.topics)
    for (const one of partitions) if (one.leader === 3) one.leader = name === 'payments' ? -1 : one.isr[0]!;
  return world;
};

async function openLetters(rig: ConsoleRig, name: string, shows: string | RegExp): Promise<void> {
  rig.press('app.command');
  rig.screen.type(`dlq ${name}\r`);
  await rig.screen.shows(shows);
}

async function openAndPass(rig: ConsoleRig, command: string, shows: string, ms: number): Promise<void> {
  rig.press(command);
  await rig.screen.shows(shows);
  await rig.pass(ms);
}

const SCENES: readonly Scene[] = [
  { name: 'home-well', world: quietWorld, shows: 'all is well' },
  { name: 'home-trouble', world: troubledWorld, shows: '2 of 2' },
  { name: 'home-broker-down', world: brokenWorld, shows: 'DOWN' },
  { name: 'home-korean', world: koreanWorld, shows: '주문-싱크' },
  { name: 'home-nothing', world: () => new ScriptedWorld(), options: { herder: null, kafka: null }, sizes: [SMALL], shows: 'Neither' },
  { name: 'connectors', world: troubledWorld, steps: async (rig) => rig.press('go.connectors'), shows: 'by health' },
  { name: 'connectors-korean', world: koreanWorld, steps: async (rig) => rig.press('go.connectors'), shows: 'by health' },
  {
    name: 'connectors-filter',
    world: troubledWorld,
    sizes: [SMALL],
    steps: async (rig) => {
      rig.press('go.connectors');
      await rig.screen.shows('by health');
      rig.press('app.filter');
      rig.screen.type('~acsrc');
    },
    shows: '/~acsrc',
  },
  {
    name: 'command-completion',
    world: troubledWorld,
    sizes: [SMALL],
    steps: async (rig) => {
      rig.press('app.command');
      rig.screen.type('tail ng');
    },
    shows: 'tail nginx-accesslog',
  },
  {
    name: 'tasks',
    world: troubledWorld,
    steps: async (rig) => {
      rig.press('go.connectors');
      await rig.screen.shows('by health');
      rig.press('row.open');
    },
    shows: 'BATCH',
    sizes: [LARGE],
  },
  {
    name: 'tasks-small',
    world: troubledWorld,
    sizes: [SMALL],
    steps: async (rig) => {
      rig.press('go.connectors');
      await rig.screen.shows('by health');
      rig.press('row.open');
    },
    shows: '⏎ the whole trace',
  },
  {
    name: 'trace',
    world: troubledWorld,
    sizes: [SMALL],
    steps: async (rig) => {
      rig.press('go.connectors');
      await rig.screen.shows('by health');
      rig.press('row.open');
      await rig.screen.shows('⏎ the whole trace');
      rig.press('row.open');
    },
    shows: 'led to',
  },
  {
    name: 'config',
    world: troubledWorld,
    sizes: [SMALL],
    steps: async (rig) => {
      rig.press('go.connectors');
      await rig.screen.shows('by health');
      rig.press('connector.config');
    },
    shows: '[hidden]',
  },
  {
    name: 'offsets',
    world: troubledWorld,
    sizes: [SMALL],
    steps: async (rig) => {
      rig.press('app.command');
      rig.screen.type('offsets audit-sink\r');
      await rig.screen.shows('offsets of audit-sink');
      await rig.pass(2_000);
    },
    shows: 'audit p0',
  },
  {
    name: 'offset-wizard-preview',
    world: troubledWorld,
    sizes: [SMALL],
    steps: async (rig) => {
      rig.press('app.command');
      rig.screen.type('reset audit-sink\r');
      await rig.screen.shows('the first record there is');
      await rig.pass(250);
      await rig.screen.shows('esc no');
      rig.keys('e');
    },
    shows: 're-reads ≈',
  },
  {
    name: 'topics',
    world: troubledWorld,
    steps: (rig) => openAndPass(rig, 'go.topics', 'PARTS', 8_000),
    shows: /payments.*UNDER.*kB|payments.*UNDER.*MB/,
  },
  {
    name: 'partitions',
    world: troubledWorld,
    sizes: [SMALL],
    steps: async (rig) => {
      rig.press('app.command');
      rig.screen.type('topic payments\r');
      await rig.screen.shows('REPLICAS');
      await rig.pass(4_000);
    },
    shows: '12 000',
  },
  { name: 'brokers', world: brokenWorld, steps: async (rig) => rig.press('go.brokers'), shows: 'KRaft quorum' },
  {
    name: 'groups',
    world: troubledWorld,
    steps: (rig) => openAndPass(rig, 'go.groups', 'groups', 12_000),
    shows: /orders-sink.*88 000/,
  },
  {
    name: 'group',
    world: troubledWorld,
    sizes: [SMALL],
    steps: async (rig) => {
      rig.press('go.groups');
      await rig.screen.shows('groups');
      await rig.pass(12_000);
      await rig.screen.shows('connect-orders-sink');
      rig.press('row.open');
    },
    shows: 'COMMITTED',
  },
  {
    name: 'tail',
    world: troubledWorld,
    steps: async (rig) => {
      rig.press('app.command');
      rig.screen.type('tail nginx-accesslog from=begin\r');
    },
    shows: 'GET /cart',
  },
  {
    name: 'tail-korean',
    world: koreanWorld,
    steps: async (rig) => {
      rig.press('app.command');
      rig.screen.type('tail 접속기록\r');
    },
    shows: '세번째 메시지',
  },
  {
    name: 'record',
    world: troubledWorld,
    sizes: [SMALL],
    steps: async (rig) => {
      rig.press('app.command');
      rig.screen.type('tail nginx-accesslog\r');
      await rig.screen.shows('GET /cart');
      rig.press('move.up', 'move.up', 'move.up');
      await rig.screen.shows('▸');
      rig.press('row.open');
    },
    shows: 'partition 0',
  },
  {
    name: 'log',
    world: troubledWorld,
    sizes: [SMALL],
    steps: (rig) => openAndPass(rig, 'go.log', 'worker log', 1_000),
    shows: 'uncaught exception',
  },
  { name: 'help', world: troubledWorld, steps: async (rig) => rig.press('app.help'), shows: 'Here: home' },
  {
    name: 'delete',
    world: troubledWorld,
    sizes: [SMALL],
    steps: async (rig) => {
      rig.press('go.connectors');
      await rig.screen.shows('by health');
      rig.press('connector.delete');
      await rig.screen.shows('Its config and its tasks go');
      await rig.pass(250);
      await rig.screen.shows('esc no');
      rig.screen.type('orders');
    },
    shows: 'delete it: orders',
  },
  {
    name: 'restart-menu',
    world: troubledWorld,
    sizes: [SMALL],
    steps: async (rig) => {
      rig.press('go.connectors');
      await rig.screen.shows('by health');
      rig.press('connector.restart');
      await rig.screen.shows('what failed');
      await rig.pass(250);
    },
    shows: /f c a|f t c a/,
  },
  { name: 'connectors-dlq', world: deadLetterWorld, steps: async (rig) => rig.press('go.connectors'), shows: 'DLQ/S' },
  {
    name: 'connectors-dlq-no-metrics',
    world: () => Object.assign(deadLetterWorld(), { hasMetrics: false }),
    sizes: [SMALL],
    steps: async (rig) => {
      rig.press('go.connectors');
      await rig.screen.shows('by health');
      rig.press('app.filter');
      rig.screen.type('orders-sink\r');
    },
    shows: 'no metrics here',
  },
  {
    name: 'tasks-dlq',
    world: deadLetterWorld,
    sizes: [SMALL],
    steps: async (rig) => {
      rig.press('app.command');
      rig.screen.type('tasks orders-sink\r');
    },
    shows: 'not taken 0',
  },
  { name: 'dlq', world: deadLetterWorld, steps: (rig) => openLetters(rig, 'orders-sink', /REASON/), shows: 'orders-3@1204' },
  { name: 'dlq-korean', world: deadLetterWorld, steps: (rig) => openLetters(rig, '주문-싱크', /REASON/), shows: '고객-17' },
  {
    name: 'dlq-no-headers',
    world: deadLetterWorld,
    sizes: [SMALL],
    steps: (rig) => openLetters(rig, 'plain-sink', /REASON/),
    shows: 'context.headers.enable=true',
  },
  {
    name: 'dlq-missing',
    world: deadLetterWorld,
    sizes: [SMALL],
    steps: (rig) => openLetters(rig, 'new-sink', 'does not exist'),
    shows: 'missing-dlq',
  },
  {
    name: 'dlq-none',
    world: deadLetterWorld,
    sizes: [SMALL],
    steps: (rig) => openLetters(rig, 'bare-sink', 'has no'),
    shows: 'has no dead-letter queue',
  },
  {
    name: 'dlq-source',
    world: deadLetterWorld,
    sizes: [SMALL],
    steps: (rig) => openLetters(rig, 'lines-source', 'is a source'),
    shows: 'sinks only',
  },
  {
    name: 'dead-letter',
    world: deadLetterWorld,
    steps: async (rig) => {
      await openLetters(rig, 'orders-sink', 'orders-3@1204');
      rig.press('move.top', 'row.open');
    },
    shows: 'JsonParseException',
  },
  {
    name: 'redrive',
    world: deadLetterWorld,
    steps: async (rig) => {
      await openLetters(rig, 'orders-sink', 'orders-3@1204');
      rig.press('dlq.redrive');
      await rig.screen.shows('no header that tells');
      await rig.pass(250);
      await rig.screen.shows('esc no');
      rig.keys('enter');
      await rig.screen.shows('would be written');
      rig.screen.type('orders');
    },
    shows: 'write them: orders',
  },
  {
    name: 'unreachable',
    world: troubledWorld,
    sizes: [SMALL],
    steps: async (rig) => {
      rig.press('go.connectors');
      await rig.screen.shows('by health');
      const { world } = rig;
      if (!world) return;
      world.herderError = new UnreachableError('http://10.0.0.11:8083: connection refused');
      world.kafkaError = new Error('10.0.0.1:9092: connection refused');
      await rig.pass(14_000);
    },
    shows: /Connect unreachable.*age 1[0-9] s/,
  },
];

for (const scene of SCENES) {
  for (const size of scene.sizes ?? [SMALL, LARGE]) {
    const name = `${scene.name}.${size.join('x')}`;
    test(name, async () => {
      await using rig = startConsole(scene.world(), { ...scene.options, size });
      for (let i = 0; i < 6; i++) await rig.pass(1_500);
      await scene.steps?.(rig);
      await rig.screen.shows(scene.shows);
      await rig.pass(0);
      const frame = `${await rig.screen.settled()}\n`;
      const file = path.join(FOLDER, `${name}.txt`);
      if (process.env.KCONSOLE_GOLDEN_UPDATE) {
        mkdirSync(FOLDER, { recursive: true });
        writeFileSync(file, frame);
      }
      expect(frame).toBe(readFileSync(file, 'utf8'));
    });
  }
}
