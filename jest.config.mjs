/** Tests run the TypeScript sources as they are; types are checked apart (npm run typecheck). */
export default {
  roots: [
    '<rootDir>/environments',
    '<rootDir>/stacks',
    '<rootDir>/constructs',
    '<rootDir>/rehearsal',
    '<rootDir>/scripts',
  ],
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: [],
  moduleFileExtensions: ['ts', 'mjs', 'js', 'json'],
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['plinth-source', 'node', 'node-addons'] },
  transform: {
    '^.+\\.(ts|mjs)$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2023' }, module: { type: 'commonjs' } },
    ],
  },
  modulePathIgnorePatterns: ['/dist/', '/.plinth/', '/rehearsal/tools/go/'],
};
