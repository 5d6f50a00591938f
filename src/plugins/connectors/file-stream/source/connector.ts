/** One task that follows one file. Source: org.apache.kafka.connect.file.FileStreamSourceConnector. */
import type { Config, Connector, ConnectorContext, ExactlyOnceSupport } from '../../../../plugin-api/plugin.ts';
import type { SourceOffset, SourcePartition } from '../../../../plugin-api/records.ts';
import { checkOffsets } from './offsets.ts';
import { spec } from './spec.ts';

export class FileStreamSourceConnector implements Connector {
  #config: Config = {};

  start(config: Config, context: ConnectorContext): void {
    const { file } = spec.parse(config);
    this.#config = config;
    context.log.info(`Starting file source connector reading from ${file || 'standard input'}`);
  }

  stop(): void {}

  taskConfigs(_maxTasks: number): Config[] {
    return [this.#config];
  }

  /** Standard input cannot be read again. */
  exactlyOnceSupport(config: Config): ExactlyOnceSupport {
    return spec.parse(config).file ? 'SUPPORTED' : 'UNSUPPORTED';
  }

  alterOffsets(config: Config, offsets: ReadonlyArray<{ partition: SourcePartition | null; offset: SourceOffset | null }>): boolean {
    checkOffsets(spec.parse(config).file, offsets);
    return true;
  }
}
