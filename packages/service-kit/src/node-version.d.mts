/** One sentence for a person when this Node (as in process.versions.node) is too old for Kivi, else null. */
export function nodeTooOld(version: string): string | null
