import { usePaste, useStdin } from 'ink';
import { useEffect } from 'react';

/** Raw input and marked pastes, as long as the screen is there. Ink sets the modes and puts them back; it hands out no keys. */
export function useTerminalModes(): void {
  const { setRawMode } = useStdin();
  useEffect(() => {
    setRawMode(true);
    return () => setRawMode(false);
  }, [setRawMode]);
  usePaste(ignore);
}

function ignore(): void {}
