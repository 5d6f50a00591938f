/** The console's calls that another worker must carry out reach it, and errors name it. */
import { expect, test } from 'vitest';
import { createPassingHerder } from '../../../src/cli/passing-herder.ts';
import { NotHereError } from '../../../src/herder/distributed/forwarder.ts';
import type { Herder } from '../../../src/herder/herder.ts';
import { deadUrl, httpFixture } from '../../helpers/http-fixture.ts';

const elsewhere = (url: string | null) =>
  createPassingHerder(
    {
      connectors: async () => ['here'],
      pauseConnector: async () => {
        throw new NotHereError(url, 'Only the leader can make this change.');
      },
    } as unknown as Herder,
    {},
  );

test('a worker that is not there is named; none that is known is said to be that', async () => {
  const url = await deadUrl();
  await expect(elsewhere(url).pauseConnector('orders')).rejects.toThrow(`That worker, ${url}, could not be asked`);
  await expect(elsewhere(null).pauseConnector('orders')).rejects.toMatchObject({ status: 409 });
  expect(await elsewhere(null).connectors()).toEqual(['here']);
});

test('the same call is made there, and its answer and its refusals come back', async () => {
  const leader = await httpFixture((_, response) => response.writeHead(202).end());
  await elsewhere(leader.url).pauseConnector('orders');
  expect(leader.requests).toEqual(['PUT /connectors/orders/pause']);
  const refusing = await httpFixture((_, response) =>
    response.writeHead(404).end('{"error_code":404,"message":"Unknown connector orders"}'),
  );
  await expect(elsewhere(refusing.url).pauseConnector('orders')).rejects.toThrow('Unknown connector orders');
});
