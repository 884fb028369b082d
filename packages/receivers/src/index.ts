export { createReceiver } from './create.ts'
export type { ReceiverDependencies } from './dependencies.ts'
