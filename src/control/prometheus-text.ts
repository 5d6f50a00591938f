/** Reads Connect's metrics out of Prometheus' text format (version 0.0.4) as `src/rest/metrics.ts` writes it. */
import { parsePrometheusLabel, parsePrometheusName } from '../herder/metric-names.ts';
import type { MetricSample } from '../herder/model.ts';

/** Lines that are not Connect's, or not well formed, are passed over. */
export function parsePrometheusText(text: string): MetricSample[] {
  const samples: MetricSample[] = [];
  for (const line of text.split('\n')) {
    const sample = line === '' || line.startsWith('#') ? null : parseLine(line);
    if (sample) samples.push(sample);
  }
  return samples;
}

/** A number without labels, of the process; `null`: not there. */
export function readGauge(text: string, name: string): number | null {
  const value = new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1];
  return value === undefined ? null : toNumber(value);
}

function parseLine(line: string): MetricSample | null {
  const head = /^([A-Za-z_:][\w:]*)/.exec(line)?.[1];
  const facts = head ? parsePrometheusName(head) : null;
  if (!head || !facts) return null;
  const tags: Record<string, string> = {};
  let rest = line.slice(head.length);
  let word: string | null = null;
  if (rest.startsWith('{')) {
    const labels = parseLabels(rest);
    if (!labels) return null;
    rest = rest.slice(labels.length);
    for (const [label, value] of labels.pairs) {
      if (facts.isWord && label === 'value') word = value;
      else tags[parsePrometheusLabel(label)] = value;
    }
  }
  const value = word ?? toNumber(rest.trim().split(' ')[0] ?? '');
  return value === null ? null : { group: facts.group, tags, name: facts.name, value };
}

/** `{a="b",…}` at the start of `text`; `length` includes the braces. */
function parseLabels(text: string): { pairs: [string, string][]; length: number } | null {
  const pairs: [string, string][] = [];
  const pattern = /([A-Za-z_]\w*)="((?:[^"\\]|\\.)*)"(,?)/y;
  pattern.lastIndex = 1;
  let end = 1;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    pairs.push([match[1]!, match[2]!.replace(/\\(.)/g, (_, c: string) => (c === 'n' ? '\n' : c))]);
    end = pattern.lastIndex;
  }
  return text[end] === '}' ? { pairs, length: end + 1 } : null;
}

function toNumber(text: string): number | null {
  // prom-client writes it as Nan.
  if (text.toLowerCase() === 'nan') return Number.NaN;
  if (text === '+Inf') return Number.POSITIVE_INFINITY;
  if (text === '-Inf') return Number.NEGATIVE_INFINITY;
  const value = Number(text);
  return text === '' || Number.isNaN(value) ? null : value;
}
