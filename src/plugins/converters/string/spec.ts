/** Settings of StringConverter. Source: org.apache.kafka.connect.storage.StringConverterConfig. */
import { type ConfOf, defineSpec, key } from '../../../spec/define.ts';
import { CONVERTER_TYPE, converterTypeKey } from '../shared/converter-type.ts';

export const spec = defineSpec({
  [CONVERTER_TYPE]: converterTypeKey,
  'converter.encoding': key.string({
    default: 'UTF-8',
    importance: 'HIGH',
    width: 'MEDIUM',
    displayName: 'Encoding',
    doc: 'Text encoding of the bytes, by its Java name: UTF-8, UTF-16, ISO-8859-1, US-ASCII, EUC-KR, Shift_JIS, windows-1252 and the like.',
  }),
});

export type StringConf = ConfOf<typeof spec>;
