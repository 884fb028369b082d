export * from './machine.ts'
export * from './plan.ts'
export * from './position.ts'
