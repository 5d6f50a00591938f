/** What workers of a group ask of each other, on main listeners only. Served by a distributed worker; callers prove themselves by a signature, not a password. */

import { RestError } from '../../base/errors.ts';
import type { ExactJson } from '../../base/exact-json.ts';
import type { GroupRequests } from '../../herder/distributed/group-requests.ts';
import { DRAIN_PATH } from '../internal-requests.ts';
import { readSignature } from '../internal-signature.ts';
import { isObject, kindOf, malformed, readJson, readObject, toText } from '../request-body.ts';
import { noContent, type Route } from '../route.ts';

/** Task configurations of one connector come in one request. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;
const MAX_NAME_BYTES = 4 * 1024;

/** `group`: `null` until the worker has started. */
export function internalRoutes(group: () => GroupRequests | null): readonly Route[] {
  const started = (): GroupRequests => {
    const now = group();
    if (!now) throw new RestError(503, 'Worker is still starting up.');
    return now;
  };
  return [
    {
      method: 'POST',
      path: '/connectors/:name/tasks',
      internal: { maxBodyBytes: MAX_BODY_BYTES },
      handle: async ({ params, headers, bytes, body }) => {
        await started().acceptTaskConfigs(params.name!, readTaskConfigs(body), readSignature(headers, bytes));
        return noContent;
      },
    },
    {
      method: 'PUT',
      path: '/connectors/:name/fence',
      internal: { maxBodyBytes: MAX_BODY_BYTES },
      handle: async ({ params, headers, bytes }) => {
        await started().acceptFencing(params.name!, readSignature(headers, bytes));
        return noContent;
      },
    },
    {
      method: 'PUT',
      path: DRAIN_PATH,
      internal: { maxBodyBytes: MAX_NAME_BYTES },
      handle: async ({ headers, bytes, body }) => {
        const workerId = toText(readObject(body, 'text').worker_id ?? null, 'worker_id') ?? '';
        return { status: 202, body: await started().acceptDrain(workerId, readSignature(headers, bytes)) };
      },
    },
  ];
}

function readTaskConfigs(body: string): Record<string, string>[] {
  const configs = readJson(body, 'text');
  if (!Array.isArray(configs))
    throw malformed(`The body of the request must be a JSON array of task configurations, not ${kindOf(configs)}.`);
  return configs.map(readTaskConfig);
}

/** A value of `null` is one that is not set. */
function readTaskConfig(config: ExactJson): Record<string, string> {
  if (!isObject(config)) throw malformed(`Each task configuration must be a JSON object; one is ${kindOf(config)}.`);
  const texts = Object.entries(config).map(([name, value]) => [name, toText(value, name)] as const);
  return Object.fromEntries(texts.filter((entry): entry is readonly [string, string] => entry[1] !== null));
}
