/** ByteArrayConverter has no settings of its own. */
import { defineSpec } from '../../../spec/define.ts';
import { CONVERTER_TYPE, converterTypeKey } from '../shared/converter-type.ts';

export const spec = defineSpec({ [CONVERTER_TYPE]: converterTypeKey });
