/** A connector's offsets. Whole numbers stay exact both ways. */
import { RestError } from '../../base/errors.ts';
import type { ExactJson } from '../../base/exact-json.ts';
import type { ConnectorOffset } from '../../herder/model.ts';
import { isObject, kindOf, malformed, readObject, refuseUnknownMembers } from '../request-body.ts';
import { ok, type Route } from '../route.ts';

type OffsetPart = NonNullable<ConnectorOffset['offset']>;

export const offsetRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/connectors/:name/offsets',
    handle: async ({ params }, herder) => ok(await herder.connectorOffsets(params.name!)),
  },
  {
    method: 'PATCH',
    path: '/connectors/:name/offsets',
    handle: async ({ params, body }, herder) => ok(await herder.alterConnectorOffsets(params.name!, readOffsets(body))),
  },
  {
    method: 'DELETE',
    path: '/connectors/:name/offsets',
    handle: async ({ params }, herder) => ok(await herder.resetConnectorOffsets(params.name!)),
  },
];

function readOffsets(body: string): ConnectorOffset[] {
  const request = readObject(body, 'bigint');
  refuseUnknownMembers(request, ['offsets'], 'the request to alter offsets');
  const offsets = request.offsets ?? null;
  if (offsets === null || (Array.isArray(offsets) && offsets.length === 0))
    throw new RestError(400, 'Partitions / offsets need to be provided for an alter offsets request');
  if (!Array.isArray(offsets)) throw malformed(`"offsets" must be an array, not ${kindOf(offsets)}.`);
  return offsets.map(readOffset);
}

function readOffset(entry: ExactJson): ConnectorOffset {
  if (!isObject(entry)) throw malformed(`Each of "offsets" must be an object with "partition" and "offset"; one is ${kindOf(entry)}.`);
  refuseUnknownMembers(entry, ['partition', 'offset'], 'an entry of "offsets"');
  return { partition: readPart(entry.partition, 'partition'), offset: readPart(entry.offset, 'offset') };
}

function readPart(value: ExactJson | undefined, what: 'partition' | 'offset'): OffsetPart | null {
  if (value === undefined || value === null) return null;
  if (!isObject(value)) throw malformed(`"${what}" must be an object or null, not ${kindOf(value)}.`);
  return Object.fromEntries(Object.entries(value).map(([field, item]) => [field, toOffsetValue(field, item)]));
}

function toOffsetValue(field: string, value: ExactJson): OffsetPart[string] {
  if (typeof value === 'object' && value !== null)
    throw malformed(
      `Offsets may only contain primitive types as values, but field ${field} contains ${Array.isArray(value) ? 'ARRAY' : 'MAP'}`,
    );
  if (typeof value === 'bigint' && BigInt.asIntN(64, value) !== value)
    throw malformed(`The value ${value} of field ${field} is outside the range of a 64-bit whole number.`);
  return value;
}
