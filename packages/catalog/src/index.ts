export { compileExpression } from './expression/compile.ts'
export { ExpressionError } from './expression/syntax.ts'
export { checkCatalog, type Loaded, loadCatalog, loadCatalogFiles } from './load.ts'
export { formatProblem, PROBLEM_CODES, type Problem, type ProblemCode } from './problems.ts'
