export * from './overlay.ts'
export * from './weeks.ts'
