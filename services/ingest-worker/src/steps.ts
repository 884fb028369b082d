/** The named steps of a batch, in order; tests stop and kill a worker at each. */
export const STEPS = ['before-plan', 'after-plan', 'after-insert', 'after-ledger', 'before-commit'] as const
export type StepName = (typeof STEPS)[number]

/** Told at each step; the product does nothing with it. */
export type OnStep = (step: StepName, partition: number) => void
