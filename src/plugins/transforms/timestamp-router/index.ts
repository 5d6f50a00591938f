import { transformation } from '../shared/record-side.ts';
import { spec } from './spec.ts';
import { TimestampRouter } from './transform.ts';

export const timestampRouter = transformation('TimestampRouter', spec, (config) => new TimestampRouter(spec.parse(config)));
