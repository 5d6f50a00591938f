/** `kconsole groups reset`: where a group is to go on reading. A dry run unless `--execute` is given, as kafka-consumer-groups has it. */
import type { Command } from 'commander';
import { ConnectError } from '../../base/errors.ts';
import { fetchGroup, groupTarget, whyNotChangeable } from '../../store/group-offsets.ts';
import { changeOffsets } from '../../store/offset-change.ts';
import { readOffsetFile } from '../../store/offset-file.ts';
import { type OffsetFacts, type OffsetPlan, parseTime, planOffsets, type Wanted } from '../../store/offset-plan.ts';
import type { OffsetTarget } from '../../store/offset-target.ts';
import { type Answer, confirm, EXIT, type OneShotDeps, runOnKafka, UsageError, withKafkaOptions, yesOption } from './context.ts';
import { formatTable } from './table.ts';

interface ResetFlags {
  readonly toEarliest?: boolean;
  readonly toLatest?: boolean;
  readonly toDatetime?: string;
  readonly shiftBy?: string;
  readonly toOffset?: string;
  readonly fromFile?: string;
  readonly topic?: readonly string[];
  readonly execute?: boolean;
}

export function registerGroupReset(groups: Command, deps: OneShotDeps): void {
  const collect = (value: string, before: readonly string[] = []) => [...before, value];
  withKafkaOptions(groups.command('reset <group>'))
    .description('other offsets for a group that nobody is in; only shown unless --execute is given')
    .option('--to-earliest', 'the first record there is')
    .option('--to-latest', 'the end')
    .option('--to-datetime <time>', 'the first record at or after 2026-11-23T11:00, 11:00, -30m, -2h')
    .option('--shift-by <n>', 'so many records back (-500) or ahead')
    .option('--to-offset <n>', 'one offset, moved into what there is')
    .option('--from-file <file>', 'lines topic,partition,offset, or JSON as `offsets get -o json` gives it')
    .option('--topic <topic[:partitions]>', 'only these, like orders or orders:0,2; may be repeated', collect)
    .option('--dry-run', 'only show what would be done (the default)')
    .option('--execute', 'do it')
    .addOption(yesOption())
    .action((group: string, flags: ResetFlags, command: Command) =>
      runOnKafka(command, deps, async (kafka, shared) => {
        const admin = kafka.admin();
        const description = await fetchGroup(admin, group);
        const refusal = whyNotChangeable(description);
        if (refusal !== null) throw new ConnectError(`${refusal}.`);
        const named = (flags.topic ?? []).map(namedBy);
        const places = await placesIn(named, async (topic) => (await admin.topics([topic]))[0]?.partitions.length ?? 0);
        const target = groupTarget(group, description.groupType === 'share', admin, () => places);
        const plan = await planOf(target, named, flags, deps);
        if (!flags.execute) {
          const hint = 'This is a dry run: nothing was changed. Add --execute to do it.';
          return { table: `${planTable(plan)}\n${hint}\n`, json: { group, isDryRun: true, changes: toJson(plan) }, exit: EXIT.healthy };
        }
        if (!shared.yes && deps.isInteractive) deps.err(planTable(plan));
        await confirm(deps, shared, `change the offsets of group ${group}`, group);
        return execute(target, plan);
      }),
    );
}

interface Named {
  /** As given: `orders`, `orders:0,2`. */
  readonly text: string;
  readonly topic: string;
  /** `null`: all that the topic has. */
  readonly partitions: readonly number[] | null;
}

function namedBy(text: string): Named {
  const [, topic = '', list] = /^(.+?)(?::([\d,]+))?$/.exec(text) ?? [];
  const numbers = list?.split(',').filter((number) => number !== '');
  return { text, topic, partitions: numbers?.map(Number) ?? null };
}

/** Throws UsageError. */
async function placesIn(named: readonly Named[], partitionsOf: (topic: string) => Promise<number>) {
  const places: { topic: string; partition: number }[] = [];
  for (const { text, topic, partitions } of named) {
    const count = await partitionsOf(topic);
    if (count === 0) throw new UsageError(`There is no topic ${topic} (--topic ${text}).`);
    const wanted = partitions ?? Array.from({ length: count }, (_, i) => i);
    const odd = wanted.find((partition) => partition >= count);
    if (odd !== undefined) throw new UsageError(`Topic ${topic} has ${count} partitions, and ${odd} is none of them (--topic ${text}).`);
    places.push(...wanted.map((partition) => ({ topic, partition })));
  }
  return places;
}

async function planOf(target: OffsetTarget, named: readonly Named[], flags: ResetFlags, deps: OneShotDeps): Promise<OffsetPlan> {
  const all = await target.readFacts();
  const isNamed = ({ partition: { kafka_topic, kafka_partition } }: OffsetFacts) =>
    named.some(({ topic, partitions }) => topic === kafka_topic && (partitions?.includes(Number(kafka_partition)) ?? true));
  const facts = named.length === 0 ? all : all.filter(isNamed);
  const plan = planOffsets({ kind: 'group', wanted: await wantedOf(target, flags, facts, deps), facts, isWhole: named.length === 0 });
  if (plan.problem !== null) throw new ConnectError(`Group ${target.name}: ${plan.problem}.`);
  return plan;
}

async function wantedOf(target: OffsetTarget, flags: ResetFlags, facts: readonly OffsetFacts[], deps: OneShotDeps): Promise<Wanted> {
  const given = [flags.toEarliest, flags.toLatest, flags.toDatetime, flags.shiftBy, flags.toOffset, flags.fromFile];
  if (given.filter((one) => one !== undefined).length !== 1)
    throw new UsageError('Give one of --to-earliest, --to-latest, --to-datetime, --shift-by, --to-offset, --from-file.');
  if (flags.toEarliest) return { method: 'earliest' };
  if (flags.toLatest) return { method: 'latest' };
  if (flags.shiftBy !== undefined) return { method: 'shift', by: flags.shiftBy };
  if (flags.fromFile !== undefined) return { method: 'file', offsets: await readOffsetFile(flags.fromFile, target) };
  if (flags.toOffset !== undefined) {
    if (!/^\d{1,19}$/.test(flags.toOffset)) throw new UsageError(`--to-offset ${flags.toOffset} is not an offset, a whole number from 0.`);
    const offset = { kafka_offset: BigInt(flags.toOffset) };
    return { method: 'file', offsets: facts.map(({ partition }) => ({ partition, offset })) };
  }
  const timestampMs = parseTime(flags.toDatetime ?? '', deps.clock.wallMs());
  if (timestampMs === null)
    throw new UsageError(`--to-datetime ${flags.toDatetime} is not a time. Write 2026-11-23T11:00, 11:00, -30m or -2h.`);
  return { method: 'time', byTime: await target.offsetsAt(facts, timestampMs) };
}

async function execute(target: OffsetTarget, plan: OffsetPlan): Promise<Answer> {
  const result = await changeOffsets({
    name: target.name,
    work: target.work(),
    changes: () => plan.changes.map((one) => one.change),
    save: async () => 'told in the answer',
    onSteps: () => undefined,
  });
  if (!result.isOk) throw new ConnectError(result.message);
  const json = { group: target.name, isDryRun: false, message: result.message, before: result.before, changes: toJson(plan) };
  return { table: `${planTable(plan)}\n${result.message}, and read back\n`, json, exit: EXIT.healthy };
}

function planTable({ changes }: OffsetPlan): string {
  return formatTable(
    changes,
    [
      { title: 'PARTITION', cell: (row) => row.label },
      { title: 'NOW', align: 'right', cell: (row) => row.now },
      { title: 'NEW', align: 'right', cell: (row) => row.next },
      { title: 'DELTA', align: 'right', cell: (row) => (row.delta === null ? '?' : `${row.delta > 0n ? '+' : ''}${row.delta}`) },
      { title: '', cell: (row) => row.note ?? '' },
    ],
    'nothing to change',
  );
}

function toJson({ changes }: OffsetPlan) {
  return changes.map(({ label, change, delta, note }) => ({ partition: change.partition, label, offset: change.offset, delta, note }));
}
