/** An nginx access log that grows: combined format, the same lines on every run (seeded), some slow, some broken, some Korean. */
import { appendFileSync, closeSync, openSync, writeSync } from 'node:fs';

const PATHS = [
  '/',
  '/item/17',
  '/item/204',
  '/cart',
  '/login',
  '/search?q=%ED%95%9C%EA%B8%80',
  '/검색/한글',
  '/api/orders',
  '/static/app.js',
  '/favicon.ico',
];
const AGENTS = ['Mozilla/5.0 (X11; Linux x86_64)', 'curl/8.5.0', 'kube-probe/1.31', '모니터링/2.1'];

/** Small deterministic generator (mulberry32): a demo and a failing run can be looked at twice. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export class AccessLog {
  readonly path: string;
  readonly #next = random(17);
  #timer: NodeJS.Timeout | null = null;
  #lines = 0;

  constructor(path: string) {
    this.path = path;
    closeSync(openSync(path, 'a'));
  }

  get lines(): number {
    return this.#lines;
  }

  line(nowMs: number): string {
    const pick = <T>(list: readonly T[]): T => list[Math.floor(this.#next() * list.length)]!;
    const dice = this.#next();
    const status = dice < 0.9 ? 200 : dice < 0.96 ? 404 : dice < 0.99 ? 304 : 502;
    const time = new Date(nowMs).toISOString();
    this.#lines++;
    return `10.1.0.${Math.floor(this.#next() * 250)} - - [${time}] "GET ${pick(PATHS)} HTTP/1.1" ${status} ${Math.floor(this.#next() * 90_000)} "-" "${pick(AGENTS)}" ${(this.#next() / 2).toFixed(3)}\n`;
  }

  /** Writes so many lines at once. */
  write(count: number, nowMs: number): void {
    const file = openSync(this.path, 'a');
    for (let left = count; left > 0; left -= 1000) {
      let text = '';
      for (let i = 0; i < Math.min(left, 1000); i++) text += this.line(nowMs);
      writeSync(file, text);
    }
    closeSync(file);
  }

  /** Goes on growing until `stop`: bursts of lines, `perSecond` on average. */
  grow(perSecond: number): void {
    const everyMs = 50;
    this.#timer = setInterval(() => {
      const count = Math.round(this.#next() * 2 * perSecond * (everyMs / 1000));
      let text = '';
      for (let i = 0; i < count; i++) text += this.line(Date.now());
      if (text) appendFileSync(this.path, text);
    }, everyMs);
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
  }
}
