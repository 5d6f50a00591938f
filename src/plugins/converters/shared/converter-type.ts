/** The setting that all converters share; the runtime fills it in. Source: org.apache.kafka.connect.storage.ConverterConfig. */
import { key } from '../../../spec/define.ts';

export const CONVERTER_TYPE = 'converter.type';

export const converterTypeKey = key.choice(['key', 'value', 'header'], {
  importance: 'LOW',
  doc: 'What the converter works on: record keys, record values or headers. Set by the runtime.',
});
