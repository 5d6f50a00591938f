/** The one component: a snapshot becomes lines, each line one text. */
import { Box, Text, useApp, useCursor } from 'ink';
import { memo, type ReactElement, useLayoutEffect, useMemo } from 'react';
import { useSnapshot } from '../hooks/use-snapshot.ts';
import { useTerminalModes } from '../hooks/use-terminal-modes.ts';
import type { Session } from '../src/store/session.ts';
import { type FrameParts, renderFrame } from './frame.ts';

/** Rows are keyed by their place: scrolling changes texts, it moves no nodes. */
const Row = memo(({ text }: { readonly text: string }) => <Text wrap="truncate-end">{text}</Text>);

function rows(lines: readonly string[]): ReactElement[] {
  const out: ReactElement[] = [];
  for (const [place, text] of lines.entries()) out.push(<Row key={place} text={text} />);
  return out;
}

export interface AppProps {
  readonly session: Session;
  readonly parts: FrameParts;
  /** Hands the terminal to somebody else while `work` runs. */
  onSuspendable(suspend: (work: () => Promise<void>) => Promise<void>): void;
}

export function App({ session, parts, onSuspendable }: AppProps): ReactElement {
  const snapshot = useSnapshot(session);
  const { suspendTerminal } = useApp();
  const { setCursorPosition } = useCursor();
  useTerminalModes();
  const frame = useMemo(() => renderFrame(snapshot, parts), [snapshot, parts]);
  setCursorPosition(frame.cursor ?? undefined);
  useLayoutEffect(() => session.shown(frame.viewport), [session, frame]);
  useLayoutEffect(() => onSuspendable(async (work) => void (await suspendTerminal(work))), [onSuspendable, suspendTerminal]);
  return (
    <Box flexDirection="column" width={snapshot.size.columns} height={snapshot.size.rows}>
      {rows(frame.lines)}
    </Box>
  );
}
