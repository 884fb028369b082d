// The arrows of the code: services → adapters → domain, and no service imports another (standalone composes them).
const adapters = '^packages/(?!domain/)'
const tests = '[.]test[.]ts$'

export default {
  forbidden: [
    {
      name: 'domain-is-pure',
      comment: 'packages/domain imports nothing but itself: no I/O, no library, no adapter.',
      severity: 'error',
      from: { path: '^packages/domain/src/', pathNot: tests },
      to: { pathNot: '^packages/domain/src/' },
    },
    {
      name: 'adapters-know-no-service',
      comment: 'An adapter is used by services; it never uses one.',
      severity: 'error',
      from: { path: adapters },
      to: { path: '^services/' },
    },
    {
      name: 'services-are-apart',
      comment: 'A service never imports another one; only standalone composes them.',
      severity: 'error',
      from: { path: '^services/(?!standalone/)([^/]+)/' },
      to: { path: '^services/', pathNot: '^services/$1/' },
    },
    {
      name: 'product-without-tests',
      comment: 'The product does not import what is there for tests and for trying only.',
      severity: 'error',
      from: { path: '^(packages|services)/', pathNot: tests },
      to: { path: '^(test|infra)/' },
    },
    {
      name: 'no-circle',
      severity: 'error',
      from: { path: '^(packages|services)/' },
      to: { circular: true, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: { path: '^(packages|services|test|infra)/' },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(node_modules/(?!@kivi)|/dist/)' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['kivi-source', 'import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
    },
  },
}
