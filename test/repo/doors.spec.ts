import path from 'node:path';
import ts from 'typescript';
import { codeFiles, read } from './source-files';

/*
 * Who may write a run, and who may launch one. The compiler holds the doors themselves (`Transition`, `FreshRun`, `LaunchPermit`
 * have one maker each); here is what it cannot see: SQL text, and who stands at the doors.
 */

const STORES = 'libs/persistence/src/postgres/stores';
/** Table → the only files that write it. A launch's and an approval's rows are opened and closed in the run's own commit. */
const WRITERS: Record<string, string[]> = {
  hitl_runs: ['postgres-run.store.ts', 'commit-statement.ts'],
  hitl_step_events: ['postgres-run.store.ts', 'commit-statement.ts'],
  hitl_approvals: ['postgres-approval.store.ts', 'commit-statement.ts'],
  hitl_launches: ['postgres-launch.store.ts', 'commit-statement.ts'],
};
/** Every call of a member of this name, whoever owns it. */
const CALLS: Record<string, string[]> = {
  // The executor's own LaunchOnce has the gate inside; the provider is sent for in one place, with a permit.
  launch: ['apps/executor/src/launch/call-provider.ts: provider.launch', 'apps/executor/src/handlers.ts: launchOnce.launch'],
  commit: ['apps/orchestrator/src/moves/advance-run.ts: runs.commit', 'apps/orchestrator/src/moves/advance-run.ts: this.commit'],
};
/** Classes whose rows TypeORM could write past the stores. */
const ENTITIES = ['RunEntity', 'StepEventEntity', 'ApprovalEntity', 'LaunchEntity'];
const REPOSITORY_WRITES = ['save', 'insert', 'update', 'upsert', 'delete', 'remove', 'increment', 'decrement', 'softDelete'];

const WRITE = /\b(?:INSERT\s+INTO|UPDATE(?!\s+SET)|DELETE\s+FROM|TRUNCATE(?:\s+TABLE)?|MERGE\s+INTO|COPY)\s+(?:ONLY\s+)?"?(?:public\.)?"?(\w+|\u0000)/gi;
/** Stands for `${…}` in a template: a table that only the run decides cannot be judged here. */
const HOLE = '\u0000';

interface Deed {
  file: string;
  what: string;
}

function deedsIn(file: string, text: string): Deed[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
  const deeds: Deed[] = [];
  const visit = (node: ts.Node): void => {
    const words = textOf(node);
    if (words !== null) deeds.push(...[...words.matchAll(WRITE)].map(([, table = '']) => ({ file, what: `write ${table === HOLE ? 'a table named at run time' : table.toLowerCase()}` })));
    const called = nameOf(node);
    if (called !== null) deeds.push({ file, what: called });
    ts.forEachChild(node, visit);
  };
  visit(source);
  return deeds;
}

/** Text of a string or template; null for anything else. */
function textOf(node: ts.Node): string | null {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return null;
  return node.head.text + node.templateSpans.map(({ literal }) => HOLE + literal.text).join('');
}

/** `owner.member` of a member that is called or bound; for entities, of the repository call. */
function nameOf(node: ts.Node): string | null {
  if (!ts.isPropertyAccessExpression(node)) return null;
  const { parent } = node;
  const isBound = ts.isPropertyAccessExpression(parent) && ['bind', 'call', 'apply'].includes(parent.name.text);
  const isUsed = (ts.isCallExpression(parent) && parent.expression === node) || isBound;
  return isUsed ? `${ownerOf(node.expression)}.${node.name.text}` : null;
}

function ownerOf(expression: ts.Expression): string {
  if (ts.isPropertyAccessExpression(expression)) return expression.name.text;
  if (ts.isIdentifier(expression)) return expression.text;
  if (ts.isCallExpression(expression)) return expression.arguments.map((argument) => argument.getText()).join();
  return expression.getText();
}

/** What is against the rules above, as `file: deed`. */
function offences(deeds: Deed[]): string[] {
  return deeds.filter(({ file, what }) => {
    const table = /^write (.*)$/.exec(what)?.[1];
    if (table === 'a table named at run time') return true;
    if (table !== undefined) return Object.hasOwn(WRITERS, table) && !WRITERS[table]?.some((name) => file === `${STORES}/${name}`);
    const [owner = '', member = ''] = what.split('.');
    if (ENTITIES.includes(owner)) return REPOSITORY_WRITES.includes(member);
    return Object.hasOwn(CALLS, member) && !CALLS[member]?.includes(`${file}: ${what}`);
  }).map(({ file, what }) => `${file}: ${what}`);
}

/** What ships, without tests, what tests stand on, and the migrations that made the tables. */
const isProduct = (file: string): boolean =>
  /^(?:apps|libs)\/[^/]+\/src\/.*\.tsx?$/.test(file) && !/spec\.tsx?$|\/testing\/|\/migrations\//.test(file);

const product = codeFiles().filter(isProduct);
const deeds = product.flatMap((file) => deedsIn(file, read(file)));

describe('doors', () => {
  it('are used by nobody but their keepers (invariant 2)', () => {
    expect(offences(deeds)).toEqual([]);
  });

  it.each(Object.entries(CALLS))('%s is called where this test says', (member, calls) => {
    const found = deeds.filter(({ what }) => what.split('.')[1] === member).map(({ file, what }) => `${file}: ${what}`);
    expect([...new Set(found)].sort()).toEqual([...calls].sort());
  });

  it.each(Object.keys(WRITERS))('%s is written where this test says', (table) => {
    const writers = new Set(deeds.filter(({ what }) => what === `write ${table}`).map(({ file }) => path.posix.basename(file)));
    expect(writers.size).toBeGreaterThan(0);
  });

  it.each([
    ['a run written by SQL', 'await pool.query("UPDATE hitl_runs SET status = $1")'],
    ['a run written in capitals and quotes', 'await pool.query(`insert into "hitl_runs" (run_id) values ($1)`)'],
    ['a run deleted', "const sql = `WITH gone AS (DELETE FROM public.hitl_runs RETURNING 1) SELECT 1`"],
    ['a history written', 'pool.query("TRUNCATE TABLE hitl_step_events")'],
    ['an answer written beside its store', 'pool.query("UPDATE hitl_approvals SET status = \'approved\'")'],
    ['a table named at run time', 'pool.query(`UPDATE $' + '{table} SET status = 1`)'],
    ['a run saved by TypeORM', 'await source.getRepository(RunEntity).save(row)'],
    ['a commit from elsewhere', 'await this.runs.commit(transition, [], [])'],
    ['a provider called from elsewhere', 'await provider.launch(request)'],
    ['a provider called under another name', 'await registry.find(name).launch(request)'],
    ['a provider\'s launch handed on', 'const send = this.provider.launch.bind(provider)'],
  ])('would be seen forced by %s', (_what, text) => {
    expect(offences(deedsIn('apps/gateway/src/runs/break-in.ts', text))).toHaveLength(1);
  });

  it('may be looked through', () => {
    const text = 'pool.query("SELECT 1 FROM hitl_runs FOR UPDATE"); source.getRepository(RunEntity).find(); facts.launch.outcome; rows.toString()';
    expect(offences(deedsIn('apps/gateway/src/runs/reader.ts', text))).toEqual([]);
  });
});
