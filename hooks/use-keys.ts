import { useInput, usePaste } from 'ink';
import { useEffect, useMemo } from 'react';
import type { Dispatcher } from '../src/keymap/dispatcher.ts';
import { EscapeGuard } from './escape-guard.ts';
import { keyNames } from './key-names.ts';

/** The only listener to the keyboard. Pastes come apart from keys and never act as such. */
export function useKeys(dispatcher: Dispatcher): void {
  const guard = useMemo(() => new EscapeGuard((keys) => dispatcher.press(keys)), [dispatcher]);
  useEffect(() => () => guard.close(), [guard]);
  useInput((input, key) => {
    const keys = keyNames(input, key);
    if (keys.length > 1 && !keys.includes('esc')) dispatcher.press(keys);
    else guard.feed(keys);
  });
  usePaste((text) => dispatcher.paste(text));
}
