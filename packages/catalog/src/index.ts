export { canonicalForm, crc64Avro, fingerprint } from './events/fingerprint.ts'
export { columnBindings } from './expression/to-columns.ts'
export { checkCatalog, type Loaded, loadCatalog, loadCatalogFiles } from './load.ts'
export { formatProblem, PROBLEM_CODES, type Problem, type ProblemCode } from './problems.ts'
