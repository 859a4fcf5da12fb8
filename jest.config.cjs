// One Jest project per size of test. Sizes are told apart by file name: *.spec.ts is small (pure or in-process),
// *.int-spec.ts is medium (real Postgres/Redis), test/e2e/*.e2e-spec.ts is large (all four services).
const base = {
  rootDir: __dirname,
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['@countersign/source', 'node', 'node-addons', 'require', 'default'] },
  transform: {
    '^.+\\.tsx?$': ['@swc/jest', {
      swcrc: false, sourceMaps: 'inline', module: { type: 'commonjs' },
      jsc: {
        target: 'es2022', keepClassNames: true, parser: { syntax: 'typescript', tsx: false, decorators: true },
        transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
      },
    }],
  },
  modulePathIgnorePatterns: ['<rootDir>/(apps|libs)/[^/]+/dist/'],
};
const servers = {
  globalSetup: '<rootDir>/test/harness/global-setup.mjs',
  globalTeardown: '<rootDir>/test/harness/global-teardown.mjs',
};
module.exports = {
  // For a busy machine. Waits inside a test are shorter and say what they waited for; a hanging stage is ended by tools/test.mjs.
  testTimeout: 120_000,
  projects: [
    { ...base, displayName: 'small', testMatch: ['<rootDir>/{apps,libs}/*/src/**/*.spec.ts', '<rootDir>/test/{repo,chaos}/**/*.spec.ts'] },
    { ...base, ...servers, displayName: 'medium', testMatch: ['<rootDir>/{apps,libs}/*/src/**/*.int-spec.ts'] },
    { ...base, ...servers, displayName: 'large', testMatch: ['<rootDir>/test/e2e/**/*.e2e-spec.ts'] },
    { ...base, ...servers, displayName: 'browser', testMatch: ['<rootDir>/test/browser/**/*.browser-spec.ts'] },
  ],
};
