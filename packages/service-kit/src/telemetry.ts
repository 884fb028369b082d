/**
 * Logs and metrics of a process. What can happen is declared once as a named event that carries its log line and
 * its metric, so that the two cannot disagree.
 */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Logger } from './logger.ts'

export interface Telemetry {
  readonly logger: Logger
  readonly registry: Registry
}

/** @param defaults the process's own metrics too (memory, event loop); once per process */
export function createTelemetry(logger: Logger, options: { readonly defaults?: boolean } = {}): Telemetry {
  const registry = new Registry()
  if (options.defaults ?? true) collectDefaultMetrics({ register: registry })
  return { logger, registry }
}

export type EventFields = Readonly<Record<string, unknown>>

export interface EventMetric<F extends EventFields> {
  readonly kind: 'counter' | 'gauge' | 'histogram'
  readonly name: string
  readonly help: string
  /** fields of the event that become labels */
  readonly labels?: readonly (keyof F & string)[]
  /** what is added (counter), set (gauge) or observed (histogram); default 1 */
  readonly value?: (fields: F) => number
  /** upper bounds, of a histogram */
  readonly buckets?: readonly number[]
}

export interface EventDefinition<F extends EventFields> {
  /** null: only measured */
  readonly level: 'debug' | 'info' | 'warn' | 'error' | null
  /** one sentence, or a function of the fields that gives it */
  readonly message: string | ((fields: F) => string)
  readonly metrics?: readonly EventMetric<F>[]
}

/** Declares a named event; the type parameter is what it carries: event<{ rows: number }>({ … }). */
export const event = <F extends EventFields>(definition: EventDefinition<F>): EventDefinition<F> => definition

// biome-ignore lint/suspicious/noExplicitAny: each event has fields of its own
type Definitions = Readonly<Record<string, EventDefinition<any>>>

export type Emitters<D extends Definitions> = {
  readonly [K in keyof D]: D[K] extends EventDefinition<infer F> ? (fields: F) => void : never
}

/** One function per named event; calling it writes the line (with `event: name`) and moves the metrics. */
export function namedEvents<const D extends Definitions>(telemetry: Telemetry, definitions: D): Emitters<D> {
  const emitters: Record<string, (fields: EventFields) => void> = {}
  for (const [name, definition] of Object.entries(definitions)) {
    const meters = (definition.metrics ?? []).map(metric => createMeter(telemetry.registry, metric))
    emitters[name] = fields => {
      for (const meter of meters) meter(fields)
      if (definition.level === null) return
      const text = typeof definition.message === 'function' ? definition.message(fields) : definition.message
      telemetry.logger[definition.level]({ event: name, ...fields }, text)
    }
  }
  return emitters as Emitters<D>
}

function createMeter(registry: Registry, metric: EventMetric<EventFields>): (fields: EventFields) => void {
  const labelNames = metric.labels ?? []
  const options = { name: metric.name, help: metric.help, labelNames: [...labelNames], registers: [registry] }
  const labels = (fields: EventFields) => Object.fromEntries(labelNames.map(label => [label, String(fields[label])]))
  const value = metric.value ?? (() => 1)
  switch (metric.kind) {
    case 'counter': {
      const counter = new Counter(options)
      return fields => counter.inc(labels(fields), value(fields))
    }
    case 'gauge': {
      const gauge = new Gauge(options)
      return fields => gauge.set(labels(fields), value(fields))
    }
    case 'histogram': {
      const histogram = new Histogram({ ...options, ...(metric.buckets ? { buckets: [...metric.buckets] } : {}) })
      return fields => histogram.observe(labels(fields), value(fields))
    }
  }
}
