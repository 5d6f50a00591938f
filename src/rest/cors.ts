/** Cross-origin calls, only as far as `access.control.allow.origin` and `.methods` say. */
const ALLOWED_HEADERS = 'X-Requested-With,Content-Type,Accept,Origin';
const DEFAULT_METHODS = 'GET,POST,HEAD';
const PREFLIGHT_SECONDS = '1800';

export interface CorsRules {
  readonly origins: readonly string[];
  readonly methods: string;
}

/** `null` when nothing is allowed. */
export function toCorsRules(origins: string, methods: string): CorsRules | null {
  const list = splitList(origins);
  return list.length === 0 ? null : { origins: list, methods: splitList(methods).join(',') || DEFAULT_METHODS };
}

/** Headers for an answer to a page of `origin`; `null` when it may not read it. `*` inside a configured origin stands for any text. */
export function corsHeaders(rules: CorsRules, origin: string, isPreflight: boolean): Readonly<Record<string, string>> | null {
  const allowed = rules.origins.find((rule) => rule === '*' || isMatch(rule, origin));
  if (allowed === undefined) return null;
  return {
    'Access-Control-Allow-Origin': allowed === '*' ? '*' : origin,
    ...(allowed === '*' ? {} : { Vary: 'Origin' }),
    ...(isPreflight
      ? {
          'Access-Control-Allow-Methods': rules.methods,
          'Access-Control-Allow-Headers': ALLOWED_HEADERS,
          'Access-Control-Max-Age': PREFLIGHT_SECONDS,
        }
      : {}),
  };
}

function isMatch(rule: string, origin: string): boolean {
  const pattern = rule.split('*').map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'));
  return new RegExp(`^${pattern.join('[^/]*')}$`, 'i').test(origin);
}

function splitList(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
