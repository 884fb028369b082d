/** What a catalog defines, as typed, checked definitions. packages/catalog makes them from YAML and .avsc; see docs/catalog.md. */
export * from './catalog.ts'
export * from './entities.ts'
export * from './events.ts'
export * from './expressions.ts'
export * from './indicators.ts'
export * from './measures.ts'
export * from './text.ts'
