/** The trace of a task or of the connector, the innermost cause first; frames of the framework come after what was said. */
import { plural } from '../../src/base/format.ts';
import { sanitizeLines } from '../../src/base/sanitize.ts';
import type { ConnectorRow, TaskRow } from '../../src/store/connect-model.ts';
import { causeKey, parseTrace, simpleName } from '../../src/store/trace.ts';
import { type Line, span } from '../parts/line.ts';
import type { TextPane } from '../parts/pane.ts';
import { connectorOf } from '../tasks/index.ts';

/** Frames that are nobody's own code. */
const FRAMEWORK = /^at (?:java|javax|jdk|sun|org\.apache\.kafka\.connect\.runtime|node:)/;

export function traceLines(trace: string, isUnfolded = true): Line[] {
  const causes = parseTrace(trace).toReversed();
  return causes.flatMap((cause, i): Line[] => {
    const [first = '', ...more] = sanitizeLines(cause.message);
    const head: Line = [
      span(i === 0 ? '' : 'led to ', 'dim'),
      span(simpleName(cause.className) || 'error', i === 0 ? 'fail' : 'warn'),
      span(cause.className === simpleName(cause.className) ? '' : `  ${cause.className}`, 'dim'),
    ];
    const frames = frameLines(cause.frames, isUnfolded);
    return [head, [span(`   ${first}`, i === 0 ? 'fail' : 'text')], ...more.map((text): Line => [span(`   ${text}`)]), ...frames, []];
  });
}

/** Folded, frames that are nobody's own code are one line for as many as there are in a row. */
function frameLines(frames: readonly string[], isUnfolded: boolean): Line[] {
  const lines: Line[] = [];
  let folded = 0;
  const close = () => {
    if (folded > 0) lines.push([span(`      … ${plural(folded, 'frame')} of the framework · ⏎ shows`, 'dim')]);
    folded = 0;
  };
  for (const frame of frames) {
    const isFramework = FRAMEWORK.test(frame);
    if (isFramework && !isUnfolded) {
      folded++;
      continue;
    }
    close();
    lines.push([span(`      ${frame}`, isFramework ? 'dim' : 'text')]);
  }
  close();
  return lines;
}

/** Tasks that have failed by the very same cause: one trace is enough for all of them. */
function alikeText(row: ConnectorRow | null, task: TaskRow | undefined): string {
  if (!row || !task?.trace) return '';
  const key = causeKey(task.trace);
  const ids = row.tasks.filter((one) => one.trace !== null && causeKey(one.trace) === key).map((one) => one.id);
  return ids.length < 2 ? '' : `tasks ${ids.join(', ')}, same cause · `;
}

export const tracePane: TextPane = {
  id: 'trace',
  kind: 'text',
  // Heads of causes; all below them is indented.
  landmark: /^\S/,
  isSearched: true,
  title: (view) => (view.target.task === undefined ? 'trace' : `task ${view.target.task}`),
  info: ({ data, view }) => {
    const row = connectorOf(data, view);
    const task = row?.tasks.find((one) => one.id === view.target.task);
    const state = view.target.task === undefined ? row?.state : task?.state;
    return [span(alikeText(row, task), 'warn'), span(state ?? 'gone', 'dim')];
  },
  lines: ({ data, view }) => {
    const row = connectorOf(data, view);
    const task = row?.tasks.find((one) => one.id === view.target.task);
    const trace = view.target.task === undefined ? (row?.trace ?? null) : (task?.trace ?? null);
    if (trace !== null) return traceLines(trace, view.isUnfolded);
    const which = view.target.task === undefined ? 'The connector' : `Task ${view.target.task}`;
    return [[], [span(row ? `${which} has no error; it is ${task?.state ?? row.state}.` : 'It is gone.', 'dim')]];
  },
};
