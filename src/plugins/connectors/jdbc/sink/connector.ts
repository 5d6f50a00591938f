/** Tasks that share the topics' partitions, each with a connection of its own. Source: io.confluent.connect.jdbc.JdbcSinkConnector. */
import { type Clock, systemClock } from '../../../../base/clock.ts';
import type { InspectedPart } from '../../../../plugin-api/inspection.ts';
import type { Config, Connector, ConnectorContext } from '../../../../plugin-api/plugin.ts';
import type { ConfigValue } from '../../../../spec/config-def.ts';
import { inspectSink } from './inspect-sink.ts';
import { validateSink } from './validate-sink.ts';

export class JdbcSinkConnector implements Connector {
  readonly #clock: Clock;
  #config: Config = {};

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  start(config: Config, _context: ConnectorContext): void {
    this.#config = config;
  }

  stop(): void {}

  taskConfigs(maxTasks: number): Config[] {
    return Array.from({ length: maxTasks }, () => this.#config);
  }

  validate(config: Config, values: ReadonlyMap<string, ConfigValue>): Promise<void> {
    return validateSink(config, values, this.#clock);
  }

  inspect(config: Config): Promise<readonly InspectedPart[]> {
    return inspectSink(config, this.#clock);
  }
}
