import type { Text } from '@kivi/domain'

/** A text in both languages, so that nobody has to ask whether one is there: the English one stands for the other. */
export const inBoth = ({ en, zh }: Text): { readonly en: string; readonly zh: string } => ({ en, zh: zh ?? en })
