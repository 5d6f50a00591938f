/**
 * The parts of kafkajs 2.2.4 that `connection.ts` stands on, and nothing else. kafkajs publishes no types for them;
 * test/unit/kafka/kafkajs-internals.test.ts names each and fails when one is gone.
 */
declare module 'kafkajs/src/network/connection.js' {
  import type { Socket } from 'node:net';
  import type { ConnectionOptions as TlsOptions } from 'node:tls';

  interface KafkaJsLogger {
    namespace(name: string): KafkaJsLogger;
    debug(message: string, extra?: object): void;
    info(message: string, extra?: object): void;
    warn(message: string, extra?: object): void;
    error(message: string, extra?: object): void;
  }

  interface RequestEntry {
    readonly apiKey: number;
    readonly apiName: string;
    readonly apiVersion: number;
    readonly correlationId: number;
    readonly resolve: (reply: { readonly payload: Buffer | null; readonly size: number }) => void;
    readonly reject: (error: Error) => void;
  }

  interface PushedRequest {
    readonly entry: RequestEntry;
    readonly expectResponse: boolean;
    readonly requestTimeout: number | null;
    readonly sendRequest: () => void;
  }

  interface RequestQueue {
    readonly inflight: ReadonlyMap<number, unknown>;
    readonly pending: readonly unknown[];
    /** Wall time. */
    throttledUntil: number;
    push(request: PushedRequest): void;
    fulfillRequest(reply: { readonly correlationId: number; readonly payload: Buffer; readonly size: number }): void;
    maybeThrottle(throttleTimeMs: number): void;
    checkPendingRequests(): void;
    scheduleCheckPendingRequests(): void;
  }

  interface SaslHandler {
    authenticate(): Promise<void>;
  }

  interface SaslContext {
    readonly host: string;
    readonly port: number;
    readonly logger: KafkaJsLogger;
    readonly saslAuthenticate: (exchange: object) => Promise<object>;
  }

  interface SaslConfig {
    readonly mechanism: string;
    readonly username?: string;
    readonly password?: string;
    readonly oauthBearerProvider?: () => Promise<{ readonly value: string }>;
    readonly authenticationProvider?: (context: SaslContext) => SaslHandler;
  }

  class Connection {
    constructor(options: {
      readonly host: string;
      readonly port: number;
      readonly clientId: string;
      readonly logger: KafkaJsLogger;
      readonly socketFactory: (target: {
        readonly host: string;
        readonly port: number;
        readonly ssl: TlsOptions | null;
        readonly onConnect: () => void;
      }) => Socket;
      readonly ssl: TlsOptions | null;
      readonly sasl: SaslConfig | null;
      readonly requestTimeout: number;
      readonly connectionTimeout: number;
      readonly enforceRequestTimeout: boolean;
    });
    readonly requestQueue: RequestQueue;
    readonly socket: Socket | undefined;
    connect(): Promise<boolean>;
    disconnect(): Promise<boolean>;
    authenticate(): Promise<void>;
    isConnected(): boolean;
    isAuthenticated(): boolean;
    /** Milliseconds that the broker grants a login; 0: no limit. */
    readonly sessionLifetime: { toNumber(): number };
    /** Milliseconds before the end of a session at which the login is renewed. */
    reauthenticationThreshold: number;
    setVersions(versions: Readonly<Record<number, { readonly minVersion: number; readonly maxVersion: number }>>): void;
    setSupportAuthenticationProtocol(isSupported: boolean): void;
    nextCorrelationId(): number;
    rejectRequests(error: Error): void;
    processData(chunk: Buffer): void;
  }
  namespace Connection {
    export type { KafkaJsLogger, PushedRequest, SaslConfig, SaslContext, SaslHandler };
  }
  export = Connection;
}

declare module 'kafkajs/src/broker/saslAuthenticator/scram.js' {
  import type { KafkaJsLogger, SaslConfig, SaslContext } from 'kafkajs/src/network/connection.js';

  interface Digest {
    readonly length: number;
    readonly type: string;
    readonly minIterations: number;
  }
  export const DIGESTS: { readonly SHA256: Digest; readonly SHA512: Digest };
  export class SCRAM {
    constructor(
      sasl: SaslConfig,
      host: string,
      port: number,
      logger: KafkaJsLogger,
      saslAuthenticate: SaslContext['saslAuthenticate'],
      digest: Digest,
    );
    authenticate(): Promise<void>;
    firstMessageBare(): string;
  }
}
