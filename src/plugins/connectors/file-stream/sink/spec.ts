/** Settings of the file sink. Source: org.apache.kafka.connect.file.FileStreamSinkConnector. */
import { type ConfOf, defineSpec, key } from '../../../../spec/define.ts';

export const spec = defineSpec({
  file: key.string({
    default: null,
    importance: 'HIGH',
    doc: 'File that gets a line for each record, behind what it holds already. It is created when it is not there. Unset: standard output.',
  }),
});

export type FileSinkConf = ConfOf<typeof spec>;
