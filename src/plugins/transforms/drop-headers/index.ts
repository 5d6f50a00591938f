import { transformation } from '../shared/record-side.ts';
import { spec } from './spec.ts';
import { DropHeaders } from './transform.ts';

export const dropHeaders = transformation('DropHeaders', spec, (config) => new DropHeaders(spec.parse(config)));
