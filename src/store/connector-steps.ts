/** The steps that change a connector's state: pause, resume, stop, restart; each with the way back where there is one. */
import type { Herder } from '../herder/herder.ts';
import type { ConnectorState, TargetState } from '../herder/model.ts';
import type { RestartScope, WantedState } from './connect-model.ts';
import type { Step } from './step.ts';
import type { UndoEntry } from './undo.ts';

export type StateVerb = 'pause' | 'resume' | 'stop';

interface VerbFacts {
  readonly wanted: WantedState & ConnectorState;
  readonly target: TargetState;
  call(herder: Herder, name: string): Promise<void>;
}

const VERBS: Readonly<Record<StateVerb, VerbFacts>> = {
  pause: { wanted: 'PAUSED', target: 'PAUSED', call: (herder, name) => herder.pauseConnector(name) },
  resume: { wanted: 'RUNNING', target: 'STARTED', call: (herder, name) => herder.resumeConnector(name) },
  stop: { wanted: 'STOPPED', target: 'STOPPED', call: (herder, name) => herder.stopConnector(name) },
};

/** What a connector was told to be; FAILED, UNASSIGNED and RESTARTING ones were told to run. */
export function targetOf(state: ConnectorState): TargetState {
  return state === 'PAUSED' || state === 'STOPPED' ? state : 'STARTED';
}

export interface StateContext {
  /** State now, as far as is known. */
  readonly state: ConnectorState | null;
  /** True while a change of this connector was asked for and has not shown in its status. */
  isPending(): boolean;
}

export function pathOf(name: string, rest = ''): string {
  return `/connectors/${encodeURIComponent(name)}${rest}`;
}

export function stateStep(name: string, verb: StateVerb, context: StateContext): Step {
  const { wanted, call } = VERBS[verb];
  return {
    action: `connector.${verb}`,
    connector: name,
    title: `${verb} ${name}`,
    request: `PUT ${pathOf(name, `/${verb}`)}`,
    change: { wanted, restarted: null },
    before: context.state,
    call: async ({ herder }) => {
      await call(herder, name);
      return {
        after: `${wanted} asked for`,
        undo: context.state === null ? null : undoOfState(name, verb, context.state, context, herder),
      };
    },
  };
}

function undoOfState(name: string, verb: StateVerb, before: ConnectorState, context: StateContext, herder: Herder): UndoEntry | null {
  const { target } = VERBS[verb];
  const was = targetOf(before);
  if (was === target) return null;
  const back: StateVerb = was === 'PAUSED' ? 'pause' : was === 'STOPPED' ? 'stop' : 'resume';
  return {
    title: `${back} ${name}`,
    target: name,
    refusal: async () => {
      const { state } = (await herder.connectorStatus(name)).connector;
      // Our own change may not have come to the status yet: then what was before is no change of somebody else.
      if (targetOf(state) === target || (targetOf(state) === was && context.isPending())) return null;
      return `${name} is ${state} now; the ${verb} is not what holds any more`;
    },
    run: (undoBy) => undoBy(stateStep(name, back, { ...context, state: null })),
  };
}

export function restartStep(name: string, scope: RestartScope, before: string | null): Step {
  const base = { action: 'connector.restart', connector: name, before, change: { wanted: 'RESTARTED', restarted: scope } as const };
  const done = { after: null, undo: null };
  if (typeof scope === 'number')
    return {
      ...base,
      title: `restart task ${scope} of ${name}`,
      request: `POST ${pathOf(name, `/tasks/${scope}/restart`)}`,
      call: async ({ herder }) => {
        await herder.restartTask(name, scope);
        return done;
      },
    };
  if (scope === 'connector')
    return {
      ...base,
      title: `restart ${name}`,
      request: `POST ${pathOf(name, '/restart')}`,
      call: async ({ herder }) => {
        await herder.restartConnector(name);
        return done;
      },
    };
  const onlyFailed = scope === 'failed';
  return {
    ...base,
    title: onlyFailed ? `restart what failed of ${name}` : `restart ${name} and all its tasks`,
    request: `POST ${pathOf(name, `/restart?includeTasks=true&onlyFailed=${onlyFailed}`)}`,
    call: async ({ herder }) => {
      await herder.restartConnectorAndTasks(name, { includeTasks: true, onlyFailed });
      return done;
    },
  };
}

/** For refusals that must be sure: true when there is no such connector. */
export async function isGone(herder: Herder, name: string): Promise<boolean> {
  return !(await herder.connectors()).includes(name);
}
