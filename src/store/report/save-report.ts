/** One key: the report as a file that only its owner reads, its path said. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { messageOf } from '../../base/errors.ts';
import { inHome } from '../../base/home-path.ts';
import { replaceFile } from '../../base/replace-file.ts';
import type { Session } from '../session.ts';
import { gatherFacts } from './facts.ts';
import { incidentReport } from './incident-report.ts';

/** Beside the action log: `reports/incident-prod-eu-20261123T120431Z.md`. */
function reportFile(session: Session): string {
  const time = new Date(session.clock.wallMs()).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const context = session.context.name.replaceAll(/[^\p{L}\p{N}._-]+/gu, '_').slice(0, 60);
  return path.join(path.dirname(session.actionLog.file), 'reports', `incident-${context}-${time}.md`);
}

/** Never rejects. */
export async function saveReport(session: Session): Promise<void> {
  const file = reportFile(session);
  const startedMs = session.clock.monoMs();
  const log = (result: 'ok' | 'failed', detail: string) =>
    session.actionLog.add(
      {
        action: 'app.report',
        target: session.context.name,
        request: 'incident report',
        before: null,
        result,
        detail,
        durationMs: Math.round(session.clock.monoMs() - startedMs),
      },
      session.clock.wallMs(),
    );
  try {
    const text = incidentReport(await gatherFacts(session));
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    await replaceFile(file, text, 0o600);
    log('ok', file);
    session.flash('info', `report: ${inHome(file)}`);
  } catch (error) {
    log('failed', messageOf(error));
    session.flash('error', `the report ${file} was not written: ${messageOf(error)}`);
  }
}
