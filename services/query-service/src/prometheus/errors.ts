/** Prometheus's own kinds of errors, with the status that its API gives them. */
export const ERROR_TYPES = {
  bad_data: 400,
  not_found: 404,
  execution: 422,
  internal: 500,
  unavailable: 503,
} as const

export type ErrorType = keyof typeof ERROR_TYPES

/** Thrown by whatever cannot be answered; leaves as `{"status": "error", "errorType": …, "error": …}`. */
export class PrometheusError extends Error {
  readonly type: ErrorType
  constructor(type: ErrorType, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'PrometheusError'
    this.type = type
  }
}
