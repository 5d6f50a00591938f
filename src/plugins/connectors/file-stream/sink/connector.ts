/** Tasks that append to the same file. Source: org.apache.kafka.connect.file.FileStreamSinkConnector. */
import type { Config, Connector, ConnectorContext } from '../../../../plugin-api/plugin.ts';
import { spec } from './spec.ts';

export class FileStreamSinkConnector implements Connector {
  #config: Config = {};

  start(config: Config, context: ConnectorContext): void {
    const { file } = spec.parse(config);
    this.#config = config;
    context.log.info(`Starting file sink connector writing to ${file || 'standard output'}`);
  }

  stop(): void {}

  taskConfigs(maxTasks: number): Config[] {
    return Array.from({ length: maxTasks }, () => this.#config);
  }

  /** Offsets are those of a consumer group: nothing else knows of them. */
  alterOffsets(): boolean {
    return true;
  }
}
