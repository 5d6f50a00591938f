/**
 * Whole frames as text, compared with test/golden/frames. Written anew with KCONSOLE_GOLDEN_UPDATE=1, and then read by a person: a
 * frame is right when one would want it at three in the morning.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { UnreachableError } from '../../../src/base/errors.ts';
import { NO_ADDRESSES } from '../../../src/store/addresses.ts';
import { formWorld, THREE_WORKERS, workerGroupWorld, workersWorld } from '../../helpers/connect-worlds.ts';
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

async function openByWord(rig: ConsoleRig, line: string): Promise<void> {
  rig.press('app.command');
  rig.screen.type(`${line}\r`);
}

async function openAndPass(rig: ConsoleRig, command: string, shows: string, ms: number): Promise<void> {
  rig.press(command);
  await rig.screen.shows(shows);
  await rig.pass(ms);
}

async function openByLine(rig: ConsoleRig, line: string, shows: string | RegExp): Promise<void> {
  rig.press('app.command');
  rig.screen.type(`${line}\r`);
  await rig.screen.shows(shows);
}

async function pressIn(rig: ConsoleRig, line: string, shows: string | RegExp, ...commands: string[]): Promise<void> {
  await openByLine(rig, line, shows);
  rig.press(...commands);
}

/** Views that every table has, views of one line, and some of them without colours and without anything but ASCII. */
const LOOKED_AT: ReadonlyArray<
  readonly [name: string, open: (rig: ConsoleRig) => Promise<void>, shows: string | RegExp, look?: Readonly<Record<string, string>>]
> = [
  ['describe-connector', (rig) => pressIn(rig, 'connectors', 'by health', 'row.describe'), 'about orders-sink'],
  ['describe-topic', (rig) => pressIn(rig, 'topics /orders', '/orders', 'row.describe'), 'about orders'],
  ['describe-broker', (rig) => pressIn(rig, 'brokers', 'KRaft', 'row.describe'), /broker \d/],
  ['raw-json', (rig) => pressIn(rig, 'topics /orders', '/orders', 'row.raw'), 'JSON of orders'],
  ['raw-yaml', (rig) => pressIn(rig, 'topics /orders', '/orders', 'row.raw', 'row.raw'), 'YAML of orders'],
  ['users', (rig) => pressIn(rig, 'topics /orders', '/orders', 'row.users'), 'is read by'],
  ['connectors-wide', (rig) => pressIn(rig, 'connectors', 'by health', 'table.wide', 'move.right'), /‹|WORKER/],
  ['save-menu', (rig) => pressIn(rig, 'connectors', 'by health', 'view.save'), 'NDJSON'],
  ['plugins', (rig) => openByLine(rig, 'plugins', 'plugins'), 'plugins'],
  ['actions', (rig) => openByLine(rig, 'actions', 'action log'), 'action log'],
  ['connectors-mono', (rig) => openByLine(rig, 'connectors', 'by health'), 'by health', { NO_COLOR: '1' }],
  ['connectors-ascii', (rig) => openByLine(rig, 'connectors', 'by health'), 'by health', { LANG: 'C' }],
  ['home-ascii', (rig) => openByLine(rig, 'home', 'worst first'), 'worst first', { LANG: 'C' }],
  ['describe-ascii', (rig) => pressIn(rig, 'connectors', 'by health', 'row.describe'), 'about orders-sink', { LANG: 'C' }],
];

/** Tables of a JDBC source: one is well, one slow, one fails. */
function tablesWorld(): ScriptedWorld {
  const world = troubledWorld();
  const source = world.connectors.find(({ name }) => name === 'mysql-customers')!;
  const told = (table: string, task: number, values: Readonly<Record<string, number | string>>) =>
    Object.entries(values).map(([name, value]) => {
      const tags = { connector: source.name, task: String(task), table: `\`shop\`.\`${table}\`` };
      return { group: 'jdbc-source-table-metrics', tags, name, value };
    });
  const sql = (table: string) =>
    `SELECT * FROM \`shop\`.\`${table}\` WHERE \`shop\`.\`${table}\`.\`modified\` > ? AND \`shop\`.\`${table}\`.\`modified\` < ? ORDER BY \`shop\`.\`${table}\`.\`modified\` ASC`;
  const common = { reading: 0, retries: 0, 'errors-total': 0, parameters: '["2022-01-21 00:44:13","2022-01-23 11:06:54"]' };
  const offset = '{"timestamp_nanos":0,"timestamp":1642725853000}';
  source.samples = [
    ...told('customers', 0, {
      ...common,
      sql: sql('customers'),
      offset,
      'rows-total': 4100,
      'last-reading-rows': 2,
      'last-reading-ms': 3.1,
      'last-reading-age-ms': 1200,
      'lag-ms': 1200,
    }),
    ...told('products', 0, {
      ...common,
      sql: sql('products'),
      offset,
      'rows-total': 1_204_000,
      'last-reading-rows': 0,
      'last-reading-ms': 4210,
      'last-reading-age-ms': 5400,
      'lag-ms': 9600,
      warnings: JSON.stringify([
        'No index begins with `modified`: each poll reads the whole table (about 1204000 rows). CREATE INDEX `modified` ON `shop`.`products` (`modified`);',
        '`modified` has whole seconds (timestamp): a row that is committed after others of its second were read is missed.',
      ]),
    }),
    ...told('orders', 1, {
      ...common,
      sql: sql('orders'),
      offset: '{}',
      'rows-total': 0,
      retries: 3,
      'errors-total': 3,
      'last-error': 'The statement failed: Lock wait timeout exceeded; try restarting transaction (error 1205, SQLState HY000).',
      'last-error-timestamp': Date.UTC(2026, 0, 5, 12, 4, 0),
    }),
  ];
  return world;
}

const AT_THREE = { addresses: { ...NO_ADDRESSES, connect: THREE_WORKERS } };

async function openAndPassLine(rig: ConsoleRig, line: string): Promise<void> {
  await openByWord(rig, line);
  await rig.pass(3_000);
}

async function openForm(rig: ConsoleRig): Promise<void> {
  await openByLine(rig, 'create', 'new');
  await rig.pass(3_000);
  await rig.screen.shows('LinesSourceConnector');
  rig.press('row.open');
  await rig.pass(400);
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
    name: 'what-if',
    world: troubledWorld,
    steps: async (rig) => {
      rig.press('go.brokers');
      await rig.screen.shows('KRaft quorum');
      rig.press('mark.toggle', 'move.down', 'mark.toggle');
      await rig.screen.shows('what if 1 and 2 are lost');
      rig.press('brokers.what-if');
      await rig.screen.shows('not writable then');
      await rig.pass(2_000);
    },
    shows: /THEN[\s\S]*READ-ONLY/,
  },
  {
    name: 'brokers-marked',
    world: troubledWorld,
    sizes: [SMALL],
    steps: async (rig) => {
      rig.press('go.brokers');
      await rig.screen.shows('KRaft quorum');
      rig.press('mark.toggle');
      await rig.pass(2_000);
    },
    shows: 'what if 1 is lost',
  },
  { name: 'quorum', world: troubledWorld, sizes: [SMALL], steps: (rig) => openByWord(rig, 'quorum'), shows: 'CAUGHT UP AGO' },
  {
    name: 'settings',
    world: troubledWorld,
    steps: async (rig) => {
      rig.world!.cluster.set.set('topic orders', new Map([['retention.ms', '3600000']]));
      await openByWord(rig, 'settings orders');
      await rig.pass(2_000);
    },
    shows: '1 set here',
  },
  {
    name: 'reassignments',
    world: troubledWorld,
    steps: async (rig) => {
      rig.world!.cluster.moves = [
        { topic: 'orders', partition: 0, replicas: [1, 2, 3], adding: [3], removing: [1] },
        { topic: 'payments', partition: 2, replicas: [1, 2, 4], adding: [4], removing: [] },
        { topic: 'nginx-accesslog', partition: 5, replicas: [3, 1, 2], adding: [2], removing: [] },
      ];
      const access = rig.world!.topics.find(({ name }) => name === 'nginx-accesslog')!.partitions[5]!;
      [access.replicas, access.isr] = [
        [3, 1],
        [3, 1],
      ];
      rig.world!.cluster.copied = { bytes: 60_000_000n, perLook: 2_400_000n };
      await openByWord(rig, 'reassignments');
      await rig.pass(8_000);
    },
    shows: 'DONE IN',
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
    name: 'tables',
    world: tablesWorld,
    steps: async (rig) => {
      rig.press('app.command');
      rig.screen.type('tables mysql-customers\r');
      await rig.screen.shows('tables of mysql-customers');
      await rig.pass(2_000);
      rig.screen.type('jj');
    },
    shows: '!      No index begins',
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
  { name: 'workers', world: workersWorld, options: AT_THREE, steps: (rig) => openAndPassLine(rig, 'workers'), shows: 'no answer' },
  {
    name: 'workers-group',
    world: workerGroupWorld,
    options: AT_THREE,
    steps: async (rig) => {
      await openAndPassLine(rig, 'workers');
      await rig.screen.shows('draining');
      rig.press('move.down');
    },
    shows: 'if it left',
  },
  {
    name: 'describe-worker',
    world: workerGroupWorld,
    options: AT_THREE,
    steps: async (rig) => {
      await openAndPassLine(rig, 'workers /0.12');
      await rig.screen.shows('unwell');
      rig.press('row.describe');
    },
    shows: 'if it left',
  },
  {
    name: 'worker-drain',
    world: workerGroupWorld,
    options: AT_THREE,
    steps: async (rig) => {
      await openAndPassLine(rig, 'workers /0.11');
      await rig.screen.shows('● up');
      rig.press('worker.drain');
      await rig.screen.shows('drain 10.0.0.11:8083?');
      await rig.pass(250);
    },
    shows: 'y drain',
  },
  {
    name: 'loggers',
    world: workersWorld,
    options: AT_THREE,
    steps: async (rig) => {
      await openAndPassLine(rig, 'loggers');
      await rig.screen.shows('Worker');
      rig.press('move.down', 'logger.level');
      await rig.screen.shows('log level of');
      await rig.pass(250);
      rig.keys('d');
      await rig.screen.shows('requested');
      await rig.pass(8_000);
    },
    shows: /DEBUG +INFO in 4 min/,
  },
  {
    name: 'logger-level',
    world: workersWorld,
    options: AT_THREE,
    sizes: [SMALL],
    steps: async (rig) => {
      await openAndPassLine(rig, 'loggers');
      await rig.screen.shows('Worker');
      rig.press('move.down', 'logger.level');
      await rig.screen.shows('for 5 min');
      await rig.pass(250);
    },
    shows: 'esc no',
  },
  { name: 'form', world: formWorld, steps: openForm, shows: /Missing required|required/ },
  {
    name: 'form-preview',
    world: formWorld,
    steps: async (rig) => {
      await openForm(rig);
      rig.press('form.preview');
      await rig.pass(400);
    },
    shows: 'connector.class',
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
  {
    name: 'connectors-marked',
    world: koreanWorld,
    sizes: [SMALL],
    steps: async (rig) => {
      rig.press('go.connectors');
      await rig.screen.shows('by health');
      rig.press('mark.all', 'move.down', 'mark.toggle', 'app.filter');
      rig.screen.type('주문\r');
    },
    shows: /marked \(\d hidden\)/,
  },
  {
    name: 'bulk-question',
    world: troubledWorld,
    sizes: [SMALL],
    options: { isProtected: true, contextName: 'prod-eu' },
    steps: async (rig) => {
      rig.press('go.connectors');
      await rig.screen.shows('by health');
      rig.press('mark.all', 'connector.stop');
      await rig.screen.shows('stop 6 connectors?');
      await rig.pass(250);
    },
    shows: 'type 6 connectors to stop',
  },
  {
    name: 'bulk',
    world: () => {
      const world = troubledWorld();
      const { pauseConnector } = world.herder;
      world.herder.pauseConnector = async (name) => {
        if (name === 'audit-sink') throw new Error('Request timed out. The worker is currently flushing updates');
        await pauseConnector(name);
      };
      return world;
    },
    steps: async (rig) => {
      rig.press('go.connectors');
      await rig.screen.shows('by health');
      rig.press('mark.all', 'connector.pause');
      await rig.screen.shows('pause 6 connectors?');
      await rig.pass(250);
      await rig.screen.shows('y pause');
      rig.keys('y');
    },
    shows: 'r retries what failed',
  },
  {
    name: 'copy-menu',
    world: koreanWorld,
    sizes: [SMALL],
    steps: async (rig) => {
      rig.press('go.connectors');
      await rig.screen.shows('by health');
      rig.press('app.copy');
    },
    shows: 'to be selected by hand',
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
  ...LOOKED_AT.map(
    ([name, open, shows, look = {}]): Scene => ({
      name,
      world: troubledWorld,
      options: { environment: { TERM: 'xterm-256color', LANG: 'ko_KR.UTF-8', ...look } },
      steps: async (rig) => {
        await open(rig);
        await rig.pass(2_000);
      },
      shows,
    }),
  ),
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
