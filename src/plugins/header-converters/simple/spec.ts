/** SimpleHeaderConverter has no settings. */
import { defineSpec } from '../../../spec/define.ts';

export const spec = defineSpec({});
