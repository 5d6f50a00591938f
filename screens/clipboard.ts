/**
 * The terminal's own clipboard (OSC 52): works over ssh, where no other clipboard is near. It is written and never read. tmux and GNU
 * screen hand the sequence on only when it is wrapped for them.
 */
import type { Environment } from '../src/skin/terminal.ts';

/** Encoded; more than this several terminals throw away without a word. */
const MAX_ENCODED = 74_994;
/** GNU screen takes strings up to 256 bytes, its own brackets counted. */
const SCREEN_CHUNK = 240;

/** `null`: too long. */
export function clipboardSequence(text: string, environment: Environment): string | null {
  const encoded = Buffer.from(text, 'utf8').toString('base64');
  if (encoded.length > MAX_ENCODED) return null;
  const plain = `\x1b]52;c;${encoded}\x07`;
  // Both ways: which one tmux takes depends on its settings (set-clipboard, allow-passthrough).
  if (environment.TMUX) return `${plain}\x1bPtmux;${plain.replaceAll('\x1b', '\x1b\x1b')}\x1b\\`;
  if (environment.STY || /^screen/.test(environment.TERM ?? '')) return inChunks(plain);
  return plain;
}

function inChunks(sequence: string): string {
  let out = '';
  for (let at = 0; at < sequence.length; at += SCREEN_CHUNK) out += `\x1bP${sequence.slice(at, at + SCREEN_CHUNK)}\x1b\\`;
  return out;
}
