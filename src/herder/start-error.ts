import { ConnectError } from '../base/errors.ts';

/** The worker cannot start. Exit codes as the JVM's: 2 it could not be built (configuration, no Kafka), 3 it or a connector failed to start. */
export class StartError extends ConnectError {
  readonly exitCode: 2 | 3;

  constructor(exitCode: 2 | 3, message: string, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}
