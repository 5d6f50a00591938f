/** The trace of a task or of the connector, the innermost cause first; frames of the framework come after what was said. */
import { sanitizeLines } from '../../src/base/sanitize.ts';
import { parseTrace, simpleName } from '../../src/store/trace.ts';
import { type Line, span } from '../parts/line.ts';
import type { TextPane } from '../parts/pane.ts';
import { connectorOf } from '../tasks/index.ts';

/** Frames that are nobody's own code. */
const FRAMEWORK = /^at (?:java|javax|jdk|sun|org\.apache\.kafka\.connect\.runtime|node:)/;

export function traceLines(trace: string): Line[] {
  const causes = parseTrace(trace).toReversed();
  return causes.flatMap((cause, i): Line[] => {
    const [first = '', ...more] = sanitizeLines(cause.message);
    const head: Line = [
      span(i === 0 ? '' : 'led to ', 'dim'),
      span(simpleName(cause.className) || 'error', i === 0 ? 'fail' : 'warn'),
      span(cause.className === simpleName(cause.className) ? '' : `  ${cause.className}`, 'dim'),
    ];
    const frames = cause.frames.map((frame): Line => [span(`      ${frame}`, FRAMEWORK.test(frame) ? 'dim' : 'text')]);
    return [head, [span(`   ${first}`, i === 0 ? 'fail' : 'text')], ...more.map((text): Line => [span(`   ${text}`)]), ...frames, []];
  });
}

export const tracePane: TextPane = {
  id: 'trace',
  kind: 'text',
  title: (view) => (view.target.task === undefined ? 'trace' : `task ${view.target.task}`),
  info: ({ data, view }) => {
    const row = connectorOf(data, view);
    const state = view.target.task === undefined ? row?.state : row?.tasks.find((task) => task.id === view.target.task)?.state;
    return [span(state ?? 'gone', 'dim')];
  },
  lines: ({ data, view }) => {
    const row = connectorOf(data, view);
    const task = row?.tasks.find((one) => one.id === view.target.task);
    const trace = view.target.task === undefined ? (row?.trace ?? null) : (task?.trace ?? null);
    if (trace !== null) return traceLines(trace);
    const which = view.target.task === undefined ? 'The connector' : `Task ${view.target.task}`;
    return [[], [span(row ? `${which} has no error; it is ${task?.state ?? row.state}.` : 'It is gone.', 'dim')]];
  },
};
