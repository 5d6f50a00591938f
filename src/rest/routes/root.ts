/** `GET /`. `/health` is answered by the server itself, which can do so before there is a herder. */
import { ok, type Route } from '../route.ts';

export const rootRoutes: readonly Route[] = [{ method: 'GET', path: '/', handle: async (_, herder) => ok(await herder.serverInfo()) }];
