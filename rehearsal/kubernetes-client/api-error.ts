/** One field that the API server objected to. */
export interface ErrorCause {
  reason?: string;
  message?: string;
  field?: string;
}

/** An answer of the API server that is not a success, or a request that got no answer (`status` 0). */
export class ApiError extends Error {
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  /** Kubernetes' word for it, e.g. `NotFound`, `AlreadyExists`, `Conflict`, `Invalid`, `Forbidden`. */
  readonly reason: string;
  readonly causes: ErrorCause[];
  /** `GET /api/v1/...` */
  readonly request: string;

  constructor(request: string, status: number, reason: string, message: string, causes: ErrorCause[] = []) {
    super(message);
    this.name = 'ApiError';
    this.request = request;
    this.status = status;
    this.reason = reason;
    this.causes = causes;
  }

  static fromBody(request: string, status: number, body: string): ApiError {
    try {
      const parsed = JSON.parse(body) as { reason?: string; message?: string; details?: { causes?: ErrorCause[] } };
      if (parsed.message) {
        return new ApiError(request, status, parsed.reason ?? '', parsed.message, parsed.details?.causes ?? []);
      }
    } catch {
      // Proxies and the API server's own panics answer in plain text.
    }
    return new ApiError(request, status, '', `${request} answered ${status}: ${body.trim().slice(0, 500)}`);
  }
}

/** The API server serves no such kind: usually a CustomResourceDefinition that is not installed (yet). */
export class UnknownKindError extends Error {
  readonly apiVersion: string;
  readonly kind: string;
  constructor(apiVersion: string, kind: string) {
    super(`the API server serves no kind '${kind}' in '${apiVersion}': is its CustomResourceDefinition installed?`);
    this.name = 'UnknownKindError';
    this.apiVersion = apiVersion;
    this.kind = kind;
  }
}

export const isNotFound = (error: unknown): boolean => error instanceof ApiError && error.status === 404;
export const isConflict = (error: unknown): boolean => error instanceof ApiError && error.reason === 'Conflict';
export const isAlreadyExists = (error: unknown): boolean =>
  error instanceof ApiError && error.reason === 'AlreadyExists';
