import { Agent, type Dispatcher } from 'undici';
import { ApiError } from './api-error.ts';

export interface TransportConfig {
  /** e.g. `https://127.0.0.1:6443` */
  server: string;
  /** Bearer token, or a function that is asked before every request (exec plugins, tokens that expire). */
  token?: string | (() => string | Promise<string>);
  /** Certificate authority that signs the API server, PEM. @default the system's */
  caPem?: string;
  /** Client certificate and key, PEM. @default none */
  certPem?: string;
  keyPem?: string;
  /** Name in the certificate when it differs from the server's address. */
  tlsServerName?: string;
  /** Seconds until a request without an answer fails. @default 60 */
  timeoutSeconds?: number;
}

export interface RequestOptions {
  query?: Record<string, string | number | boolean | undefined>;
  /** Sent as JSON. */
  body?: unknown;
  contentType?: string;
  accept?: string;
  signal?: AbortSignal;
}

const idempotent = new Set(['GET', 'PUT', 'DELETE']);

/** HTTP with keep-alive to one API server. */
export class Transport {
  readonly server: string;
  private readonly config: TransportConfig;
  private readonly agent: Agent;
  /** Watches keep their connection for minutes, so they get an agent without read timeout and do not crowd out requests. */
  private readonly watchAgent: Agent;

  constructor(config: TransportConfig) {
    this.config = config;
    this.server = config.server.replace(/\/+$/, '');
    const connect = {
      ca: config.caPem,
      cert: config.certPem,
      key: config.keyPem,
      servername: config.tlsServerName,
      timeout: 5_000,
    };
    const timeout = (config.timeoutSeconds ?? 60) * 1_000;
    this.agent = new Agent({
      connect,
      connections: 32,
      keepAliveTimeout: 30_000,
      headersTimeout: timeout,
      bodyTimeout: timeout,
    });
    this.watchAgent = new Agent({ connect, headersTimeout: timeout, bodyTimeout: 0 });
  }

  /** The parsed answer; throws ApiError for anything that is not 2xx. */
  async json<T>(method: Dispatcher.HttpMethod, path: string, options: RequestOptions = {}): Promise<T> {
    const text = await this.text(method, path, options);
    return (text === '' ? {} : JSON.parse(text)) as T;
  }

  async text(method: Dispatcher.HttpMethod, path: string, options: RequestOptions = {}): Promise<string> {
    for (let attempt = 1; ; attempt++) {
      const request = `${method} ${path}`;
      try {
        const response = await this.send(this.agent, method, path, options);
        const body = await response.body.text();
        if (response.statusCode < 300) return body;
        if (response.statusCode === 429 && attempt < 5) {
          await new Promise((resolve) => setTimeout(resolve, Number(response.headers['retry-after'] ?? 1) * 1_000));
          continue;
        }
        throw ApiError.fromBody(request, response.statusCode, body);
      } catch (error) {
        if (error instanceof ApiError || options.signal?.aborted) throw error;
        // A kept-alive connection that the server closed just now; anything else fails again.
        if (idempotent.has(method) && attempt === 1) continue;
        throw new ApiError(request, 0, 'Unreachable', `${request}: ${this.server} did not answer: ${reasonOf(error)}`);
      }
    }
  }

  /** The lines of an answer that never ends (a watch). */
  async *lines(path: string, options: RequestOptions): AsyncGenerator<string> {
    const response = await this.send(this.watchAgent, 'GET', path, options);
    if (response.statusCode >= 300) {
      throw ApiError.fromBody(`GET ${path}`, response.statusCode, await response.body.text());
    }
    response.body.setEncoding('utf8');
    let rest = '';
    for await (const chunk of response.body) {
      rest += chunk as string;
      let end = rest.indexOf('\n');
      while (end >= 0) {
        if (end > 0) yield rest.slice(0, end);
        rest = rest.slice(end + 1);
        end = rest.indexOf('\n');
      }
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.agent.destroy(), this.watchAgent.destroy()]);
  }

  private async send(agent: Agent, method: Dispatcher.HttpMethod, path: string, options: RequestOptions) {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(options.query ?? {})) {
      if (value !== undefined) query.set(name, String(value));
    }
    const headers: Record<string, string> = { accept: options.accept ?? 'application/json' };
    const token = typeof this.config.token === 'function' ? await this.config.token() : this.config.token;
    if (token) headers.authorization = `Bearer ${token}`;
    if (options.body !== undefined) headers['content-type'] = options.contentType ?? 'application/json';
    return agent.request({
      origin: this.server,
      path: query.size > 0 ? `${path}?${query}` : path,
      method,
      headers,
      body: options.body === undefined ? undefined : JSON.stringify(options.body),
      signal: options.signal,
    });
  }
}

function reasonOf(error: unknown): string {
  const { message, code, cause } = error as { message?: string; code?: string; cause?: unknown };
  return message || code || (cause ? reasonOf(cause) : String(error));
}
