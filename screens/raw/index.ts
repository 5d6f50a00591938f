/** All facts of one row as JSON or YAML: live, secrets hidden. */
import { escapeUnsafe } from '../../src/base/safe-json.ts';
import type { ConsoleData } from '../../src/store/console-data.ts';
import type { Plain } from '../../src/store/plain.ts';
import type { PaneId, ViewState } from '../../src/store/view.ts';
import { yamlLines } from '../parts/facts.ts';
import { type Line, span } from '../parts/line.ts';
import type { Pane, TextPane } from '../parts/pane.ts';

export type PaneOf = (id: PaneId) => Pane | undefined;

/** Facts of the row that a view is about, as its own table gives them; `null`: it is gone. */
export function factsOf(paneOf: PaneOf, data: ConsoleData, { about }: ViewState): Plain {
  if (about === null || about.row === null) return null;
  const pane = paneOf(about.pane);
  return pane?.kind === 'table' ? pane.table.raw(data, about, about.row) : null;
}

export function rowTitle({ about, target }: ViewState): string {
  const object = target.connector ?? target.topic ?? target.group;
  // A setting is no object of its own, and of the topic it belongs to there is more to say.
  if (about?.pane === 'settings' && about.row !== null) return object === undefined ? about.row : `${about.row} of ${object}`;
  return object ?? about?.row ?? '?';
}

function jsonLines(facts: Plain): Line[] {
  return escapeUnsafe(JSON.stringify(facts, null, 2))
    .split('\n')
    .map((text) => {
      const [, name, rest] = /^(\s*"(?:[^"\\]|\\.)*":)(.*)$/.exec(text) ?? [];
      return name === undefined ? [span(text)] : [span(name, 'accent'), span(rest ?? '')];
    });
}

export function rawPane(paneOf: PaneOf): TextPane {
  return {
    id: 'raw',
    kind: 'text',
    isSearched: true,
    title: (view) => `${view.isYaml ? 'YAML' : 'JSON'} of ${rowTitle(view)}`,
    info: ({ view }) => [span(`secrets are hidden · y ${view.isYaml ? 'JSON' : 'YAML'}`, 'dim')],
    lines: ({ data, view }) => {
      const facts = factsOf(paneOf, data, view);
      if (facts === null) return [[], [span('It is gone.', 'dim')]];
      return view.isYaml ? yamlLines(facts) : jsonLines(facts);
    },
  };
}
