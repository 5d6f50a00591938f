/**
 * A program that writes a log, 100 times a second, in a thread of its own: what measures a screen is not held up by it.
 *   new Worker('…/growing-file.ts', { workerData: { file, linesPerSecond } })
 */
import { appendFileSync } from 'node:fs';
import { workerData } from 'node:worker_threads';

const { file, linesPerSecond } = workerData as { readonly file: string; readonly linesPerSecond: number };
const startedMs = performance.now();
let written = 0;

setInterval(() => {
  const due = Math.floor(((performance.now() - startedMs) / 1_000) * linesPerSecond);
  let text = '';
  for (; written < due; written++)
    text += `${String(written).padStart(10, '0')} 10.1.0.1 - - "GET /item/${written % 1000} HTTP/1.1" 200 74706 .\n`;
  if (text !== '') appendFileSync(file, text);
}, 10);
