/** A JSON value of Google's REST APIs. */
// Bodies of any API pass through here; the rules look at the fields they are about.
// biome-ignore lint/suspicious/noExplicitAny: see above
export type Json = any;
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

const STATUS: Record<number, string> = {
  400: 'INVALID_ARGUMENT',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  409: 'ALREADY_EXISTS',
  412: 'FAILED_PRECONDITION',
};

/** A refusal of Google's, as its REST API words it. */
export class GoogleApiError extends Error {
  readonly code: number;
  readonly reason: string;
  readonly details: Json[];
  constructor(code: number, reason: string, message: string, details: Json[] = []) {
    super(message);
    this.name = 'GoogleApiError';
    this.code = code;
    this.reason = reason;
    this.details = details;
  }

  toBody(): Json {
    return {
      error: {
        code: this.code,
        message: this.message,
        status: STATUS[this.code] ?? 'INVALID_ARGUMENT',
        errors: [{ domain: 'global', reason: this.reason, message: this.message }],
        details: this.details,
      },
    };
  }
}

export const invalid = (message: string): GoogleApiError => new GoogleApiError(400, 'badRequest', message);
export const notFound = (what: string): GoogleApiError =>
  new GoogleApiError(404, 'notFound', `The resource '${what}' was not found`);
export const alreadyExists = (what: string): GoogleApiError =>
  new GoogleApiError(409, 'alreadyExists', `The resource '${what}' already exists`);

/** Names of Compute Engine resources: RFC 1035, at most 63 characters. */
export const RESOURCE_NAME = /^(?:[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?)$/;

export function checkName(field: string, value: unknown, pattern: RegExp = RESOURCE_NAME): void {
  if (typeof value !== 'string' || !pattern.test(value)) {
    throw invalid(`Invalid value for field '${field}': '${value}'. Must be a match of regex '${pattern.source}'`);
  }
}

/** The last step of a link or path: `projects/p/global/networks/n` is `n`. */
export const basename = (link: string): string => link.split('/').filter(Boolean).pop() ?? '';
/** A link without its host and API version: `projects/...`. */
export const relative = (link: string): string => link.replace(/^.*?(projects\/)/, '$1');
