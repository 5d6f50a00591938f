/** `/connectors` and a connector's configuration. */
import { NotFoundError } from '../../base/errors.ts';
import type { Herder } from '../../herder/herder.ts';
import type { TargetState } from '../../herder/model.ts';
import { isObject, kindOf, malformed, readObject, refuseUnknownMembers, toConfigMap, toText } from '../request-body.ts';
import { created, noContent, ok, type Route } from '../route.ts';

type Config = Record<string, string | null>;

const INITIAL_STATES: Readonly<Record<string, TargetState>> = { RUNNING: 'STARTED', PAUSED: 'PAUSED', STOPPED: 'STOPPED' };

export const connectorRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/connectors',
    handle: async ({ query }, herder) => {
      const names = await herder.connectors();
      return ok(query.has('expand') ? await expand(names, query.getAll('expand'), herder) : names);
    },
  },
  {
    method: 'POST',
    path: '/connectors',
    handle: async (request, herder) => {
      const { name, config, initialState } = readCreateRequest(request.body);
      const { info } = await herder.putConnectorConfig(name, config, { allowReplace: false, ...initialState });
      return created(request, name, info);
    },
  },
  { method: 'GET', path: '/connectors/:name', handle: async ({ params }, herder) => ok(await herder.connectorInfo(params.name!)) },
  {
    method: 'DELETE',
    path: '/connectors/:name',
    handle: async ({ params }, herder) => {
      await herder.deleteConnector(params.name!);
      return noContent;
    },
  },
  { method: 'GET', path: '/connectors/:name/config', handle: async ({ params }, herder) => ok(await herder.connectorConfig(params.name!)) },
  {
    method: 'PUT',
    path: '/connectors/:name/config',
    handle: async (request, herder) => {
      const name = request.params.name!;
      const config = toConfigMap(readObject(request.body, 'text'));
      const outcome = await herder.putConnectorConfig(name, config, { allowReplace: true });
      return outcome.created ? created(request, name, outcome.info) : ok(outcome.info);
    },
  },
  {
    method: 'PATCH',
    path: '/connectors/:name/config',
    handle: async ({ params, body }, herder) => ok(await herder.patchConnectorConfig(params.name!, toConfigMap(readObject(body, 'text')))),
  },
];

/** Parts in the order asked for; words that are no part leave an empty object, as on a JVM worker. */
async function expand(names: readonly string[], parts: readonly string[], herder: Herder): Promise<Record<string, unknown>> {
  const readers: Readonly<Record<string, (name: string) => Promise<unknown>>> = {
    status: (name) => herder.connectorStatus(name),
    info: (name) => herder.connectorInfo(name),
  };
  const wanted = [...new Set(parts)].filter((part) => Object.hasOwn(readers, part));
  const rows = await Promise.all(
    names.map(async (name) => {
      try {
        const values = await Promise.all(wanted.map(async (part) => [part, await readers[part]!(name)] as const));
        return [name, Object.fromEntries(values)] as const;
      } catch (error) {
        // Deleted between the two calls: left out.
        if (error instanceof NotFoundError) return null;
        throw error;
      }
    }),
  );
  return Object.fromEntries(rows.filter((row) => row !== null));
}

function readCreateRequest(body: string): { name: string; config: Config; initialState: { initialState?: TargetState } } {
  const request = readObject(body, 'text');
  refuseUnknownMembers(request, ['name', 'config', 'initial_state'], 'the request to create a connector');
  const state = toText(request.initial_state ?? null, 'initial_state');
  const initialState = state === null ? undefined : INITIAL_STATES[state.toUpperCase()];
  if (state !== null && !initialState) throw malformed(`initial_state "${state}" is not known; use RUNNING, PAUSED or STOPPED.`);
  const { config } = request;
  if (!isObject(config))
    throw malformed(`The request must have "config", a JSON object; it is ${config === undefined ? 'missing' : kindOf(config)}.`);
  const name = (toText(request.name ?? null, 'name') ?? '').trim();
  return { name, config: toConfigMap(config), initialState: initialState ? { initialState } : {} };
}
