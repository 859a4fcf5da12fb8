import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

/*
 * The rules of the house that a machine can hold. `npm run lint` runs them per project through nx; the layers below need
 * nx's project graph and are skipped in silence without one, which is why `npm test` plants forbidden imports first.
 */

const LAYERS = {
  'layer:core': ['layer:core'],
  'layer:contract': ['layer:core', 'layer:contract'],
  'layer:adapter': ['layer:core', 'layer:contract', 'layer:kit'],
  'layer:kit': ['layer:kit'],
  'layer:app': ['layer:core', 'layer:contract', 'layer:adapter', 'layer:kit'],
  'layer:test': ['*'],
};

const SPECS = ['**/*.spec.ts', '**/*.int-spec.ts', '**/*.e2e-spec.ts', '**/*.browser-spec.ts'];
const MAX_PARAMS = 4;
const MAX_CONSTRUCTOR_DEPS = 5;

const forbid = (selector, message) => ({ selector, message });
const EVERYWHERE = [
  forbid('TSEnumDeclaration', 'Use a union of strings.'),
  ...['FunctionDeclaration', 'ArrowFunctionExpression', "MethodDefinition[kind!='constructor'] > FunctionExpression", 'TSEmptyBodyFunctionExpression', 'Property > FunctionExpression']
    .map((node) => forbid(`${node}[params.length>${MAX_PARAMS}]`, `At most ${MAX_PARAMS} parameters: hand over an object.`)),
  forbid(`MethodDefinition[kind='constructor'] > FunctionExpression[params.length>${MAX_CONSTRUCTOR_DEPS}]`, `At most ${MAX_CONSTRUCTOR_DEPS} dependencies: this class does two things.`),
];
const ENV = forbid("MemberExpression[object.name='process'][property.name='env']", 'Declare the variable in an env class (libs/service-kit) and take it from there.');
const PURE = [
  forbid("CallExpression[callee.object.name='Date'][callee.property.name='now']", 'The core has no clock: take the instant as an argument.'),
  forbid("NewExpression[callee.name='Date'][arguments.length=0]", 'The core has no clock: take the instant as an argument.'),
  forbid("CallExpression[callee.object.name='Math'][callee.property.name='random']", 'The core throws no dice: take the value as an argument.'),
];
const ALL_TESTS_RUN = [
  forbid("MemberExpression[object.name=/^(describe|it|test)$/][property.name=/^(only|skip|todo|failing)$/]", 'Every test runs, always.'),
  forbid('CallExpression[callee.name=/^(fit|fdescribe|xit|xdescribe|xtest)$/]', 'Every test runs, always.'),
];

const bullmq = {
  name: 'bullmq', importNames: ['Queue', 'Worker', 'QueueEvents', 'FlowProducer', 'JobScheduler'],
  message: 'Queues and workers are made in libs/queues only.',
};
/** nx sees no project behind a package that exports nothing, so its own rule would let this pass. */
const apps = { regex: '^@countersign/(gateway|orchestrator|executor|notifier|inbox)(/|$)', message: 'An app is imported by nobody: what two apps need is a lib.' };
const imports = (regex, message) => ['error', { paths: [bullmq], patterns: [{ regex, message }] }];

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '.nx/**', '.data/**', '**/coverage/**', '**/test-results/**'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.{ts,tsx,mjs,cjs}'],
    extends: [tseslint.configs.recommended],
    rules: {
      'max-lines': ['error', { max: 400 }],
      'no-restricted-syntax': ['error', ...EVERYWHERE],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'none', ignoreRestSiblings: true }],
      // Decorator metadata needs the class at run time, which a type import takes away.
      '@typescript-eslint/consistent-type-imports': 'off',
      // Nest modules are classes with a decorator and nothing else.
      '@typescript-eslint/no-extraneous-class': 'off',
      eqeqeq: ['error', 'always'],
      'no-debugger': 'error',
      'no-self-compare': 'error',
      'no-unreachable-loop': 'error',
      'no-template-curly-in-string': 'error',
      'prefer-object-has-own': 'error',
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx', 'hack'], location: 'start' }],
    },
  },
  {
    files: ['{apps,libs}/**/*.{ts,tsx}', 'test/**/*.ts'],
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': ['error', {
        enforceBuildableLibDependency: true,
        allow: [],
        depConstraints: Object.entries(LAYERS).map(([sourceTag, onlyDependOnLibsWithTags]) => ({ sourceTag, onlyDependOnLibsWithTags })),
      }],
    },
  },
  {
    files: ['{apps,libs}/**/*.{ts,tsx}'],
    rules: {
      'no-console': 'error',
      'no-restricted-syntax': ['error', ...EVERYWHERE, ENV, ...ALL_TESTS_RUN],
      'no-restricted-imports': ['error', { paths: [bullmq], patterns: [apps] }],
    },
  },
  { files: ['libs/queues/**/*.ts'], rules: { 'no-restricted-imports': ['error', { patterns: [apps] }] } },
  { files: ['libs/service-kit/src/env/**/*.ts'], rules: { 'no-restricted-syntax': ['error', ...EVERYWHERE, ...ALL_TESTS_RUN] } },
  { files: ['libs/core/src/**/*.ts'], ignores: SPECS, rules: { 'no-restricted-imports': imports('^[^.]', 'The core knows no package and no Node module.') } },
  {
    files: ['libs/validator/src/**/*.ts'], ignores: [...SPECS, 'libs/validator/src/testing/**'],
    rules: { 'no-restricted-imports': imports('^(?!ajv$|ajv/|ajv-formats$|@countersign/core)[^.]', 'The validator is pure: the core and ajv, nothing else.') },
  },
  {
    files: ['libs/{core,validator}/src/**/*.ts'], ignores: [...SPECS, 'libs/core/src/testing/**'],
    rules: { 'no-restricted-syntax': ['error', ...EVERYWHERE, ENV, ...PURE] },
  },
  { files: ['test/**/*.ts'], rules: { 'no-restricted-syntax': ['error', ...EVERYWHERE, ...ALL_TESTS_RUN] } },
  // What must not compile is written with expressions that do nothing.
  { files: ['test/types/**/*.ts'], rules: { '@typescript-eslint/no-unused-expressions': 'off', '@typescript-eslint/no-unused-vars': 'off' } },
  { files: ['**/*.cjs'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
);
