/** `kconsole report`: the incident report on standard output, with an exit code that says whether something is wrong. */
import type { Command } from 'commander';
import { ConnectError, messageOf, UnreachableError } from '../../base/errors.ts';
import { until } from '../../base/until.ts';
import type { HttpHerder } from '../../control/over-http.ts';
import type { Kafka } from '../../kafka/contract.ts';
import { defaultActionLogFile } from '../../store/action-log.ts';
import { NO_ADDRESSES, urlsIn, withoutLogins } from '../../store/addresses.ts';
import { gatherFacts } from '../../store/report/facts.ts';
import { incidentReport } from '../../store/report/incident-report.ts';
import { Session } from '../../store/session.ts';
import { type Answer, DEFAULT_CONNECT_URL, EXIT, type OneShotDeps, runOneShot, type SharedFlags, withBothOptions } from './context.ts';

/** A source that has not answered by then is said to be out of reach. */
const WAIT_MS = 20_000;
const LOOK_MS = 100;

export function registerReport(program: Command, deps: OneShotDeps): void {
  withBothOptions(program.command('report'))
    .description('what is wrong now, as Markdown: incidents, versions, configurations without secrets, traces, last actions')
    .action((_, command: Command) => runOneShot(command, deps, (flags) => report(flags, deps)));
}

async function report(flags: SharedFlags, deps: OneShotDeps): Promise<Answer> {
  const hasKafka = flags.bootstrapServer !== undefined || flags.commandConfig !== undefined;
  const urls = urlsIn(flags.attach ?? (hasKafka ? '' : DEFAULT_CONNECT_URL));
  const herder = urls.length > 0 ? deps.openHerder(urls) : null;
  let kafka: Kafka | null = null;
  try {
    kafka = hasKafka ? await deps.openKafka(flags.bootstrapServer, flags.commandConfig) : null;
    return await reportOn({ herder, kafka, context: flags.attach ?? flags.bootstrapServer ?? DEFAULT_CONNECT_URL }, deps);
  } finally {
    herder?.close();
    await kafka?.close();
  }
}

interface ReportSources {
  readonly herder: HttpHerder | null;
  readonly kafka: Kafka | null;
  readonly context: string;
}

async function reportOn({ herder, kafka, context }: ReportSources, deps: OneShotDeps): Promise<Answer> {
  const session = new Session({
    context: {
      name: withoutLogins(context),
      isReadOnly: true,
      isProtected: false,
      isWorkerEmbedded: false,
      hasConnect: herder !== null,
      hasKafka: kafka !== null,
      addresses: NO_ADDRESSES,
    },
    panes: new Map(),
    actionLogFile: defaultActionLogFile(),
    clock: deps.clock,
  });
  try {
    session.start({ herder, kafka });
    await answered(session, deps);
    session.judge(true);
    const { incidents } = session.current().data;
    const facts = await gatherFacts(session);
    const text = incidentReport(facts);
    return {
      table: text,
      json: { context: facts.context, incidents: facts.incidents, report: text },
      exit: incidents.some((one) => one.rule.startsWith('reach')) ? EXIT.unreachable : incidents.length > 0 ? EXIT.failed : EXIT.healthy,
    };
  } catch (error) {
    throw error instanceof ConnectError ? error : new UnreachableError(messageOf(error), { cause: error });
  } finally {
    session.close();
  }
}

/** Each source has told something, good or bad; of topics that are not whole also how many replicas they must have. */
async function answered(session: Session, { clock }: OneShotDeps): Promise<void> {
  const isOpen = () => {
    const { connect, cluster } = session;
    const isSilent = [connect?.data.reach, cluster?.data.reach].some((reach) => reach && reach.lastOkMs === null && reach.error === null);
    return isSilent || (cluster?.data.reach.error === null && cluster.data.topics.some((topic) => topic.under > 0 && topic.rules === null));
  };
  await until(() => !isOpen(), { clock, forMs: WAIT_MS, everyMs: LOOK_MS });
}
