import { transformation } from '../shared/record-side.ts';
import { spec } from './spec.ts';
import { RegexRouter } from './transform.ts';

export const regexRouter = transformation('RegexRouter', spec, (config) => new RegexRouter(spec.parse(config)));
